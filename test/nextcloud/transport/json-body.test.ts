import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readJson } from '../../../src/nextcloud/transport/body.ts';
import { cpuTime } from '../../support/cpu-time.ts';

const MB = 1024 * 1024;

async function read(text: string): Promise<{ value: unknown; ms: number }> {
  const body = Readable.from([Buffer.from(text)]);
  const started = cpuTime();
  const value = await readJson(body, 8 * MB);
  return { value, ms: cpuTime() - started };
}

describe('a JSON body', () => {
  it.each([
    ['levels', '['.repeat(2 * MB) + ']'.repeat(2 * MB)],
    ['objects', `[${'{},'.repeat(690_000)}{}]`],
    ['keys', `{${Array.from({ length: 200_000 }, (_, index) => `"key ${index}":0`).join()}}`],
  ])('with a great many %s is not read', async (_what, text) => {
    const { value, ms } = await read(text);
    expect(value).toBeUndefined();
    // To parse them takes a second.
    expect(ms).toBeLessThan(300);
  });

  it('with thousands of shares is read', async () => {
    const shares = Array.from({ length: 3000 }, (_, id) => ({
      id,
      ...Object.fromEntries(Array.from({ length: 40 }, (__, index) => [`field_${index}`, null])),
    }));
    const { value } = await read(JSON.stringify({ ocs: { meta: { status: 'ok' }, data: shares } }));
    expect((value as { ocs: { data: unknown[] } }).ocs.data).toHaveLength(3000);
  });
});
