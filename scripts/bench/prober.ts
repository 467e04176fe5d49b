import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { TOKEN } from '../../test/support/line.ts';

/**
 * Asks `/healthz` and `/metrics` in a steady rhythm, in a thread of its own, so that the work of the clients does not
 * count as the server's. Any message ends it; then it sends what it saw.
 */
const HEALTH_MS = 100;
const METRICS_MS = 1000;

/** Times in milliseconds. */
export interface Probed {
  readonly health: readonly number[];
  /** The same without what the server and the probe waited for a processor, as the scheduler tells it. */
  readonly healthAlone: readonly number[];
  readonly metrics: readonly number[];
  /** The longest delay of the event loop of the server, as its metrics tell it. */
  readonly lagMs: number;
  readonly failures: readonly string[];
}

/** Where the server is. */
export interface Probing {
  readonly url: string;
  readonly pid: number;
}

const { url, pid } = workerData as Probing;
const health: number[] = [];
const healthAlone: number[] = [];
const metrics: number[] = [];
const failures: string[] = [];
let lagMs = 0;
let going = true;
parentPort?.once('message', () => (going = false));

/** Over a new connection each time, as the probes of an orchestrator come. */
async function ask(path: string): Promise<string> {
  const agent = new Agent();
  const sent = request(url + path, { agent, headers: { authorization: `Bearer ${TOKEN}` } });
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const body = await text(response);
  if (response.statusCode !== 200) throw new Error(`${path}: status ${response.statusCode}`);
  return body;
}

/**
 * Milliseconds that the main thread of the server and this thread were ready to run, and waited for a processor
 * (second number of schedstat, in nanoseconds: Documentation/scheduler/sched-stats.rst).
 */
function waitedMs(): number {
  const delays = [`/proc/${pid}/task/${pid}`, '/proc/thread-self'].map((place) =>
    Number(readFileSync(`${place}/schedstat`, 'utf8').split(' ')[1]),
  );
  return delays.reduce((sum, delay) => sum + delay, 0) / 1e6;
}

async function timed(times: number[], work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  try {
    await work();
  } catch (error) {
    failures.push(String(error));
  }
  const ms = performance.now() - begun;
  times.push(ms);
  return ms;
}

async function rhythm(everyMs: number, work: () => Promise<void>): Promise<void> {
  const asked: Promise<void>[] = [];
  const begun = performance.now();
  for (let round = 1; going; round++) {
    asked.push(work());
    await sleep(Math.max(0, begun + round * everyMs - performance.now()));
  }
  await Promise.all(asked);
}

await Promise.all([
  rhythm(HEALTH_MS, async () => {
    const before = waitedMs();
    const ms = await timed(health, async () => ask('/healthz'));
    healthAlone.push(Math.max(0, ms - (waitedMs() - before)));
  }),
  rhythm(METRICS_MS, async () => {
    await timed(metrics, async () => {
      const found = /^nodejs_eventloop_lag_max_seconds (\S+)/m.exec(await ask('/metrics'))?.[1];
      lagMs = Math.max(lagMs, 1000 * Number(found));
    });
  }),
]);
parentPort?.postMessage({ health, healthAlone, metrics, lagMs, failures } satisfies Probed, []);
