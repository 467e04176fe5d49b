import { randomFillSync } from 'node:crypto';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BufferPool, DirectWriter } from '../../../../src/files/transfer/tuning/direct-io.ts';
import { LocalTarget } from '../../../../src/files/local/local-target.ts';

const LENGTH = 65_536;

let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-direct-')));
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('A file that is written directly', () => {
  const buffers = new BufferPool(LENGTH, true);
  const full = randomFillSync(buffers.acquire());
  const odd = randomFillSync(Buffer.alloc(LENGTH + 1)).subarray(1);

  it.each([
    ['whole blocks', [[full, 0] as const, [full, LENGTH] as const]],
    [
      'blocks in any order, with a hole between that is filled later',
      [[full, LENGTH] as const, [full, 0] as const],
    ],
    ['a rest that is no whole block', [[full, 0] as const, [full.subarray(0, 777), LENGTH] as const]],
    ['a beginning that is no whole block', [[full.subarray(0, 777), 0] as const, [full, 777] as const]],
    ['memory that begins at any byte', [[odd, 0] as const, [full, LENGTH] as const]],
    ['memory that begins at any byte, after whole blocks', [[full, 0] as const, [odd, LENGTH] as const]],
  ])('holds what was written: %s', async (_title, writes) => {
    const target = await LocalTarget.open(join(folder, 'file.bin'), false);
    const writer = new DirectWriter(target.fd);
    const expected = Buffer.alloc(Math.max(...writes.map(([piece, at]) => at + piece.length)));
    for (const [piece, at] of writes) {
      await target.write(piece, at, writer);
      piece.copy(expected, at);
    }
    await writer.close();
    await target.finish(expected.length, undefined);
    expect(readFileSync(target.path).equals(expected)).toBe(true);
  });
});

describe('Buffers for it', () => {
  it('are used again, one at a time', () => {
    const buffers = new BufferPool(LENGTH, true);
    const [one, two] = [buffers.acquire(), buffers.acquire()];
    expect(one).not.toBe(two);
    expect(one).toHaveLength(LENGTH);
    buffers.release(one);
    expect(buffers.acquire()).toBe(one);
  });
});
