import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  hashOfContent,
  hashOfFile,
  MEBI,
  sparseContent,
  sparseFile,
  Terminal,
} from '../../support/terminal.ts';

const size = Number(process.env['TRANSFER_MEBI'] ?? 120) * MEBI;
const moments = Number(process.env['TRANSFER_MOMENTS'] ?? 5);
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

  /** Killed after its last step and before it could say so, it finds its own work done. */
  const again = async (args: readonly string[]): Promise<void> => {
    const { code, text } = await terminal.run(args);
    if (code !== 0 && !text.startsWith('exists:')) throw new Error(`${args.join(' ')}: ${text}`);
  };

  it.each([
    ['uploads in chunks', { NEXTCLOUD_BODY_MB: '50' }, Math.max(10 * MEBI, size / 20)],
    ['uploads in one request', {}, size],
  ])('%s', { timeout: 900_000 }, async (_, env, chunk) => {
    const { cloud } = terminal;
    terminal.env = env;
    const source = terminal.path('source.bin');
    sparseFile(source, size);
    const right = await hashOfFile(source);
    const { start, whole } = await times(['put', source, '/warm.bin']);
    cloud.home().remove('/warm.bin');
    let interrupted = 0;
    // One that was done before the signal came does not count.
    for (let moment = 0; interrupted < moments && moment < 4 * moments; moment++) {
      const path = `/upload-${moment}.bin`;
      cloud.requests.length = 0;
      const first = await terminal.run(['put', source, path], start + Math.random() * (whole - start));
      if (first.code !== 0) {
        interrupted++;
        await again(['put', source, path]);
      }
      const sent = cloud.requests
        .filter(({ method }) => method === 'PUT')
        .reduce((sum, { bytesIn }) => sum + bytesIn, 0);
      expect(sent).toBeLessThanOrEqual(size + STREAMS * chunk);
      expect(hashOfContent(cloud.home().get(path))).toBe(right);
      expect(cloud.home().uploads()).toEqual([]);
      expect(terminal.notes).toEqual([]);
      cloud.home().remove(path);
    }
    expect(interrupted).toBe(moments);
  });

  it('downloads', { timeout: 900_000 }, async () => {
    const { cloud } = terminal;
    rmSync(terminal.path('source.bin'), { force: true });
    const content = sparseContent(size);
    const right = hashOfContent(content);
    cloud.home().put('/source.bin', content);
    const { start, whole } = await times(['get', '/source.bin', terminal.path('warm.bin')]);
    rmSync(terminal.path('warm.bin'));
    let early = false;
    let interrupted = 0;
    // One that was done before the signal came does not count.
    for (let moment = 0; interrupted < moments && moment < 4 * moments; moment++) {
      const name = `download-${moment}.bin`;
      cloud.requests.length = 0;
      const args = ['get', '/source.bin', terminal.path(name)];
      const first = await terminal.run(args, start + Math.random() * (whole - start));
      if (first.code !== 0) {
        interrupted++;
        if (terminal.names.includes(name)) early ||= (await hashOfFile(terminal.path(name))) !== right;
        await again(args);
      }
      expect(await hashOfFile(terminal.path(name))).toBe(right);
      expect(terminal.names).toEqual([name]);
      expect(terminal.notes).toEqual([]);
      rmSync(terminal.path(name));
    }
    expect(early).toBe(false);
    expect(interrupted).toBe(moments);
  });
});
