import { afterAll, describe, expect, it } from 'vitest';
import { runParallel } from '../../src/parallel.ts';
import { catalogue } from '../../src/tools/catalogue.ts';
import { cases, oneCallEach } from '../faults/cases.ts';
import { Scene } from '../faults/scene.ts';
import { forgery, HOSTILE, FORGED, hostileIn, recording } from '../support/hostile-values.ts';
import type { Field } from '../support/hostile-values.ts';

const MISSING = '/Missing/none.txt';

interface Called {
  readonly tool: string;
  readonly kind: 'result' | 'plan' | 'error';
  readonly args: Readonly<Record<string, unknown>>;
}

const argsOf = new Map<string, Called['args']>(oneCallEach);

/** Each call of the fault matrix, and each tool that takes a path with one that there is not. */
const calls: readonly Called[] = [
  ...cases.map(({ tool, args }): Called => ({ tool, args, kind: 'result' })),
  ...catalogue.flatMap(({ name, paths }): Called[] =>
    paths.map((key) => ({ tool: name, kind: 'error', args: { ...argsOf.get(name), [key]: MISSING } })),
  ),
  {
    tool: 'create_share',
    kind: 'error',
    args: { file_path: '/Docs/letter.txt', type: 'user', share_with: 'nobody' },
  },
  { tool: 'delete_file', kind: 'plan', args: { file_path: '/Docs' } },
  {
    tool: 'move_file',
    kind: 'plan',
    args: { source_path: '/Docs', destination_path: '/Pictures', overwrite: true },
  },
  {
    tool: 'edit_file',
    kind: 'plan',
    args: {
      file_path: '/Docs/letter.txt',
      dry_run: true,
      edits: [{ old_text: 'Line 1 ', new_text: 'Line one ' }],
    },
  },
];

const tried: string[] = [];

async function textOf({ tool, args }: Called, field?: Field): Promise<{ text: string; fields: Set<Field> }> {
  const scene = await Scene.open();
  const fields = new Set<Field>();
  try {
    scene.proxy.arm(field === undefined ? recording(fields) : hostileIn(field), () => true);
    const { text } = await scene.bench.call(tool, { ...args });
    return { text, fields };
  } finally {
    await scene.close();
  }
}

describe.concurrent('no value of a hostile Nextcloud forges a line or hides in one', () => {
  it.each(calls)('$kind of $tool: $args', { timeout: 120_000 }, async (called) => {
    const { fields } = await textOf(called);
    const wrong: string[] = [];
    await runParallel([...fields], 4, undefined, async (field) => {
      const { text } = await textOf(called, field);
      const found = forgery(text);
      if (found !== undefined) wrong.push(`${field}: ${found}`);
      tried.push(`${called.kind} ${called.tool} ${field}`);
    });
    expect(wrong).toEqual([]);
  });
});

it('would be seen', () => {
  expect(forgery(`a${HOSTILE}`)).toMatch(/U\+/);
  expect(forgery(`a\n${FORGED}`)).toMatch(/a forged line/);
  expect(forgery(`a\n<<<abc123\nb\n${FORGED}\u202e\nabc123>>>\nnote`)).toBeUndefined();
});

afterAll(() => {
  const fields = new Set(tried.map((one) => one.split(' ').slice(2).join(' '))).size;
  process.stdout.write(
    `${calls.length} calls of ${catalogue.length} tools, ${fields} fields, ${tried.length} calls with a hostile value\n`,
  );
});
