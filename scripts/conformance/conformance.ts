import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from '../../src/config/config.ts';
import { createLog } from '../../src/log.ts';
import { startHttp } from '../../src/serve/http.ts';
import { createCatalogue } from './catalogue.ts';

/**
 * Runs the conformance suite of the Model Context Protocol on our HTTP stack, once for each revision.
 * Exits with 0 only if every scenario that the revision requires passes.
 */
const revisions = ['2025-11-25', '2026-07-28'];
const suite = join(import.meta.dirname, '../../node_modules/@modelcontextprotocol/conformance/dist/index.js');

const folder = mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-conformance-'));
const settings = {
  NEXTCLOUD_URL: 'http://127.0.0.1:9',
  NEXTCLOUD_USERNAME: 'nobody',
  NEXTCLOUD_PASSWORD: 'unused',
};
const config = load({ http: '127.0.0.1:0', noAuth: 'true' }, settings);
const server = await startHttp(config, createLog('error'), { createServer: createCatalogue });
const failed: string[] = [];
for (const revision of revisions) {
  const child = spawn(
    process.execPath,
    [suite, 'server', '--url', `${server.url}/mcp`, '--requirements', revision, '-o', folder],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString('utf8');
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) {
    failed.push(revision);
    console.log(printed);
  }
  const required = printed.split('\nNot scored')[0] ?? '';
  const unscored = (printed.split('\nNot scored')[1]?.match(/^ {2}[✓✗]/gm) ?? []).length;
  const passed = (required.match(/^✓/gm) ?? []).length;
  console.log(
    `Conformance ${revision}: ${code === 0 ? 'passes' : 'FAILED'}, ${passed} scenarios pass (${unscored} more are optional)`,
  );
}
await server.stop();
rmSync(folder, { recursive: true, force: true });
if (failed.length > 0) process.exitCode = 1;
