import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { TOKEN, startServer } from '../../test/support/line.ts';
import { Member } from './crowd.ts';
import type { Call } from './crowd.ts';

/**
 * Mixed load for some minutes (the first argument, 10 unless given): clients come, work and go, over every
 * transport. Exit code 1 when memory or file handles keep growing: the last third against the second.
 */
const MINUTES = Number(process.argv[2] ?? 10);
const CLIENTS = 12;
const SAMPLE_MS = 5000;
const authorization = `Bearer ${TOKEN}`;

const child = spawn(process.execPath, [`${import.meta.dirname}/load-cloud.ts`, '5'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const [line] = (await once(child.stdout, 'data')) as [Buffer];
const server = await startServer(
  {
    NEXTCLOUD_URL: line.toString('utf8').trim(),
    NEXTCLOUD_USERNAME: 'demo',
    NEXTCLOUD_PASSWORD: 'demo-app-password',
    LOG_LEVEL: 'warn',
  },
  undefined,
  ['--sse'],
);
const until = Date.now() + MINUTES * 60_000;
let calls = 0;
let failures = 0;

/** What one client does before it leaves. It removes its own files, so that the Nextcloud stays as it is. */
function workOf(name: string): Call[] {
  const path = `/${name}.txt`;
  const moved = `/${name} moved.txt`;
  return [
    ['list_files', { folder_path: '/f1' }],
    ['upload_file', { remote_path: path, content: `${name}\n`.repeat(500) }],
    ['read_file', { file_path: path }],
    ['search_files', { query: 'file', folder_path: '/f2' }],
    ['move_file', { source_path: path, destination_path: moved }],
    ['get_file_info', { file_path: moved }],
    ['read_file_bytes', { file_path: moved, length: 1000 }],
    ['list_files', { folder_path: '/', depth: 2, limit: 500 }],
    ['delete_file', { file_path: moved }],
    ['list_files', { folder_path: '/f3' }],
  ];
}

async function overSse(name: string): Promise<void> {
  const client = new Client({ name: 'soak', version: '1.0.0' });
  const url = new URL('/sse', server.url);
  await client.connect(new SSEClientTransport(url, { requestInit: { headers: { authorization } } }));
  for (const [tool, args] of workOf(name)) {
    const result = await client.callTool({ name: tool, arguments: { ...args } });
    calls++;
    if (result.isError) failures++;
  }
  await client.close();
}

async function overHttp(name: string, index: number): Promise<void> {
  const member = await Member.join(server.url, index);
  for (const call of workOf(name)) {
    await member.call(call);
    calls++;
  }
  await member.leave();
}

async function worker(index: number): Promise<void> {
  for (let round = 0; Date.now() < until; round++) {
    try {
      const name = `soak ${index} ${round}`;
      await (index % 6 === 5 ? overSse(name) : overHttp(name, index));
    } catch (error) {
      if (failures++ === 0) console.error(error);
      await sleep(100);
    }
  }
}

interface Sample {
  readonly resident: number;
  readonly heap: number;
  readonly handles: number;
  readonly sessions: number;
}

async function sample(): Promise<Sample> {
  const answer = await fetch(`${server.url}/metrics`, { headers: { authorization } });
  const text = await answer.text();
  const read = (name: string): number => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1] ?? NaN);
  return {
    resident: read('process_resident_memory_bytes') / 2 ** 20,
    heap: read('nodejs_heap_size_used_bytes') / 2 ** 20,
    handles: read('process_open_fds'),
    sessions: read('nextcloud_files_mcp_sessions'),
  };
}

const samples: Sample[] = [];
async function watch(): Promise<void> {
  while (Date.now() < until) {
    await sleep(SAMPLE_MS);
    samples.push(await sample());
  }
}

await Promise.all([watch(), ...Array.from({ length: CLIENTS }, async (_, index) => worker(index))]);
await server.close();
child.kill('SIGTERM');

// The minimum of each third: what remains after garbage collection, between requests.
const third = Math.floor(samples.length / 3);
const least = (part: number, key: keyof Sample): number =>
  Math.min(...samples.slice(part * third, (part + 1) * third).map((one) => one[key]));
console.log(`${calls} calls in ${MINUTES} minutes, ${failures} failures`);
for (const key of ['resident', 'heap', 'handles', 'sessions'] as const)
  console.log(
    `${key}: ${[0, 1, 2].map((part) => least(part, key).toFixed(1)).join(' -> ')} (minimum of each third)`,
  );
const grows = least(2, 'heap') > least(1, 'heap') * 1.1 + 2 || least(2, 'handles') > least(1, 'handles') + 5;
if (failures > 0 || grows) process.exitCode = 1;
