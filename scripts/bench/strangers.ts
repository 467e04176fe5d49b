import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startServer, TOKEN } from '../../test/support/line.ts';
import { Person, quantile } from './person.ts';
import type { Seen } from './person.ts';

/**
 * Shows that strangers cannot starve a signed-in person: the built server with `--accounts header`, an embedded
 * Nextcloud, and the strangers, each as a process of its own. The strangers have the token, some of them a login of a
 * colleague too, and share the address of the person. Exit code 1 when a bound is broken.
 *
 * The server is measured and not the lack of processors: the strangers run with the lowest priority, so that they get
 * only time that nobody else wants, and they come at a steady pace, evenly over the time of the attack. What the
 * server and the probe waited for a processor, as the scheduler tells it, is taken off the time of `/healthz` before
 * it is judged; both are shown. Other work on the machine still blurs the times of the calls: its load is printed. Linux only, for the memory in
 * `/proc` and the addresses of 127.0.0.0/8.
 *
 * `--only NAME` runs one attack, `--quick` a tenth of each in a fraction of the time.
 */
const { values } = parseArgs({
  options: { only: { type: 'string' }, quick: { type: 'boolean', default: false } },
});
const { only, quick } = values;

const attacks: readonly (readonly [name: string, count: number, what: string])[] = [
  ['logins', 10_000, 'made-up logins'],
  ['streams', 2000, 'open streams'],
  ['initialize', 5000, 'initialize'],
  ['slow', 1000, 'slow clients'],
];
const SHARE = quick ? 0.1 : 1;
const WARM_SECONDS = quick ? 3 : 10;
const QUIET_SECONDS = quick ? 5 : 20;
const ATTACK_SECONDS = quick ? 6 : 40;
const REST_SECONDS = quick ? 20 : 60;
const LATENCY_MS = 5;
const SAMPLE_MS = 200;

const P99_RATIO = 3;
const HEALTH_MS = 50;
const MEMORY_MB = 20;

interface Row {
  readonly what: string;
  readonly quiet: Seen;
  readonly attacked: Seen;
  readonly memory: { readonly before: number; readonly peak: number; readonly after: number };
  readonly told: string;
  readonly broken: readonly string[];
}

/** Resident memory of a process in MB. */
function residentMb(pid: number): number {
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(found) / 1024;
}

/** The lowest of some samples: what is held, without what a garbage collection is about to free. */
async function leastMb(pid: number): Promise<number> {
  let least = Infinity;
  for (let sample = 0; sample < 10; sample++) {
    least = Math.min(least, residentMb(pid));
    await sleep(SAMPLE_MS);
  }
  return least;
}

async function figures(url: string): Promise<string> {
  const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } });
  const lines = (await response.text()).split('\n');
  return lines
    .filter((line) =>
      /^nextcloud_files_mcp_(limit_refusals|connections|accounts|sessions|streams|sign_ins)/.test(line),
    )
    .map((line) => line.replace('nextcloud_files_mcp_', ''))
    .join(', ');
}

