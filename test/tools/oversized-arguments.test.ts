import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { isAppError } from '../../src/errors.ts';
import { readArguments } from '../../src/tools/arguments/read-arguments.ts';
import { inputSchema } from '../../src/tools/arguments/shown-schema.ts';
import { catalogue } from '../../src/tools/catalogue.ts';
import type { Tool } from '../../src/tools/define.ts';
import { isContents, isPathList, isVerbatim, kindOf } from '../../src/tools/parameters.ts';
import { oneCallEach } from '../faults/cases.ts';
import { cpuTime } from '../support/cpu-time.ts';

type Arguments = Readonly<Record<string, unknown>>;

const { signal } = new AbortController();
const editFile = toolOf('edit_file');

function toolOf(name: string): Tool {
  const tool = catalogue.find((one) => one.name === name);
  if (!tool) throw new Error(`there is no tool ${name}`);
  return tool;
}

/** What is said of the arguments, and the milliseconds of processor time until then. */
async function reading(tool: Tool, given: unknown): Promise<{ said: string; ms: number }> {
  const started = cpuTime();
  const error: unknown = await readArguments(tool, given, async () => '/linked', signal).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const ms = cpuTime() - started;
  if (error === undefined) return { said: '', ms };
  if (!isAppError(error, 'invalid_input')) throw error;
  return { said: `${error.message}. ${error.hint ?? ''}`, ms };
}

const many = (count: number, item: unknown): unknown[] => Array.from({ length: count }, () => item);

const large: readonly (readonly [name: string, make: () => unknown])[] = [
  ['letters', () => 'x'.repeat(1_000_000)],
  ['spaces before a letter', () => `${' '.repeat(1_000_000)}x`],
  ['slashes before a letter', () => `${'/'.repeat(1_000_000)}x/`],
  ['names in each other', () => '/a'.repeat(500_000)],
  ['letters with marks', () => 'a\u0301\u0302'.repeat(300_000)],
  ['digits', () => '9'.repeat(1_000_000)],
  ['lists in lists as text', () => '['.repeat(500_000) + ']'.repeat(500_000)],
  ['a long list as text', () => JSON.stringify(many(90_000, []))],
  ['a long text in a list', () => ['x'.repeat(1_000_000)]],
  ['a list', () => many(90_000, 'a')],
  ['objects', () => many(4000, { oldText: 0 })],
];

describe.each(catalogue.map((tool): [string, Tool] => [tool.name, tool]))('%s', (name, tool) => {
  const usual: Arguments = oneCallEach.find(([one]) => one === name)?.[1] ?? {};
  const parameters = Object.keys(inputSchema(tool)['properties'] as object);

  it('refuses or takes each parameter in a moment, however large, and says so in a few words', async () => {
    await reading(tool, usual);
    for (const [what, make] of large)
      for (const parameter of parameters) {
        const { said, ms } = await reading(tool, { ...usual, [parameter]: make() });
        expect([parameter, what, said.length < 2000, ms < 200]).toEqual([parameter, what, true, true]);
      }
  });

  it('refuses a text of more than 16,000 characters in one sentence, where it is not what a file is made of', async () => {
    for (const [parameter, schema] of Object.entries(tool.schema.shape)) {
      const kind = kindOf(schema);
      if (kind instanceof z.ZodArray || kind instanceof z.ZodObject || isContents(schema)) continue;
      const text = 'x'.repeat(16_001);
      for (const value of isPathList(schema) ? [text, ['/a', text], JSON.stringify(['/a', text])] : [text]) {
        const { said } = await reading(tool, { ...usual, [parameter]: value });
        expect(said).toContain(`${parameter} has 16001 characters, and can have at most 16000`);
      }
    }
  });

  it('refuses a list of more than 5,000 items in one sentence', async () => {
    for (const parameter of parameters) {
      const schema = tool.schema.shape[parameter];
      if (schema !== undefined && isVerbatim(schema)) continue;
      for (const list of [many(5001, 'a'), JSON.stringify(many(5001, 'a'))]) {
        const { said } = await reading(tool, { ...usual, [parameter]: list });
        if (typeof list === 'string' && !said.includes('5001')) continue;
        expect(said).toContain('has 5001 items, and a list can have at most 5000: make several calls');
      }
    }
  });

  it('shows five of many problems, and counts the others', async () => {
    const unknown = Object.fromEntries(Array.from({ length: 900 }, (_, index) => [`strange ${index}`, 0]));
    const { said, ms } = await reading(tool, { ...usual, ...unknown });
    expect(said).toContain(`${name} has no parameter strange 4. And 895 more. Parameters are `);
    expect(ms).toBeLessThan(200);
  });

  it('cuts the name of an unknown parameter', async () => {
    const { said } = await reading(tool, { ...usual, ['x'.repeat(1_000_000)]: 0 });
    expect(said).toContain(`has no parameter ${'x'.repeat(80)}...`);
  });
});

describe('the edits of edit_file', () => {
  const edits = (value: unknown): Arguments => ({ file_path: '/a.txt', edits: value });

  it.each([
    ['numbers', many(4000, 0), /^edits\.0 must be an object, not 0\. .*And 95 more in the first 100 items\./],
    [
      'empty objects',
      many(2000, {}),
      /^edits\.0\.old_text is missing\. .*And 195 more in the first 100 items\./,
    ],
    ['5,001', many(5001, { old_text: 'a', new_text: 'b' }), /^edits has 5001 items/],
    ['5,000', many(5000, { old_text: 'a', new_text: 'b' }), /^$/],
  ])('are counted: %s', async (_what, value, says) => {
    const { said } = await reading(editFile, edits(value));
    expect(said).toMatch(says);
  });
});

it('names the place of a problem in a long list, and describes no more of them than are shown', async () => {
  const good = { old_text: 'a', new_text: 'b' };
  const edits = [...many(450, good), { old_text: 'a', newText: 0 }, ...many(3000, { oldText: 0 })];
  const { said } = await reading(editFile, { file_path: '/a.txt', edits });
  expect(said).toMatch(/^edits\.450\.new_text must be a text, not 0\. edits\.451\./);
  expect(said).toContain('Parameters are');
});
