import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { Member } from './crowd.ts';
import type { Call } from './crowd.ts';
import type { Probed, Probing } from './prober.ts';

const THINK_MS = 25;

/** What a person and the probes saw in one part of a run. Times are in milliseconds, sorted. */
export interface Seen extends Probed {
  readonly calls: readonly number[];
}

/** What the two sessions do, in turns. The writes go to few names, so that the files do not grow in number. */
function callOf(turn: number): Call {
  const folder = `/f${turn % 20}`;
  const calls: readonly Call[] = [
    ['list_files', { folder_path: folder }],
    ['read_file', { file_path: `${folder}/file ${turn % 10}.txt` }],
    ['search_files', { query: `file ${turn % 10}`, folder_path: folder }],
    ['get_file_info', { file_path: `${folder}/file ${turn % 7}.txt` }],
    [
      'upload_file',
      { remote_path: `/mine ${turn % 4}.txt`, content: 'a line\n'.repeat(100), overwrite: true },
    ],
  ];
  return calls[turn % calls.length] ?? ['list_files', {}];
}

/** A signed-in person with two clients: one of the current protocol revision, and an older one with a session. */
export class Person {
  readonly #server: Probing;
  readonly #members: readonly Member[];
  #turn = 0;

  private constructor(server: Probing, members: readonly Member[]) {
    this.#server = server;
    this.#members = members;
  }

  static async signIn(server: Probing, headers: Readonly<Record<string, string>>): Promise<Person> {
    const joining = [0, 1].map(async (index) => Member.join(server.url, index, headers));
    return new Person(server, await Promise.all(joining));
  }

  /** Works until `during` has ended, while the probes ask. */
  async workDuring(during: Promise<unknown>): Promise<Seen> {
    let going = true;
    const ended = during.finally(() => (going = false));
    const prober = new Worker(join(import.meta.dirname, 'prober.ts'), { workerData: this.#server });
    const probed = once(prober, 'message') as Promise<[Probed]>;
    const calls: number[] = [];
    const failures: string[] = [];
    const working = this.#members.map(async (member) => {
      while (going) {
        const call = callOf(this.#turn++);
        const begun = performance.now();
        try {
          await member.call(call);
        } catch (error) {
          failures.push(`${call[0]}: ${String(error)}`);
        }
        calls.push(performance.now() - begun);
        await sleep(THINK_MS);
      }
    });
    await Promise.all([ended, ...working]);
    prober.postMessage('end', []);
    const [seen] = await probed;
    const sorted = (times: readonly number[]): number[] => times.toSorted((a, b) => a - b);
    return {
      ...seen,
      calls: sorted(calls),
      health: sorted(seen.health),
      healthAlone: sorted(seen.healthAlone),
      metrics: sorted(seen.metrics),
      failures: [...failures, ...seen.failures],
    };
  }

  async leave(): Promise<void> {
    await Promise.all(this.#members.map(async (member) => member.leave()));
  }
}

/** @param times sorted */
export function quantile(times: readonly number[], share: number): number {
  return times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? NaN;
}
