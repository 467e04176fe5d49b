import { readdirSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Terminal } from './terminal.ts';

/** `put` and `get` as a person types them: what is refused, and in which words. */
describe('put and get', () => {
  let at: Terminal;
  beforeAll(async () => {
    at = await Terminal.open();
    writeFileSync(at.path('hi.txt'), 'hello');
    at.cloud.home().put('/there.txt', 'there');
  });
  afterAll(async () => at.close());

  it('put keeps to settings that allow reading only, and get works with them', async () => {
    const flag = await at.run(['put', 'hi.txt', '/hi.txt', '--read-only']);
    expect(flag.code).toBe(1);
    expect(flag.text).toMatch(
      /^forbidden: The settings allow reading only.*--read-only or NEXTCLOUD_READ_ONLY/,
    );
    const before = at.env;
    at.env = { ...before, NEXTCLOUD_READ_ONLY: 'true' };
    expect((await at.run(['put', 'hi.txt', '/hi.txt'])).code).toBe(1);
    expect((await at.run(['get', '/there.txt', 'read-only.txt'])).code).toBe(0);
    at.env = before;
    expect(at.cloud.home().exists('/hi.txt')).toBe(false);
  });

  it.each([
    ['put', '', '/all'],
    ['put', ' ', '/all'],
    ['get', '/there.txt', ''],
  ])('%s %j %j: an empty place of this computer is refused', async (...args) => {
    const before = readdirSync(at.folder);
    const run = await at.run(args);
    expect([run.code, run.text]).toEqual([
      2,
      expect.stringMatching(/^invalid_input: The local path is empty\. Name a file/) as string,
    ]);
    expect(at.cloud.home().exists('/all')).toBe(false);
    expect(readdirSync(at.folder)).toEqual(before);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends after %s with %i, as the shell has it', async (signal, code) => {
    at.cloud.set({ latencyMs: 1000 });
    const begun = async (): Promise<void> => {
      while (!at.names.some((name) => name.endsWith('.part'))) await sleep(5);
    };
    const run = await at.run(['get', '/there.txt', 'stopped.txt'], begun(), '', signal);
    expect([run.code, run.text]).toEqual([code, 'Stopped. The same command takes it up again.\n']);
    at.cloud.set({ latencyMs: 0 });
  });
});
