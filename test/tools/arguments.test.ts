import { describe, expect, it, test } from 'vitest';
import { isAppError } from '../../src/errors.ts';
import { parsePath } from '../../src/path.ts';
import { readArguments } from '../../src/tools/arguments/read-arguments.ts';
import type { ReadArguments } from '../../src/tools/arguments/read-arguments.ts';
import { transportKeys } from '../../src/tools/arguments/names.ts';
import { inputSchema } from '../../src/tools/arguments/shown-schema.ts';
import { catalogue, select } from '../../src/tools/catalogue.ts';
import type { Tool } from '../../src/tools/define.ts';
import { isVerbatim } from '../../src/tools/parameters.ts';
import { oneCallEach } from '../faults/cases.ts';

type Arguments = Readonly<Record<string, unknown>>;

interface Property {
  readonly type: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

const tools: readonly Tool[] = catalogue;
const calls = oneCallEach.map(([name, args]): [string, Tool, Arguments] => [name, toolOf(name), args]);

function toolOf(name: string): Tool {
  const tool = tools.find((one) => one.name === name);
  if (!tool) throw new Error(`there is no tool ${name}`);
  return tool;
}

const read = async (tool: Tool, given: unknown): Promise<ReadArguments> =>
  readArguments(tool, given, async (link) => `/linked/${link.slice(-1)}`, new AbortController().signal);

async function refused(tool: Tool, given: unknown): Promise<string> {
  const error: unknown = await read(tool, given).then(
    (result) => result,
    (reason: unknown) => reason,
  );
  if (!isAppError(error, 'invalid_input'))
    throw new Error(`not refused: ${JSON.stringify(error).slice(0, 300)}`);
  return `${error.message}. ${error.hint ?? ''}`;
}

function propertiesOf(tool: Tool): [string, Property][] {
  return Object.entries(inputSchema(tool)['properties'] as Record<string, Property>);
}

const requiredOf = (tool: Tool): string[] => (inputSchema(tool)['required'] ?? []) as string[];

/** As a client sends it that has only texts: everything but a text is its JSON. */
const asTexts = (args: Arguments): Arguments =>
  Object.fromEntries(
    Object.entries(args).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );

const camel = (key: string): string => key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

describe.each(calls)('the arguments of %s', (_name, tool, args) => {
  it('may come with what clients add for themselves', async () => {
    const added = Object.fromEntries([...transportKeys].map((key) => [key, { of: 'the client' }]));
    expect((await read(tool, { ...added, ...args })).input).toEqual((await read(tool, args)).input);
  });

  it('may fill optional parameters with nothing', async () => {
    const plain = (await read(tool, args)).input;
    const optional = propertiesOf(tool)
      .map(([name]) => name)
      .filter((name) => !(name in args) && !requiredOf(tool).includes(name));
    for (const nothing of ['', ' ', 'null', 'undefined', null]) {
      const fillable = optional.filter((name) => {
        const schema = tool.schema.shape[name];
        return nothing === null || schema === undefined || !isVerbatim(schema);
      });
      const filled = Object.fromEntries(fillable.map((name) => [name, nothing]));
      expect((await read(tool, { ...filled, ...args })).input).toEqual(plain);
    }
  });

  it('may be texts, JSON text as a whole, or lie in themselves', async () => {
    const plain = await read(tool, args);
    for (const form of [
      asTexts(args),
      JSON.stringify(args),
      { arguments: args },
      { arguments: asTexts(args) },
    ])
      expect(await read(tool, form)).toEqual(plain);
  });

  it('may write the names in another way', async () => {
    const renamed = Object.fromEntries(Object.entries(args).map(([key, value]) => [camel(key), value]));
    expect((await read(tool, renamed)).input).toEqual((await read(tool, args)).input);
  });

  it.each(['colour', 'constructor', 'toString', 'hasOwnProperty', '__proto__'])(
    'are refused with the unknown key %s',
    async (key) => {
      const given = JSON.parse(`{${JSON.stringify(key)}: "x"}`) as object;
      expect(await refused(tool, Object.assign(JSON.parse(JSON.stringify(given)), given))).toContain(
        `${tool.name} has no parameter ${key}`,
      );
    },
  );

  it('have the name nearest to a misspelled one in their refusal', async () => {
    for (const [name] of propertiesOf(tool).filter(([key]) => key.length > 4)) {
      const misspelled = `${name.slice(0, 1)}${name.slice(2)}`;
      expect(await refused(tool, { ...args, [misspelled]: 'x' })).toContain(
        `has no parameter ${misspelled}, the nearest is ${name}`,
      );
    }
  });

  it('have limits that are brought within bounds, which is said, and other numbers that are not', async () => {
    for (const [name, { type, minimum, maximum }] of propertiesOf(tool)) {
      if (type !== 'integer') continue;
      const isClamped = /limit|depth|length|context_lines|wait_seconds/.test(name);
      for (const [bound, given] of [
        [maximum, (maximum ?? 0) + 1],
        [minimum, (minimum ?? 0) - 1],
      ] as const) {
        if (bound === undefined) continue;
        if (!isClamped) {
          expect(await refused(tool, { ...args, [name]: given })).toMatch(
            new RegExp(`^${name} must be at (least|most) `),
          );
          continue;
        }
        const { input, notes } = await read(tool, { ...args, [name]: given });
        expect(input[name]).toBe(bound);
        expect(notes).toEqual([
          `${name} is ${minimum} to ${maximum}: ${bound} was used in place of ${given}.`,
        ]);
      }
      expect(await refused(tool, { ...args, [name]: 'ten' })).toContain(
        `${name} must be a number, not "ten"`,
      );
    }
  });

  it('have flags that are true or false and nothing else', async () => {
    for (const [name, { type }] of propertiesOf(tool)) {
      if (type !== 'boolean') continue;
      for (const other of ['yes', 'on', '1', 1, 0, [true]])
        expect(await refused(tool, { ...args, [name]: other })).toContain(`${name} must be true or false`);
      expect((await read(tool, { ...args, [name]: 'True' })).input).toMatchObject({ [name]: true });
      expect((await read(tool, { ...args, [name]: 'false' })).input).toMatchObject({ [name]: false });
    }
  });

  it('say which parameter is missing', async () => {
    for (const name of requiredOf(tool)) {
      const { [name]: _, ...rest } = args;
      expect(await refused(tool, rest)).toContain(`${name} is missing`);
      expect(await refused(tool, { ...args, [name]: null })).toContain(`${name} is missing`);
    }
  });

  it('are an object', async () => {
    for (const given of ['list', '["/"]', 7, true, [args], { arguments: 'list' }])
      expect(await refused(tool, given)).toContain('The arguments must be an object');
  });
});

const lists = tools.filter((tool) => propertiesOf(tool).some(([name]) => name === 'paths'));

describe.each(lists.map((tool) => [tool.name, tool] as const))('paths of %s', (name, tool) => {
  const one = name === 'get_file_info' || name === 'delete_file' ? 'file_path' : 'source_path';
  const rest = one === 'file_path' ? {} : { destination_path: '/to' };

  it('are shown as one text and a list of texts, and both names take both', async () => {
    const shown = Object.fromEntries(propertiesOf(tool));
    expect(shown[one]).toMatchObject({ type: 'string' });
    expect(shown['paths']).toMatchObject({ type: 'array', items: { type: 'string' } });
    for (const key of [one, 'paths', 'files']) {
      expect((await read(tool, { ...rest, [key]: ['/a', 'b'] })).input[one]).toEqual(['/a', '/b']);
      expect((await read(tool, { ...rest, [key]: '["/a", "b"]' })).input[one]).toEqual(['/a', '/b']);
      expect((await read(tool, { ...rest, [key]: '/a' })).input[one]).toBe('/a');
      expect((await read(tool, { ...rest, [key]: '[draft] a.txt' })).input[one]).toBe('/[draft] a.txt');
    }
  });

  it('are refused when both are given and differ, or neither', async () => {
    expect(await refused(tool, { ...rest, [one]: '/a', paths: ['/b'] })).toContain(
      `${one} and paths mean the same parameter, and their values differ`,
    );
    expect(await refused(tool, rest)).toContain(`${one} is missing, and so is paths`);
    expect(await refused(tool, { ...rest, [one]: '', paths: [] })).toContain(`${one} is missing`);
    expect(await refused(tool, { ...rest, paths: [7] })).toContain('paths a list of up to 100');
  });
});

test('no parameter has the name of a key that is dropped', () => {
  const all = tools.flatMap((tool) => propertiesOf(tool).map(([name]) => name));
  expect(all.filter((name) => transportKeys.has(name))).toEqual([]);
});

test('what is stored as it is may be empty, and is never taken for nothing or for JSON', async () => {
  for (const content of ['', 'null', 'undefined', '[1]', '{"a": 1}']) {
    const uploaded = await read(toolOf('upload_file'), { remote_path: '/a', content });
    expect(uploaded.input).toMatchObject({ content });
    const edits = [{ old_text: content, new_text: content }];
    expect((await read(toolOf('edit_file'), { file_path: '/a', edits })).input).toMatchObject({ edits });
  }
  expect(await refused(toolOf('upload_file'), { remote_path: '/a', content: { a: 1 } })).toContain(
    'content must be a text, not {"a":1}',
  );
});

test('an empty text removes the terms of a share, and is not taken for nothing', async () => {
  const given = { share_id: '1', password: '', expires: '', note: '' };
  expect((await read(toolOf('update_share'), given)).input).toEqual(given);
});

test('an edit may have the names of other editors, come alone, and come as text', async () => {
  const edits = [{ old_text: 'a', new_text: 'b' }];
  for (const given of [
    { old_string: 'a', new_string: 'b' },
    '{"oldText": "a", "newText": "b"}',
    ['{"old": "a", "new": "b"}'],
    '[{"old_text": "a", "new_text": "b"}]',
  ])
    expect((await read(toolOf('edit_file'), { file_path: '/a', edits: given })).input).toMatchObject({
      edits,
    });
  expect(
    await refused(toolOf('edit_file'), { file_path: '/a', edits: [{ old_text: 'a', with: 'b' }] }),
  ).toContain('edits.0.new_text is missing. edits.0 has no field with');
});

test('choices may be written in other words, and a number may stand for an id', async () => {
  const search = toolOf('search_files');
  for (const [given, meant] of [
    ['files', 'file'],
    ['Folder', 'directory'],
    ['any', 'all'],
  ])
    expect((await read(search, { type: given })).input['type']).toBe(meant);
  expect(await refused(search, { type: 'pictures' })).toContain(
    'type must be one of all, file, directory, not "pictures"',
  );
  expect((await read(toolOf('list_versions'), { file_path: ['/a'] })).input['file_path']).toBe('/a');
  expect(
    (await read(toolOf('read_version'), { file_path: '/a', version: 1_700_000_000 })).input['version'],
  ).toBe('1700000000');
});

test('what is wrong is refused before a link is asked for, and a link in an optional parameter is resolved', async () => {
  const asked: string[] = [];
  const ask = async (link: string): Promise<string> => {
    asked.push(link);
    return parsePath('/found');
  };
  const link = 'https://cloud.example/f/7';
  const { signal } = new AbortController();
  await expect(
    readArguments(toolOf('read_file'), { file_path: link, offset: 'x' }, ask, signal),
  ).rejects.toThrow('offset');
  expect(asked).toEqual([]);
  const { input } = await readArguments(toolOf('list_shares'), { file_path: link }, ask, signal);
  expect(input['file_path']).toBe('/found');
});

test('a parameter that is not offered is unknown', async () => {
  const remote = select({ toolsets: ['all'], readOnly: false, local: false });
  const upload = remote.find(({ name }) => name === 'upload_file') ?? toolOf('none');
  expect(await refused(upload, { remote_path: '/a', source_path: '/b' })).toContain(
    'upload_file has no parameter source_path',
  );
});
