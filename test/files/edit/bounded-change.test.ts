import { describe, expect, it } from 'vitest';
import { changeInTime } from '../../../src/files/edit/bounded-change.ts';
import type { Replacement } from '../../../src/files/edit/text-edits.ts';
import { measureLoopDelay } from '../../support/event-loop.ts';

const edit = (oldText: string, newText: string, replaceAll = false): Replacement => ({
  oldText,
  newText,
  replaceAll,
});

/** As a file is fetched that is to be edited. */
function shared(bytes: Buffer): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}

async function change(text: string | Buffer, edits: readonly Replacement[]) {
  const bytes = shared(Buffer.from(text));
  const { delay, outcome } = await measureLoopDelay(() =>
    changeInTime({ bytes, edits, where: '/f' }, 'alice'),
  );
  return { delay: delay.processor, outcome };
}

const numbered = (count: number): string =>
  Array.from({ length: count }, (_, at) => `line ${at}: ${'lorem ipsum '.repeat(5)}`).join('\n');

const cases: [
  what: string,
  text: string | Buffer,
  edits: readonly Replacement[],
  outcome: RegExp | 'changed',
][] = [
  ['a small edit', 'one\ntwo\n', [edit('two', 'zwei')], 'changed'],
  ['a small edit that does not fit', 'one\ntwo\n', [edit('twoo', 'zwei')], /is not in \/f/],
  [
    '20,000 edits',
    numbered(60_000),
    Array.from({ length: 20_000 }, (_, at) => edit(`line ${at}: lorem`, `${at}`)),
    'changed',
  ],
  [
    '50,000 lines that are not there',
    numbered(60_000),
    [edit(numbered(50_000).replaceAll('lorem', 'Lorem'), '')],
    /is not in \/f/,
  ],
  [
    '5,000 equal lines that are not there',
    'x\n'.repeat(30_000),
    [edit(`${'x\n'.repeat(5000)}y`, '')],
    /is not in \/f/,
  ],
  [
    'one long line',
    'a'.repeat(4_000_000),
    [edit(`${'a'.repeat(1_000_000)}b${'a'.repeat(1_000_000)}`, '')],
    /is not in \/f/,
  ],
  [
    'a small text of one letter',
    'a'.repeat(60_000),
    [edit(`${'a'.repeat(20_000)}b${'a'.repeat(20_000)}`, '')],
    /is not in \/f/,
  ],
  [
    'a hundred edits of every letter',
    'a '.repeat(30_000),
    Array.from({ length: 101 }, (_, at) => edit('ab'[at % 2] ?? '', 'ba'[at % 2] ?? '', true)),
    'changed',
  ],
  ['every line of a small text', 'x\n'.repeat(30_000), [edit('x', 'y', true)], 'changed'],
  ['every line of a large text', numbered(50_000), [edit('lorem', 'dolor', true)], 'changed'],
  ['every other line', 'x\ny\n'.repeat(500_000), [edit('x', 'z', true)], 'changed'],
  [
    'another encoding',
    Buffer.from('93fa967b8cea82cc8365834c8358836782c582b781420a'.repeat(40_000), 'hex'),
    [edit('日本語', '日本', true)],
    'changed',
  ],
  [
    'bytes of no encoding',
    Buffer.concat([Buffer.from('gut '.repeat(1_000_000)), Buffer.from([0xff, 0xfe])]),
    [edit('gut', '', true)],
    /not valid UTF-8/,
  ],
  [
    'a text that grows without end',
    'a',
    Array.from({ length: 9 }, () => edit('a', 'a'.repeat(1000), true)),
    /more than 20 million characters/,
  ],
];

describe('changeInTime', { timeout: 60_000 }, () => {
  it.each(cases)('holds nothing up: %s', async (_what, text, edits, expected) => {
    const { delay, outcome } = await change(text, edits);
    if (expected === 'changed')
      expect(outcome).toMatchObject({ status: 'fulfilled', value: { bytes: expect.anything() } });
    else
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { message: expect.stringMatching(expected) },
      });
    expect(delay).toBeLessThan(50);
  });

  it('is ended when its caller gives up', async () => {
    const gone = new AbortController();
    const edits = Array.from({ length: 40 }, (_, at) => edit('ab'[at % 2] ?? '', 'ba'[at % 2] ?? '', true));
    const bytes = Buffer.from('a '.repeat(2_000_000));
    const waiting = changeInTime({ bytes, edits, where: '/f' }, 'alice', gone.signal);
    setTimeout(() => gone.abort(), 200);
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
  });
});
