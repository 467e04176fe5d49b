import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { TOKEN, startServer } from '../../test/support/line.ts';
import { gather } from './crowd.ts';
import type { Call, Member } from './crowd.ts';

/**
 * Many clients at once on one HTTP server. Each call costs one request to the Nextcloud (the caches are
 * off), which answers after 30 ms as a real one does, 8 of them at once. Exit code 1 when a limit is missed.
 */
const CLIENTS = 200;
const CALLS = 50;
const LATENCY_MS = 30;
const AT_ONCE = 8;
const TOTAL = CLIENTS * CALLS;

const child = spawn(process.execPath, [`${import.meta.dirname}/load-cloud.ts`, String(LATENCY_MS)], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const [line] = (await once(child.stdout, 'data')) as [Buffer];
const cloud = line.toString('utf8').trim();
const server = await startServer({
  NEXTCLOUD_URL: cloud,
  NEXTCLOUD_USERNAME: 'demo',
  NEXTCLOUD_PASSWORD: 'demo-app-password',
  NEXTCLOUD_CACHE_LISTING_SECONDS: '0',
  NEXTCLOUD_MAX_CONCURRENCY: String(AT_ONCE),
  LOG_LEVEL: 'warn',
});

function callOf(index: number): Call {
  const folder = `/f${index % 20}`;
  return index % 2 === 0
    ? ['list_files', { folder_path: folder }]
    : ['get_file_info', { file_path: `${folder}/file ${index % 10}.txt` }];
}

interface Round {
  readonly seconds: number;
  readonly failures: number;
  /** Milliseconds, sorted. */
  readonly times: readonly number[];
}

/** Every worker does its share, one after the other. */
async function round(
  workers: number,
  work: (worker: number, index: number) => Promise<void>,
): Promise<Round> {
  const times: number[] = [];
  let failures = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: workers }, async (_, worker) => {
      for (let index = 0; index < TOTAL / workers; index++) {
        const begun = performance.now();
        try {
          await work(worker, worker * 7 + index);
        } catch (error) {
          if (failures++ === 0) console.error(error);
        }
        times.push(performance.now() - begun);
      }
    }),
  );
  return { seconds: (performance.now() - started) / 1000, failures, times: times.toSorted((a, b) => a - b) };
}

// The same requests without the server: from as many clients, over as many connections.
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
const authorization = `Basic ${Buffer.from('demo:demo-app-password').toString('base64')}`;
const cookies = new Map<string, string>();
const properties =
  '<?xml version="1.0"?><d:propfind xmlns:d="DAV:" xmlns:oc="http://owncloud.org/ns"><d:prop><d:resourcetype/><d:getetag/><d:getlastmodified/><d:getcontentlength/><d:getcontenttype/><oc:fileid/><oc:size/><oc:permissions/></d:prop></d:propfind>';

async function raw(index: number): Promise<void> {
  const [name, args] = callOf(index);
  const path = String(args['folder_path'] ?? args['file_path']);
  const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
  const sent = request(`${cloud}/remote.php/dav/files/demo${encodeURI(path)}`, {
    agent,
    method: 'PROPFIND',
    headers: {
      authorization,
      depth: name === 'list_files' ? '1' : '0',
      ...(cookie === '' ? {} : { cookie }),
    },
  });
  sent.end(properties);
  const [answer] = (await once(sent, 'response')) as [import('node:http').IncomingMessage];
  for (const header of answer.headers['set-cookie'] ?? []) {
    const [, key = '', value = ''] = /^([^=]+)=([^;]*)/.exec(header) ?? [];
    cookies.set(key, value);
  }
  answer.resume();
  await once(answer, 'end');
  if (answer.statusCode !== 207) throw new Error(`status ${answer.statusCode}`);
}

async function residentBytes(): Promise<number> {
  const samples: number[] = [];
  for (let sample = 0; sample < 6; sample++) {
    await sleep(500);
    const { body } = await ask('/metrics');
    samples.push(Number(/^process_resident_memory_bytes (\S+)/m.exec(body)?.[1]));
  }
  return Math.min(...samples);
}

async function ask(path: string): Promise<{ body: string }> {
  const sent = request(server.url + path, { headers: { authorization: `Bearer ${TOKEN}` } });
  sent.end();
  const [answer] = (await once(sent, 'response')) as [import('node:http').IncomingMessage];
  answer.setEncoding('utf8');
  return { body: (await answer.toArray()).join('') };
}

async function crowd(): Promise<{ done: Round; members: Member[] }> {
  const members = await gather(server.url, CLIENTS);
  const done = await round(CLIENTS, async (worker, index) => members[worker]?.call(callOf(index)));
  return { done, members };
}

const at = (times: readonly number[], share: number): number =>
  times[Math.floor((times.length - 1) * share)] ?? 0;

const warm = await crowd();
await Promise.all(warm.members.map(async (member) => member.leave()));
const before = await residentBytes();
// Before and after ours, because other load on the machine changes in between.
const direct = [await round(CLIENTS, async (_worker, index) => raw(index))];
const { done, members } = await crowd();
const after = await residentBytes();
direct.push(await round(CLIENTS, async (_worker, index) => raw(index)));
await Promise.all(members.map(async (member) => member.leave()));
await server.close();
child.kill('SIGTERM');
agent.destroy();

const p50 = at(done.times, 0.5);
const p99 = at(done.times, 0.99);
const rate = TOTAL / done.seconds;
const rawRate = (direct.length * TOTAL) / direct.reduce((sum, { seconds }) => sum + seconds, 0);
const perClient = Math.max(0, after - before) / CLIENTS / 1024;
const limits: readonly (readonly [what: string, holds: boolean])[] = [
  [
    `${CLIENTS} clients, ${CALLS} calls each: ${done.failures} failures`,
    done.failures + warm.done.failures === 0,
  ],
  [`p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms (at most 3 times p50)`, p99 <= 3 * p50],
  [`${perClient.toFixed(0)} KB of memory per client (at most 150)`, perClient <= 150],
  [
    `${rate.toFixed(0)} calls/s, ${((100 * rate) / rawRate).toFixed(0)} % of ${rawRate.toFixed(0)} raw requests/s (at least 70 %)`,
    rate >= 0.7 * rawRate && direct.every(({ failures }) => failures === 0),
  ],
];
for (const [what, holds] of limits) console.log(`${holds ? 'holds ' : 'MISSED'}  ${what}`);
if (!limits.every(([, holds]) => holds)) process.exitCode = 1;
