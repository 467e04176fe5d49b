import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { MessageGuard } from '../../src/serve/message-guard.ts';
import type { MessageRefusal } from '../../src/serve/message-guard.ts';
import { messageLimits } from '../../src/text/json-measure.ts';
import { measureLoopDelay } from '../support/event-loop.ts';

const MB = 1024 * 1024;
const limits = { ...messageLimits, bytes: 10 * MB };

/** The lines that pass, and what is said of the others, when these bytes arrive in chunks of a pipe's size. */
async function guarded(
  bytes: Buffer | string,
  chunkBytes = 64 * 1024,
): Promise<{ passed: string[]; refused: MessageRefusal[] }> {
  const whole = Buffer.from(bytes as string);
  const chunks = function* (): Generator<Buffer> {
    for (let at = 0; at < whole.length; at += chunkBytes) yield whole.subarray(at, at + chunkBytes);
  };
  const refused: MessageRefusal[] = [];
  const passed: string[] = [];
  const guard = new MessageGuard(limits, {
    pass: (line) => passed.push(line),
    refuse: (refusal) => refused.push(refusal),
  });
  await pipeline(Readable.from(chunks()), guard);
  return { passed, refused };
}

const request = (id: unknown, params: string): string =>
  `{"jsonrpc":"2.0","method":"tools/call","params":{"arguments":{"x":${params}}},"id":${JSON.stringify(id)}}\n`;

/** What is over a limit, and what is said about it. */
const large: readonly (readonly [name: string, params: string, says: RegExp])[] = [
  [
    '11 MB',
    JSON.stringify('x'.repeat(11 * MB)),
    /^A message can have at most 10,485,760 bytes: this one has 11,534,\d+\. Nothing was done\. .*source_path/,
  ],
  ['4,000,000 levels', '['.repeat(4_000_000), /^A message can be nested at most 200 levels deep\. Nothing/],
  ['levels of objects', '{"a":'.repeat(300), /nested at most 200 levels/],
  ['5,000,000 values', `[${'0,'.repeat(5_000_000)}0]`, /^A message can have at most 100,000 values and keys/],
  ['100,001 lists', `[${'[],'.repeat(100_000)}0]`, /at most 100,000 values.* several calls\.$/],
  ['100,000 keys', `{${'"k":0,'.repeat(100_000)}"k":0}`, /at most 100,000 values/],
  ['a key of 20 KB', `{"${'k'.repeat(20_000)}":0}`, /^A name in a message can have at most 16,384 bytes/],
  ['1,001 keys', `{${'"k":0,'.repeat(1000)}"k":0}`, /^An object in a message can have at most 1,000 keys/],
];

