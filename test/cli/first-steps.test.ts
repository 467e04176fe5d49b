import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { programCall } from '../../src/cli/terminal/program.ts';
import { Home } from './home.ts';

let home: Home;
beforeAll(() => {
  home = new Home();
});
afterAll(() => home.close());

/** Runs it with a terminal as standard input and output, which `script` of util-linux makes. */
function atTerminal(argv: readonly string[]): { code: number | null; text: string } {
  const words = [process.execPath, home.program, ...argv].map((word) => `'${word}'`).join(' ');
  const command = `stty cols 80; ${words}`;
  const { status, stdout } = spawnSync('script', ['-qec', command, '/dev/null'], {
    env: { ...home.env, PATH: `${home.env['PATH'] ?? ''}:/usr/bin:/bin`, TERM: 'xterm' },
    cwd: home.path,
    encoding: 'utf8',
    timeout: 20_000,
    input: '',
  });
  return { code: status, text: stdout };
}

const hasScript = /util-linux/.test(spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout ?? '');

describe('the first steps of a person', () => {
  test.skipIf(!hasScript)('a bare start on a terminal explains itself and ends', () => {
    const { code, text } = atTerminal([]);
    expect(code).toBe(0);
    for (const step of ['demo', 'login https://cloud.example.com', 'install claude-desktop', 'doctor'])
      expect(text).toContain(`nextcloud-files-mcp ${step}`);
    expect(text).not.toContain('{"level"');
  });

  test('in a clone, doctor shows the command that works there', async () => {
    const { out } = await home.run(['doctor'], { env: { npm_lifecycle_event: 'cli' } });
    expect(out).toContain('Sign in with npm run cli -- login');
    expect(out).not.toContain('nextcloud-files-mcp login');
  });

  test('commands are shown as they can be typed', () => {
    expect(programCall({}, '/usr/lib/node_modules/nextcloud-files-mcp/dist/main.js')).toBe(
      'nextcloud-files-mcp',
    );
    expect(programCall({}, '/home/a/.npm/_npx/1f/node_modules/.bin/nextcloud-files-mcp')).toBe(
      'npx nextcloud-files-mcp',
    );
    expect(programCall({}, 'C:\\a\\_npx\\1f\\main.js')).toBe('npx nextcloud-files-mcp');
    expect(programCall({ npm_lifecycle_event: 'cli' }, '/clone/dist/main.js')).toBe('npm run cli --');
    expect(programCall({ npm_lifecycle_event: 'demo' }, '/clone/dist/main.js')).toBe('npm run cli --');
    expect(programCall({ npm_lifecycle_event: 'dev' }, '/clone/src/main.ts')).toBe('npm run dev --');
    expect(programCall({}, `${process.cwd()}/dist/main.js`)).toBe('node dist/main.js');
    expect(programCall({}, '/a b/dist/main.js')).toBe("node '/a b/dist/main.js'");
    expect(programCall({}, '/usr/local/bin/nextcloud-files-mcp')).toBe('nextcloud-files-mcp');
  });

  test.each([
    [['put', 'a.txt', '/a.txt']],
    [['get', '/a.txt', 'a.txt']],
    [['serve', '--http', '127.0.0.1:0']],
  ])('%j without settings shows a short list with login first', async (argv) => {
    const { code, err } = await home.run(argv);
    expect(code).toBe(2);
    expect(err).toMatch(/^config: No Nextcloud is set up yet: NEXTCLOUD_URL, .* are not set\.\s/);
    const lines = err.split('\n').map((line) => line.trim());
    const at = (begin: string): number => lines.findIndex((line) => line.startsWith(begin));
    const login = at('nextcloud-files-mcp login https://cloud.example.com');
    expect(login).toBeGreaterThan(0);
    for (const name of ['NEXTCLOUD_URL ', 'NEXTCLOUD_USERNAME ', 'NEXTCLOUD_PASSWORD '])
      expect(at(name)).toBeGreaterThan(login);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(120);
    expect(err).not.toMatch(/assistant|restart/);
  });

  test('one setting that is missing is named alone', async () => {
    const env = { NEXTCLOUD_URL: 'http://127.0.0.1:9', NEXTCLOUD_USERNAME: 'demo' };
    const { code, err } = await home.run(['get', '/a.txt', 'a.txt'], { env });
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/^config: NEXTCLOUD_PASSWORD is not set\./) as string,
    ]);
    expect(err).not.toContain('NEXTCLOUD_URL');
  });

  test('an assistant is told what the person can do, and to start the server again', async () => {
    const call = {
      jsonrpc: '2.0',
      id: 2,
      method: 'tools/call',
      params: { name: 'test_connection', arguments: {} },
    };
    const hello = {
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } },
    };
    const ready = { jsonrpc: '2.0', method: 'notifications/initialized' };
    const input = [hello, ready, call].map((one) => `${JSON.stringify(one)}\n`).join('');
    const { out } = await home.run([], { input });
    expect(out).toMatch(
      /config: No Nextcloud is set up yet: .* are not set\. The person can sign in once with `npx/,
    );
    expect(out).toContain('restart the server');
  });
});
