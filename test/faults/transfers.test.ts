import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { errorCodes } from '../../src/errors.ts';
import { startEmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import type { EmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import { Bench } from '../support/bench.ts';
import type { Outcome } from '../support/bench.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import { faults } from '../support/fault-table.ts';
import type { Fault } from '../support/fault-table.ts';
import { hash } from './scene.ts';

/** Two chunks, and three ranges. */
const up = pattern(12_000_000, 3);
const down = pattern(34_000_000, 7);
const old = 'what was there before';

interface Case {
  readonly what: string;
  readonly tool: 'upload_file' | 'download_file';
  readonly args: Readonly<Record<string, unknown>>;
  /** The verb that meets a fault which comes once. */
  readonly verb: string;
}

const source = { source_path: 'up.bin', remote_path: '/up.bin' };
const cases: readonly Case[] = [
  { what: 'a chunk of a new file', tool: 'upload_file', args: source, verb: 'PUT' },
  { what: 'the joining of a new file', tool: 'upload_file', args: source, verb: 'MOVE' },
  {
    what: 'the joining of a file in place of an older one',
    tool: 'upload_file',
    args: { ...source, remote_path: '/old.bin', overwrite: true },
    verb: 'MOVE',
  },
  {
    what: 'a range of a file',
    tool: 'download_file',
    args: { remote_path: '/down.bin', local_path: 'down.bin' },
    verb: 'GET',
  },
];

function pattern(length: number, seed: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at += 4) bytes.writeUInt32LE(Math.imul(at + seed, 2_654_435_761) >>> 0, at);
  return bytes;
}

/** Sends again what did not arrive, with longer and longer pauses. */
const LIMIT_MS = 100_000;
const clear = new RegExp(`^(${errorCodes.join('|')}): [^]+[.!?] \\S[^]+[.!?]$`);

/** A cloud, the proxy before it and a server, with files that are large enough to be moved in parts. */
class Quay {
  readonly cloud: EmbeddedNextcloud;
  readonly proxy: FaultProxy;
  readonly bench: Bench;

  private constructor(cloud: EmbeddedNextcloud, proxy: FaultProxy, bench: Bench) {
    this.cloud = cloud;
    this.proxy = proxy;
    this.bench = bench;
  }

  static async open(): Promise<Quay> {
    const cloud = await startEmbeddedNextcloud({
      users: [
        { id: 'demo', password: 'demo-app-password' },
        { id: 'bob', password: 'bob-app-password' },
      ],
      bruteForce: false,
    });
    cloud.home().put('/old.bin', old, { mtime: 1_700_000_000 });
    cloud.home().put('/down.bin', down, { mtime: 1_700_000_000 });
    const proxy = await FaultProxy.start(cloud.url);
    return new Quay(cloud, proxy, await Quay.#bench(proxy));
  }

  static async #bench(proxy: FaultProxy): Promise<Bench> {
    const bench = await Bench.open({
      NEXTCLOUD_URL: proxy.url,
      // The proxy gathers tens of megabytes before it passes them on.
      NEXTCLOUD_TIMEOUT_SECONDS: '3',
      NEXTCLOUD_BODY_MB: '10',
      NEXTCLOUD_CALL_SECONDS: '600',
    });
    writeFileSync(join(bench.localFolder, 'up.bin'), up);
    return bench;
  }

  /** What is in the cloud and on the disk. @throws Error when one of them is a wrong file */
  look(): { remote: boolean; replaced: boolean; local: boolean } {
    const home = this.cloud.home();
    const seen = (path: string, right: Buffer, before?: string): boolean => {
      const content = home.get(path);
      if (content === undefined ? before === undefined : content.toString() === before) return false;
      if (content === undefined || hash(content) !== hash(right)) throw new Error(`${path} is wrong`);
      return true;
    };
    const names = readdirSync(this.bench.localFolder);
    const local = names.includes('down.bin');
    if (local && !readFileSync(join(this.bench.localFolder, 'down.bin')).equals(down))
      throw new Error('down.bin is wrong');
    return { remote: seen('/up.bin', up), replaced: seen('/old.bin', up, old), local };
  }

  get leftovers(): string[] {
    return [
      ...this.cloud.home().uploads(),
      ...readdirSync(this.bench.localFolder).filter((name) => !['up.bin', 'down.bin'].includes(name)),
    ];
  }

  async close(): Promise<void> {
    await this.bench.close();
    await this.proxy.close();
    await this.cloud.close();
  }
}

async function run(fault: Fault, one: Case): Promise<'right result' | 'clear error' | 'not met'> {
  const quay = await Quay.open();
  const { bench, proxy } = quay;
  const call = async (): Promise<Outcome> =>
    bench.call(one.tool, { ...one.args }, AbortSignal.timeout(LIMIT_MS));
  const done = (): boolean => {
    const { remote, replaced, local } = quay.look();
    return one.tool === 'download_file' ? local : one.args['overwrite'] === true ? replaced : remote;
  };
  try {
    await bench.call('list_files', {});
    if (fault.spoil)
      proxy.arm(fault.spoil, ({ method }) => {
        if (fault.hits === 'every') return true;
        return proxy.hits === 0 && (fault.hits === 'first' || method === one.verb);
      });
    else await proxy.down();
    const first = await call();
    const met = proxy.hits > 0 || !fault.spoil;
    proxy.disarm();
    if (!fault.spoil) await proxy.up();
    const made = done();
    if (!first.isError && !made) throw new Error(`says it is done, but it is not: ${first.text}`);
    if (first.isError && (!clear.test(first.text) || /Something unexpected/.test(first.text)))
      throw new Error(`not a clear error: ${first.text}`);
    if (fault.closes && met) return 'clear error'; // the account is closed, and rightly so
    const second = first.isError ? await call() : first;
    const own = second.isError && made && /^(exists|precondition_failed): /.test(second.text);
    if (second.isError && !own) throw new Error(`the same call again: ${second.text} after ${first.text}`);
    if (!done()) throw new Error(`not there in spite of: ${second.text}`);
    if (quay.leftovers.length > 0) throw new Error(`left behind: ${quay.leftovers.join(' ')}, ${first.text}`);
    return first.isError ? 'clear error' : met ? 'right result' : 'not met';
  } finally {
    await quay.close();
  }
}

const verdicts: string[] = [];

async function runAll(fault: Fault): Promise<string[]> {
  const failures: string[] = [];
  for (const one of cases)
    try {
      verdicts.push(await run(fault, one));
    } catch (error) {
      failures.push(`${one.what}: ${error instanceof Error ? error.message : String(error)}`);
    }
  return failures;
}

/** Of each kind one; all of them, which takes many minutes, with FAULTS=all. */
const chosen = [
  'connection refused',
  'reset before the request was read, once',
  'reset after the server did the work, once',
  'reset in the middle of the body, always',
  'request body cut, once',
  'stall after the server did the work',
  '200 and the whole body for a Range',
  'Content-Range of another part',
  '503 after the server did the work',
  '423, once',
  '504 after the server did the work, once',
  '507',
  'a web page with status 200 after the work',
  'HTTP/1.0, closed instead of a length',
  'session of another user',
  '100 MB of answer',
];
const tried = faults.filter(({ name }) => process.env['FAULTS'] === 'all' || chosen.includes(name));

const rows = (heavy: boolean) =>
  tried.filter((fault) => (fault.heavy ?? false) === heavy).map((fault) => [fault.name, fault] as const);

describe.concurrent(
  'transfers in parts under each fault: never a wrong file, and the same call ends it',
  () => {
    test.each(rows(false))('%s', { timeout: 600_000 }, async (_, fault) => {
      expect(await runAll(fault)).toEqual([]);
    });
  },
);

describe('the same under heavy ones', () => {
  test.each(rows(true))('%s', { timeout: 600_000 }, async (_, fault) => {
    expect(await runAll(fault)).toEqual([]);
  });
});

afterAll(() => {
  const count = (verdict: string): number => verdicts.filter((one) => one === verdict).length;
  process.stdout.write(
    `${tried.length} faults x ${cases.length} transfers: ${count('right result')} right results, ${count('clear error')} clear errors, ${count('not met')} that the fault does not meet\n`,
  );
});
