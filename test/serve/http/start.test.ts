import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { startServer } from '../../support/line.ts';

const main = join(import.meta.dirname, '../../../dist/main.js');
const login = {
  NEXTCLOUD_URL: 'http://127.0.0.1:9',
  NEXTCLOUD_USERNAME: 'demo',
  NEXTCLOUD_PASSWORD: 'demo-app-password',
};

interface Ended {
  readonly code: number;
  readonly stderr: string;
}

async function start(flags: readonly string[], env: Record<string, string> = login): Promise<Ended> {
  return new Promise((resolve) => {
    // A home of its own: the one of whoever runs the tests may have an account.
    const home = mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-home-'));
    const options = { env: { HOME: home, ...env }, timeout: 10_000 };
    execFile(process.execPath, [main, 'serve', ...flags], options, (error, _out, stderr) => {
      rmSync(home, { recursive: true, force: true });
      resolve({ code: Number(error?.code ?? 0), stderr });
    });
  });
}

describe('the start of the HTTP server', () => {
  const folders: string[] = [];
  const folder = (): string => {
    const made = mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-state-'));
    folders.push(made);
    return made;
  };
  const tokenFile = (): string => {
    const file = join(folder(), 'token');
    writeFileSync(file, 'a-token-of-my-own', { mode: 0o600 });
    return file;
  };
  afterEach(() => {
    for (const made of folders.splice(0)) rmSync(made, { recursive: true });
  });

  it.each([
    [
      'without a token beyond loopback',
      ['--http', '0.0.0.0:0', '--no-auth'],
      /--no-auth is "true": a token is required unless \S+ address is a loopback address\. \w/,
    ],
    ['with a short token', ['--http', '127.0.0.1:0', '--token', 'short'], /--token is not valid: .*16/],
    [
      'at what is no address',
      ['--http', 'nowhere:at:all'],
      /--http is "nowhere:at:all": it is not a host and a port/,
    ],
    ['at a port that does not exist', ['--http', '127.0.0.1:70000'], /--http is/],
    [
      'for accounts it does not know',
      ['--http', '--accounts', 'all'],
      /--accounts is "all": .*configured, header/,
    ],
    ['for origins that are none', ['--http', '--cors-origins', '*'], /--cors-origins is "\*"/],
  ])('is refused %s', async (_what, flags, says) => {
    const { code, stderr } = await start(flags);
    expect(code).toBe(2);
    expect(stderr).toMatch(says);
  });

  it('is refused without an account, unless callers bring their own', async () => {
    const { code, stderr } = await start(['--http', '127.0.0.1:0'], { NEXTCLOUD_URL: login.NEXTCLOUD_URL });
    expect(code).toBe(2);
    expect(stderr).toContain('NEXTCLOUD_USERNAME and NEXTCLOUD_PASSWORD are not set');
    const served = await startServer({ NEXTCLOUD_URL: login.NEXTCLOUD_URL }, undefined, [
      '--accounts',
      'header',
    ]);
    expect((await fetch(`${served.url}/healthz`)).status).toBe(200);
    await served.close();
    expect(served.child.exitCode).toBe(0);
  });

  it('makes a token, shows it once and keeps its hash alone', async () => {
    const state = folder();
    const env = { ...login, XDG_STATE_HOME: state, MCP_TOKEN: '' };
    let printed = '';
    const first = await startServer(env, (text) => (printed += text));
    const token = /shown only once:\n {2}Authorization: Bearer (\S{40,})\n/.exec(printed)?.[1] ?? '';
    const ask = async (url: string): Promise<number> =>
      (await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } })).status;
    expect(await ask(first.url)).toBe(200);
    await first.close();
    const [name = ''] = readdirSync(state);
    const [file = ''] = readdirSync(join(state, name));
    const kept = join(state, name, file);
    expect(readFileSync(kept, 'utf8')).not.toContain(token);
    expect(statSync(kept).mode & 0o077).toBe(0);
    printed = '';
    const second = await startServer(env, (text) => (printed += text));
    expect(printed).not.toContain('shown only once');
    expect(printed).toContain(`If the token is lost, delete ${kept} and start again: that makes a new one.`);
    expect(await ask(second.url)).toBe(200);
    const lost = await fetch(`${second.url}/metrics`);
    expect([lost.status, await lost.text()]).toEqual([
      401,
      expect.stringContaining('If it is lost,') as string,
    ]);
    await second.close();
    rmSync(kept);
    printed = '';
    const third = await startServer(env, (text) => (printed += text));
    expect(printed).toMatch(/shown only once:\n {2}Authorization: Bearer \S{40,}\n/);
    expect(printed).not.toContain(token);
    await third.close();
  });

  it('says whose files it serves, where, and what a client sends', async () => {
    for (const [env, from] of [
      [{ MCP_TOKEN: 'a-token-of-my-own' }, 'MCP_TOKEN'],
      [{ MCP_TOKEN: '', MCP_TOKEN_FILE: tokenFile() }, 'MCP_TOKEN_FILE'],
    ] as const) {
      let printed = '';
      const served = await startServer({ ...login, ...env }, (text) => (printed += text));
      await served.close();
      expect(printed.split('\n').slice(0, 4)).toEqual([
        'Serving the files of demo at http://127.0.0.1:9.',
        `Clients send this header, with the token of ${from} in place of the dots:`,
        '  Authorization: Bearer ...',
        `Listening at ${served.url}/mcp`,
      ]);
      expect(printed).not.toContain('a-token-of-my-own');
    }
  });

  it('names another port when another program uses this one, and makes no token then', async () => {
    const other = await startServer(login);
    const { port } = new URL(other.url);
    const state = folder();
    const { code, stderr } = await start(['--http', `127.0.0.1:${port}`], {
      ...login,
      XDG_STATE_HOME: state,
    });
    await other.close();
    expect([code, stderr.split('\n')[0]]).toEqual([
      2,
      `config: Cannot listen at 127.0.0.1:${port}: another program uses it. Choose another port with --http 127.0.0.1:${Number(port) + 1} or MCP_HTTP.`,
    ]);
    // A token that was stored and never shown would lock everybody out at the next start.
    expect(readdirSync(state)).toEqual([]);
  });

  it.each([
    ['json', /^\{"level":30,"time":\d+,"request":"[^"]+","method":"GET","path":"\/healthz","status":200/m],
    ['text', /^\d\d:\d\d:\d\d GET \/healthz 200, \d+ ms$/m],
  ])('logs as %s when it is told to', async (format, line) => {
    let printed = '';
    const served = await startServer({ ...login, LOG_FORMAT: format }, (text) => (printed += text));
    await fetch(`${served.url}/healthz`);
    await served.close();
    expect(printed).toMatch(line);
  });

  it('warns that no token is required', async () => {
    let printed = '';
    const served = await startServer({ ...login, MCP_TOKEN: '' }, (text) => (printed += text), ['--no-auth']);
    expect(printed).toContain('WARNING');
    await served.close();
  });
});
