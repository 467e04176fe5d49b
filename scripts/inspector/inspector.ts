import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startEmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import { TOKEN, startServer } from '../../test/support/line.ts';

/**
 * Lists the tools with the Inspector's command line, in strict mode, and calls one, over every transport.
 * Exits with 0 only if it finds no fault. Needs the built server.
 */
const root = join(import.meta.dirname, '../..');
const inspector = join(root, 'node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js');
const run = promisify(execFile);

const home = mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-inspector-'));
const cloud = await startEmbeddedNextcloud();
const env = {
  PATH: process.env['PATH'] ?? '',
  HOME: home,
  NEXTCLOUD_URL: cloud.url,
  NEXTCLOUD_USERNAME: 'demo',
  NEXTCLOUD_PASSWORD: 'demo-app-password',
  LOG_LEVEL: 'warn',
};
const server = await startServer(env, () => undefined, ['--sse']);
const command = [process.execPath, join(root, 'dist/main.js')];
const remote = ['--header', `Authorization: Bearer ${TOKEN}`];
const ways: readonly (readonly [name: string, target: readonly string[]])[] = [
  ['stdio', [...Object.entries(env).flatMap(([key, value]) => ['-e', `${key}=${value}`]), ...command]],
  ['HTTP, current revision', [`${server.url}/mcp`, ...remote, '--protocol-era', 'modern']],
  ['HTTP, older revision', [`${server.url}/mcp`, ...remote, '--protocol-era', 'legacy']],
  ['HTTP+SSE', [`${server.url}/sse`, ...remote]],
];

async function ask(target: readonly string[], ...args: string[]): Promise<Record<string, unknown>> {
  const all = [inspector, '--cli', ...target, ...args, '--format', 'json'];
  const { stdout, stderr } = await run(process.execPath, all, { env, cwd: home });
  if (stderr.trim() !== '') throw new Error(`it had something to say: ${stderr}`);
  return (JSON.parse(stdout) as { result: Record<string, unknown> }).result;
}

const wrong: string[] = [];
for (const [name, target] of ways) {
  try {
    const listed = await ask(target, '--method', 'tools/list', '--strict');
    const { tools = [] } = listed as { tools?: unknown[] };
    const called = await ask(
      target,
      '--method',
      'tools/call',
      '--tool-name',
      'list_files',
      '--tool-arg',
      'folder_path=/',
    );
    const fine = tools.length > 5 && JSON.stringify(called).includes('"complete":true');
    console.log(`Inspector over ${name}: ${fine ? 'passes' : 'FAILED'}, ${tools.length} tools, strict`);
    if (!fine) wrong.push(name);
  } catch (error) {
    const {
      stdout = '',
      stderr = '',
      message,
    } = error as { stdout?: string; stderr?: string; message: string };
    console.log(`Inspector over ${name}: FAILED\n${message}\n${stdout}\n${stderr}`);
    wrong.push(name);
  }
}
await server.close();
await cloud.close();
rmSync(home, { recursive: true, force: true });
if (wrong.length > 0) process.exitCode = 1;