describe('a message that is too large', () => {
  it.each(large)('of %s is refused with its id, and the next one passes', async (_name, params, says) => {
    // Brackets that are left open are closed by nothing: the id in them is not that of the message.
    const closed = params.endsWith('[') || params.endsWith(':') ? null : 7;
    const next = request(8, '1');
    const { passed, refused } = await guarded(request(7, params) + next);
    expect(passed).toEqual([next.trimEnd()]);
    expect(refused).toEqual([
      {
        jsonrpc: '2.0',
        id: closed,
        error: { code: -32_600, message: expect.stringMatching(says) as string },
      },
    ]);
  });

  it.each([
    ['first', '{"id":"a","jsonrpc":"2.0","method":"m","params":', '}', 'a'],
    ['last', '{"jsonrpc":"2.0","method":"m","params":', ',"id":5}', 5],
    ['absent', '{"jsonrpc":"2.0","method":"m","params":', '}', null],
    ['null', '{"jsonrpc":"2.0","method":"m","id":null,"params":', '}', null],
    ['of a response', '{"jsonrpc":"2.0","id":5,"result":', '}', null],
    ['in the parameters', '{"method":"m","params":{"id":5,"x":', '}}', null],
    ['in a batch', '[{"method":"m","id":5,"params":', '}]', null],
  ])('has an id that is %s', async (_where, before, after, id) => {
    const { refused } = await guarded(`${before}[${'0,'.repeat(200_000)}0]${after}\n`);
    expect(refused.map((refusal) => refusal.id)).toEqual([id]);
  });

  it.each([
    ['the method', `{"jsonrpc":"2.0","method":"${'m'.repeat(20_000)}","params":{},"id":7}`],
    ['the tool', `{"jsonrpc":"2.0","method":"tools/call","params":{"name":"${'t'.repeat(20_000)}"},"id":7}`],
    [
      'a cursor',
      `{"jsonrpc":"2.0","id":7,"method":"tools/list","params":{"cursor":"${'c'.repeat(9 * MB)}"}}`,
    ],
    ['beside the parameters', `{"jsonrpc":"2.0","id":7,"method":"ping","more":"${'x'.repeat(9 * MB)}"}`],
  ])('has a name that is too long: %s', async (_what, line) => {
    const { passed, refused } = await guarded(`${line}\n`);
    expect(passed).toEqual([]);
    expect(refused.map(({ id }) => id)).toEqual([7]);
    expect(refused[0]?.error.message).toMatch(/^A name in a message can have at most 16,384 bytes/);
  });

  it('is not kept while it arrives', async () => {
    const guard = new MessageGuard(limits, { pass: () => undefined, refuse: () => undefined });
    const chunk = Buffer.alloc(64 * 1024, 'x');
    const grown = async (chunks: number): Promise<number> => {
      const before = process.memoryUsage().arrayBuffers;
      for (let index = 0; index < chunks; index++)
        await new Promise((resolve) => guard.write(Buffer.from(chunk), resolve));
      return process.memoryUsage().arrayBuffers - before;
    };
    await grown(200);
    expect(await grown(1000)).toBeLessThan(40 * MB);
  });
});

describe('a message that is not too large', () => {
  it.each([
    ['a small one', request(1, '{}')],
    ['5 MB of text', request(1, JSON.stringify('ä"\n\\'.repeat(MB)))],
    ['9.9 MB of text', request(1, JSON.stringify('x'.repeat(9.9 * MB)))],
    ['199 levels', request(1, `${'['.repeat(197)}${']'.repeat(197)}`)],
    ['90,000 values', request(1, `[${'0,'.repeat(90_000)}0]`)],
    ['brackets in a text', request(1, JSON.stringify('[{,:'.repeat(10_000)))],
    ['no JSON', '{"jsonrpc":"2.0"\n'],
    ['another line end', '{"jsonrpc":"2.0","method":"m","id":1}\r\n'],
  ])('passes as it is, however it arrives: %s', async (_name, line) => {
    for (const chunkBytes of [64 * 1024, 7000]) {
      const { passed, refused } = await guarded(line + line, chunkBytes);
      expect(refused).toEqual([]);
      expect(passed.length).toBe(2);
      expect(passed.every((one) => one === line.trimEnd())).toBe(true);
    }
  });

  it('come one by one, in the order in which they came, without empty lines between them', async () => {
    const lines = Array.from({ length: 300 }, (_, index) => request(index, '"x"'));
    const { passed } = await guarded(lines.map((line) => `\n\n${line}`).join(''), 1000);
    expect(passed).toEqual(lines.map((line) => line.trimEnd()));
  });
});

describe('the event loop', () => {
  it.each([
    ['10 MB in one line', `"${'x'.repeat(10 * MB)}"\n`],
    ['10 MB of values', `[${'0,'.repeat(5 * MB)}0]\n`],
    ['1 MB of empty lines', '\n'.repeat(MB)],
    ['3,000 messages', request(1, '{}').repeat(3000)],
  ])('is free while it arrives in one chunk: %s', async (_name, text) => {
    const bytes = Buffer.from(text);
    const { delay, outcome } = await measureLoopDelay(async () => guarded(bytes, bytes.length));
    expect(outcome.status).toBe('fulfilled');
    expect(delay.processor).toBeLessThan(50);
  });
});
