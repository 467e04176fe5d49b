import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import { seed } from '../../src/embedded-nextcloud/seed/seed.ts';
import { FaultProxy } from '../../test/support/fault-proxy.ts';
import { startServer, TOKEN } from '../../test/support/line.ts';
import type { ClientRow, Lack } from './catalogue.ts';
import { addSamples, checks } from './checks.ts';
import type { CheckId, Subject } from './checks.ts';
import { ClientProcess } from './client-process.ts';
import type { Target, Transport } from './client.ts';

/** What came of one check: passed, left out or failed as expected (`lacks`), or wrong. */
export type Outcome =
  { readonly is: 'passed' | 'lacks' } | { readonly is: 'wrong'; readonly message: string };

export interface RowResult {
  readonly client: ClientRow;
  readonly transport: Transport;
  readonly outcomes: ReadonlyMap<CheckId, Outcome>;
}

const CELL_MS = 60_000;
const main = join(import.meta.dirname, '../../dist/main.js');

/** Runs every check with every client over each of its transports, one after the other. Needs the built server. */
export async function runMatrix(
  rows: readonly ClientRow[],
  { quick, tell }: { readonly quick: boolean; readonly tell: (result: RowResult) => void },
): Promise<readonly RowResult[]> {
  const cloud = await startEmbeddedNextcloud();
  seed(cloud);
  addSamples(cloud);
  const proxy = await FaultProxy.start(cloud.url);
  const results: RowResult[] = [];
  for (const client of rows)
    for (const transport of client.transports) {
      const outcomes = await runRow({ client, transport, quick }, { cloud, proxy });
      const result = { client, transport, outcomes };
      results.push(result);
      tell(result);
    }
  await proxy.close();
  await cloud.close();
  return results;
}

async function runRow(
  { client: row, transport, quick }: Pick<RowResult, 'client' | 'transport'> & { readonly quick: boolean },
  behind: Pick<Subject, 'cloud' | 'proxy'>,
): Promise<Map<CheckId, Outcome>> {
  const home = mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-clients-'));
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    NEXTCLOUD_URL: behind.proxy.url,
    NEXTCLOUD_USERNAME: 'demo',
    NEXTCLOUD_PASSWORD: 'demo-app-password',
    LOG_LEVEL: 'warn',
  };
  const server = transport === 'http' ? await startServer(env) : undefined;
  const target: Target = {
    transport,
    command: process.execPath,
    args: [main],
    env,
    url: server ? `${server.url}/mcp` : '',
    token: TOKEN,
    home,
  };
  const name = `${row.adapter} ${transport}`;
  const outcomes = new Map<CheckId, Outcome>();
  let client: ClientProcess | undefined;
  try {
    for (const { id, run } of checks) {
      if (outcomes.get('connect')?.is === 'wrong') break;
      const lack = lackOf(row, id, transport);
      // What fails keeps one waiting.
      if (lack && (quick || !lack.says)) {
        outcomes.set(id, { is: 'lacks' });
        continue;
      }
      const message = await failureOf(async () => {
        client ??= await connected(row, target);
        await run({ ...behind, client, name });
      });
      behind.proxy.disarm();
      outcomes.set(id, judged(message, lack?.says));
      if (message !== undefined) {
        // It may be stuck: the next check gets a new one.
        await client?.end();
        client = undefined;
      }
    }
    await Promise.race([client?.close(), sleep(5000, undefined, { ref: false })]).catch(() => undefined);
  } finally {
    await client?.end();
    await server?.close();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
  return outcomes;
}

export function lackOf({ lacks }: ClientRow, id: CheckId, transport: Transport): Lack | undefined {
  return lacks?.[`${id} over ${transport}`] ?? lacks?.[id];
}

async function connected(row: ClientRow, target: Target): Promise<ClientProcess> {
  const client = await ClientProcess.start(row.adapter, target.home);
  try {
    await client.connect(target);
  } catch (error) {
    await client.end();
    throw error;
  }
  return client;
}

async function failureOf(run: () => Promise<void>): Promise<string | undefined> {
  const limit = new AbortController();
  const late = sleep(CELL_MS, 'late', { signal: limit.signal });
  try {
    const ended = await Promise.race([run(), late]);
    return ended === 'late' ? `not done after ${CELL_MS / 1000} s` : undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    late.catch(() => undefined);
    limit.abort();
  }
}

function judged(message: string | undefined, expected: RegExp | undefined): Outcome {
  if (!expected) return message === undefined ? { is: 'passed' } : { is: 'wrong', message };
  if (message === undefined)
    return { is: 'wrong', message: `passes now, and is said to fail with ${expected}` };
  return expected.test(message) ? { is: 'lacks' } : { is: 'wrong', message };
}
