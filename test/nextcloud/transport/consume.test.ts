import { PassThrough, Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { consumeBody } from '../../../src/nextcloud/transport/consume.ts';

const pieces = ['one', 'two', 'three'];
const body = (): Readable => Readable.from(pieces.map((text) => Buffer.from(text)));

describe('a body is handed out', () => {
  it('whole and in order', async () => {
    const got: string[] = [];
    await consumeBody(body(), (chunk) => got.push(String(chunk)) > 0);
    expect(got).toEqual(pieces);
  });

  it('no faster than it is taken', async () => {
    const got: string[] = [];
    let taking = 0;
    await consumeBody(body(), async (chunk) => {
      expect(++taking).toBe(1);
      await pause(5);
      taking--;
      return got.push(String(chunk)) > 0;
    });
    expect(got).toEqual(pieces);
  });

  it.each([
    ['at once', (): boolean => false],
    ['later', async (): Promise<boolean> => pause(5, false)],
  ])('until enough was taken, said %s', async (_, more) => {
    const got: string[] = [];
    await consumeBody(body(), (chunk) => {
      got.push(String(chunk));
      return got.length < 2 || more();
    });
    expect(got).toEqual(['one', 'two']);
  });

  it.each([
    [
      'at once',
      (): boolean => {
        throw new Error('disk full');
      },
    ],
    ['later', async (): Promise<boolean> => pause(5).then(() => Promise.reject(new Error('disk full')))],
  ])('until it cannot be taken, said %s', async (_, take) => {
    await expect(consumeBody(body(), take)).rejects.toThrow('disk full');
  });

  it('until it breaks, when what came before is taken', async () => {
    const line = new PassThrough();
    line.write('one');
    let taken = false;
    const flowing = consumeBody(line, async () => {
      line.destroy(new Error('broken'));
      await pause(20);
      taken = true;
      return true;
    });
    await expect(flowing).rejects.toThrow('broken');
    expect(taken).toBe(true);
  });

  it('not when it broke before', async () => {
    const line = new PassThrough();
    line.on('error', () => undefined);
    line.destroy(new Error('broken'));
    await pause(1);
    await expect(consumeBody(line, () => true)).rejects.toThrow('broken');
  });

  it('and not taken for whole when the last piece is refused after its end', async () => {
    const refused = consumeBody(Readable.from([Buffer.from('one')]), async () => {
      await pause(20);
      throw new Error('disk full');
    });
    await expect(refused).rejects.toThrow('disk full');
  });
});
