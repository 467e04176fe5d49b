import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exportLines } from '../../src/cli/terminal/shell-lines.ts';
import { Home } from './home.ts';

const main = join(import.meta.dirname, '../../dist/main.js');

let home: Home;
beforeAll(() => {
  home = new Home();
});
afterAll(() => home.close());

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('demo', () => {
  test('prints two lines for a call, at once that it starts, and how to see more', async () => {
    let first = '';
    const { code, out } = await home.run(['demo'], { watch: (said) => (first ||= said) });
    expect(code).toBe(0);
    expect(first).toMatch(/^Starting a simulated Nextcloud/);
    const lines = out.trimEnd().split('\n');
    expect(lines.length).toBeLessThan(60);
    const questions = lines.filter((line) => /^✔ +\d+\. \S/.test(line));
    const answers = lines.filter((line) => /^ {6}[a-z]+_[a-z_]+ {2}\S/.test(line));
    expect(questions.length).toBeGreaterThan(20);
    expect(answers.length).toBe(questions.length);
    expect(out).toContain('Show every call with its answer: nextcloud-files-mcp demo --verbose');
    expect(out).toContain('Try it in your assistant: nextcloud-files-mcp demo --keep');
  });

  test('shows no etags and no long cursors, and says how to go on', async () => {
    const { code, out } = await home.run(['demo', '--verbose'], { env: { npm_lifecycle_event: 'demo' } });
    expect(code).toBe(0);
    expect(out).toContain('Every result is as expected');
    expect(out).not.toMatch(/etag|<<</i);
    expect(out).not.toMatch(/cursor=(?!\.\.\.)/);
    expect(out.split(/\s+/).filter((word) => word.length > 140)).toEqual([]);
    expect(out).toContain('Try it in your assistant: npm run demo -- --keep');
  });

  test.runIf(process.platform !== 'win32')(
    '--port keeps it at that port, and its export lines can be pasted into a shell',
    async () => {
      const port = await freePort();
      const child = spawn(process.execPath, [main, 'demo', '--port', String(port)], {
        env: home.env,
        cwd: home.path,
      });
      let out = '';
      const ready = new Promise<void>((resolve) => {
        child.stdout.on('data', (chunk: Buffer) => {
          out += chunk.toString('utf8');
          if (out.includes('Press Ctrl+C')) resolve();
        });
      });
      await ready;
      try {
        const lines = out.split('\n').filter((line) => line.startsWith('export '));
        expect(lines).toHaveLength(3);
        expect(out.replaceAll(/\s+/g, ' ')).toContain(
          `starts the program out of this clone, ${join(import.meta.dirname, '../..')}. What you pasted stops`,
        );
        expect(lines[0]).toBe(`export NEXTCLOUD_URL=http://127.0.0.1:${port}`);
        const script = `${lines.join('\n')}\nexec '${process.execPath}' '${main}' ls /Notes`;
        const shell = spawn('/bin/sh', ['-c', script], { env: home.env, cwd: home.path });
        let listed = '';
        shell.stdout.on('data', (chunk: Buffer) => (listed += chunk.toString('utf8')));
        await new Promise((resolve) => shell.once('close', resolve));
        expect(listed).toContain('Plum cake.md');
        const taken = await home.run(['demo', '--port', String(port)]);
        expect([taken.code, taken.err]).toEqual([
          2,
          expect.stringContaining(`The demo cannot listen at port ${port}`) as string,
        ]);
      } finally {
        child.kill('SIGTERM');
        await new Promise((resolve) => child.once('close', resolve));
      }
    },
  );

  test('a port that is none is refused', async () => {
    const { code, err } = await home.run(['demo', '--port', 'x']);
    expect([code, err]).toEqual([2, expect.stringContaining('"x" is not a port') as string]);
  });

  test('the lines to paste are those of the shell of the platform', () => {
    expect(exportLines('linux', { A: "it's" })).toEqual(["export A='it'\\''s'"]);
    expect(exportLines('darwin', { A: 'x' })).toEqual(['export A=x']);
    expect(exportLines('win32', { A: "it's" })).toEqual(["$env:A = 'it''s'"]);
  });
});