async function run(name: string, count: number, what: string): Promise<Row> {
  const cloud = spawn(
    process.execPath,
    [`${import.meta.dirname}/load-cloud.ts`, String(LATENCY_MS), 'alice', 'mallory'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [line] = (await once(cloud.stdout, 'data')) as [Buffer];
  let logged = 0;
  const server = await startServer(
    { NEXTCLOUD_URL: line.toString('utf8').trim(), MCP_ACCOUNTS: 'header' },
    (lines) => (logged += lines.length),
    ['--sse'],
  );
  try {
    const pid = server.child.pid ?? 0;
    const login = { 'x-nextcloud-username': 'alice', 'x-nextcloud-password': 'alice-app-password' };
    const person = await Person.signIn({ url: server.url, pid }, login);
    await person.workDuring(sleep(WARM_SECONDS * 1000));
    const quiet = await person.workDuring(sleep(QUIET_SECONDS * 1000));
    const before = await leastMb(pid);
    let peak = 0;
    const sampling = setInterval(() => (peak = Math.max(peak, residentMb(pid))), SAMPLE_MS);
    const loggedBefore = logged;
    const attacker = spawn(
      process.execPath,
      [
        `${import.meta.dirname}/attacker.ts`,
        new URL(server.url).port,
        name,
        String(count),
        String(ATTACK_SECONDS),
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const report = text(attacker.stdout);
    // As long as the attack takes, and at least as long as all of it is there.
    const attacked = await person.workDuring(report);
    const told = `${(await report).trim()}\n  ${await figures(server.url)}\n  ${((logged - loggedBefore) / 1024).toFixed(0)} KB of log`;
    await sleep(REST_SECONDS * 1000);
    clearInterval(sampling);
    const memory = { before, peak, after: await leastMb(pid) };
    await person.leave();
    return {
      what: `${count} ${what}`,
      quiet,
      attacked,
      memory,
      told,
      broken: judge(quiet, attacked, memory),
    };
  } finally {
    await server.close();
    cloud.kill('SIGTERM');
  }
}

function judge(quiet: Seen, attacked: Seen, { before, after }: Row['memory']): string[] {
  const p99 = quantile(attacked.calls, 0.99);
  const quietP99 = quantile(quiet.calls, 0.99);
  const health = attacked.healthAlone.at(-1) ?? NaN;
  const failures = [...quiet.failures, ...attacked.failures];
  const bounds: readonly (readonly [holds: boolean, what: string])[] = [
    [failures.length === 0, `${failures.length} calls failed, the first: ${failures[0]}`],
    [
      p99 < P99_RATIO * quietP99,
      `p99 ${p99.toFixed(1)} ms, ${(p99 / quietP99).toFixed(1)} times that in quiet`,
    ],
    [health < HEALTH_MS, `/healthz took ${health.toFixed(1)} ms beside what was waited for a processor`],
    [after - before <= MEMORY_MB, `${(after - before).toFixed(1)} MB more than before, after a pause`],
  ];
  return bounds.filter(([holds]) => !holds).map(([, what]) => what);
}

function table(rows: readonly Row[]): string {
  const ms = (times: readonly number[]): string =>
    `${quantile(times, 0.5).toFixed(1)} / ${quantile(times, 0.99).toFixed(1)}`;
  const tail = (times: readonly number[]): string =>
    `${quantile(times, 0.99).toFixed(1)} / ${(times.at(-1) ?? NaN).toFixed(1)}`;
  return [
    '| attack | calls (quiet, attacked) | p50 / p99 quiet | p50 / p99 attacked | /healthz p99 / max quiet | attacked | without the wait for a processor | /metrics p99 / max attacked | event loop max quiet, attacked | MB before, peak, after | |',
    '|---|---|---|---|---|---|---|---|---|---|---|',
    ...rows.map(({ what, quiet, attacked, memory: { before, peak, after }, broken }) =>
      [
        '',
        what,
        `${quiet.calls.length}, ${attacked.calls.length}`,
        ms(quiet.calls),
        ms(attacked.calls),
        tail(quiet.health),
        tail(attacked.health),
        tail(attacked.healthAlone),
        tail(attacked.metrics),
        `${quiet.lagMs.toFixed(1)}, ${attacked.lagMs.toFixed(1)}`,
        [before, peak, after].map((mb) => mb.toFixed(1)).join(', '),
        broken.length === 0 ? 'holds' : 'BROKEN',
        '',
      ]
        .join(' | ')
        .trim(),
    ),
    '',
    'Times in ms.',
  ].join('\n');
}

const chosen = attacks.filter(([name]) => only === undefined || name === only);
if (chosen.length === 0) {
  console.error(`--only takes one of ${attacks.map(([name]) => name).join(', ')}`);
  process.exit(2);
}
const load = (): string =>
  loadavg()
    .map((value) => value.toFixed(2))
    .join(' ');
const rows: Row[] = [];
console.log(`${cpus().length} cores, Node ${process.versions.node}`);
for (const [name, count, what] of chosen) {
  console.log(`${name}: load ${load()} before`);
  const row = await run(name, Math.round(count * SHARE), what);
  rows.push(row);
  console.log(`  ${row.told}\n  load ${load()} after`);
  for (const broken of row.broken) console.log(`  BROKEN: ${broken}`);
}
console.log(`\n${table(rows)}`);
if (rows.some(({ broken }) => broken.length > 0)) process.exitCode = 1;
