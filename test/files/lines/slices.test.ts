import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readLinePage } from '../../../src/files/lines/line-page.ts';
import { LineReader } from '../../../src/files/lines/line-reader.ts';
import { inSmallPieces } from '../../../src/nextcloud/transport/time-slice.ts';
import { consumeBody } from '../../../src/nextcloud/transport/consume.ts';
import { allowedDelay, measureLoopDelay } from '../../support/event-loop.ts';

const bytes = Buffer.alloc(4_000_000, '\r');
const chunks = Array.from({ length: 62 }, (_, at) => bytes.subarray(at * 65_536, (at + 1) * 65_536));

async function read(): Promise<number> {
  const reader = new LineReader({ take: () => true, maxLineChars: 100 });
  // A fast server: all chunks are there already.
  await consumeBody(
    Readable.from(chunks, { highWaterMark: 100 }),
    inSmallPieces((piece) => reader.write(piece)),
  );
  reader.end();
  return reader.lines;
}

describe('the event loop goes on', { timeout: 60_000 }, () => {
  it('while four million lines are read', async () => {
    const { delay, outcome } = await measureLoopDelay(read);
    expect(outcome).toMatchObject({ value: bytes.length });
    expect(delay.processor).toBeLessThan(allowedDelay(delay));
  });

  it('while the end of them is looked for', async () => {
    const size = { skip: 3_999_990, count: 20, chars: 10_000 };
    const { delay, outcome } = await measureLoopDelay(async () => readLinePage(bytes, size));
    expect(outcome).toMatchObject({ value: { total: bytes.length, first: 3_999_991 } });
    expect(delay.processor).toBeLessThan(allowedDelay(delay));
  });
});

describe('small pieces', () => {
  const chunk = Buffer.from(Array.from({ length: 50_000 }, (_, at) => at % 251));

  it.each([
    ['at once', (): boolean => true],
    ['later', async (): Promise<boolean> => Promise.resolve(true)],
  ])('are handed on whole and in order, said %s', async (_, more) => {
    const got: Buffer[] = [];
    await inSmallPieces((piece) => {
      got.push(piece);
      return more();
    })(chunk);
    expect(Buffer.concat(got)).toEqual(chunk);
    expect(got.length).toBeGreaterThan(2);
  });

  it.each([
    ['at once', (): boolean => false],
    ['later', async (): Promise<boolean> => Promise.resolve(false)],
  ])('are handed on until enough was taken, said %s', async (_, more) => {
    let taken = 0;
    expect(
      await inSmallPieces(() => {
        taken++;
        return more();
      })(chunk),
    ).toBe(false);
    expect(taken).toBe(1);
  });
});
