import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashOfContent, hashOfFile, MEBI, sparseContent, sparseFile, Terminal } from './terminal.ts';

const size = Number(process.env['TRANSFER_MEBI'] ?? 200) * MEBI;
const moments = Number(process.env['TRANSFER_MOMENTS'] ?? 20);
const STREAMS = 3;

/** The same command after `kill -9` at a random moment ends with the identical file, and sends little again. */
describe(`killed at ${moments} random moments`, () => {
  let terminal: Terminal;
  beforeAll(async () => {
    terminal = await Terminal.open();
  });
  afterAll(async () => terminal.close());

  const times = async (args: readonly string[]): Promise<{ start: number; whole: number }> => {
    const { ms: start } = await terminal.run(['--version']);
    const { ms: whole } = await terminal.run(args);
    return { start, whole };
  };

  it('uploads', { timeout: 600_000 }, async () => {
    const { cloud } = terminal;
    const source = terminal.path('source.bin');
    sparseFile(source, size);
    const right = await hashOfFile(source);
    const { start, whole } = await times(['put', source, '/warm.bin']);
    cloud.home().remove('/warm.bin');
    const chunk = Math.max(10 * MEBI, size / 20);
    let interrupted = 0;
    for (let moment = 0; moment < moments; moment++) {
      const path = `/upload-${moment}.bin`;
      cloud.requests.length = 0;
      const first = await terminal.run(['put', source, path], start + Math.random() * (whole - start));
      if (first.code !== 0) {
        interrupted++;
        expect(cloud.home().exists(path) && first.text !== '').toBe(false);
        const second = await terminal.run(['put', source, path]);
        expect(second.code, second.text).toBe(0);
      }
      const sent = cloud.requests
        .filter(({ method, path: to }) => method === 'PUT' && to.includes('/uploads/'))
        .reduce((sum, { bytesIn }) => sum + bytesIn, 0);
      expect(sent).toBeLessThanOrEqual(size + STREAMS * chunk);
      expect(hashOfContent(cloud.home().get(path))).toBe(right);
      expect(cloud.home().uploads()).toEqual([]);
      expect(terminal.notes).toEqual([]);
      cloud.home().remove(path);
    }
    expect(interrupted).toBeGreaterThan(moments / 2);
    rmSync(source);
  });

  it('downloads', { timeout: 600_000 }, async () => {
    const { cloud } = terminal;
    const content = sparseContent(size);
    const right = hashOfContent(content);
    cloud.home().put('/source.bin', content);
    const { start, whole } = await times(['get', '/source.bin', terminal.path('warm.bin')]);
    rmSync(terminal.path('warm.bin'));
    let interrupted = 0;
    for (let moment = 0; moment < moments; moment++) {
      const name = `download-${moment}.bin`;
      cloud.requests.length = 0;
      const args = ['get', '/source.bin', terminal.path(name)];
      const first = await terminal.run(args, start + Math.random() * (whole - start));
      if (first.code !== 0) {
        interrupted++;
        expect(terminal.names).not.toContain(name);
        const second = await terminal.run(args);
        expect(second.code, second.text).toBe(0);
      }
      expect(await hashOfFile(terminal.path(name))).toBe(right);
      expect(terminal.names).toEqual([name]);
      expect(terminal.notes).toEqual([]);
      rmSync(terminal.path(name));
    }
    expect(interrupted).toBeGreaterThan(moments / 2);
  });
});
