import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import { oneCallEach } from '../../test/faults/cases.ts';
import { startImpostor } from '../../test/support/impostor.ts';
import { argumentsOfTools } from './attacks/arguments.ts';
import type { Attack, Blow, Group } from './attacks/attack.ts';
import { AttackedServer, Unanswered } from './attacks/attacked-server.ts';
import { documents } from './attacks/documents.ts';
import { edits } from './attacks/edits.ts';
import { globs } from './attacks/globs.ts';
import { listings } from './attacks/listings.ts';
import { messages } from './attacks/messages.ts';
import { regexes } from './attacks/regexes.ts';
import { trees } from './attacks/trees.ts';

/**
 * For how long the built server serves nobody else while somebody does their worst: the longest stop of its event loop
 * during each call, by the clock and in processor time of its thread. Only the latter is judged, without what parsing
 * the message alone takes: by the clock other programs on this computer are part of it. Exit code 1 when something is
 * over a limit.
 */
const STOP_MS = 50;
const GIVEN_BACK_MS = 60_000;
/** What the libraries for documents and their compiled code keep in memory, in MB. */
const KEPT_MB = 120;

const groups: Readonly<Record<string, Group>> = {
  messages,
  arguments: argumentsOfTools,
  globs,
  regexes,
  edits,
  listings,
  documents,
  trees,
};

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: Object.keys(groups) },
    case: { type: 'string', default: '' },
    over: { type: 'boolean', default: false },
  },
});
const unknown = values.only.filter((name) => !(name in groups));
if (unknown.length > 0)
  throw new Error(`There is no group ${unknown.join()}: they are ${Object.keys(groups).join(', ')}`);

interface Row {
  readonly name: string;
  clock: number;
  processor: number;
  took: number;
  codes: Set<string>;
  over: boolean;
}

const cloud = await startEmbeddedNextcloud();
let server: AttackedServer | undefined;
let failed = 0;

async function warmServer(url: string, env: Attack['env']): Promise<AttackedServer> {
  const started = await AttackedServer.start(url, env);
  // What is loaded and compiled by the first call of a tool is not the work of an attack.
  for (const [tool, args] of oneCallEach) await started.suffer({ tool, args });
  return started;
}

/** Makes the calls of one row. A server that does not answer is replaced. */
async function row({ name, prepare, cloud: hostile, env, blows }: Attack, most: number): Promise<Row> {
  const result: Row = { name, clock: 0, processor: 0, took: 0, codes: new Set(), over: false };
  prepare?.(cloud.home());
  const impostor = hostile && (await startImpostor(hostile));
  const own = impostor !== undefined || env !== undefined;
  let target = own
    ? await warmServer(impostor?.url ?? cloud.url, env)
    : (server ??= await warmServer(cloud.url, {}));
  const strike = async (blow: Blow): Promise<void> => {
    try {
      const { code, stop, took, parsing } = await target.suffer(blow);
      result.clock = Math.max(result.clock, stop.clock);
      result.processor = Math.max(result.processor, stop.processor - parsing);
      result.took = Math.max(result.took, took);
      result.codes.add(code);
    } catch (error) {
      const { clock, processor } =
        error instanceof Unanswered ? error.stop : { clock: Number.NaN, processor: Number.NaN };
      result.codes.add(error instanceof Unanswered ? 'silence' : 'ended');
      result.clock = Math.max(result.clock, clock);
      result.processor = Math.max(result.processor, processor);
      await target.close();
      target = await warmServer(impostor?.url ?? cloud.url, env);
      if (!own) server = target;
    }
  };
  for (const blow of blows()) await strike(blow);
  if (own) await target.close();
  await impostor?.close();
  const bad = ['silence', 'ended', 'unexpected'].some((code) => result.codes.has(code));
  result.over = bad || !(result.processor <= STOP_MS) || result.took > most;
  return result;
}

/** The memory in MB when a minute is over, or before that when it is given back. */
async function memoryAfter(before: number): Promise<number> {
  for (const until = Date.now() + GIVEN_BACK_MS; Date.now() < until; await sleep(1000))
    if ((server?.memory() ?? 0) - before <= KEPT_MB) break;
  return server?.memory() ?? 0;
}

function show({ name, clock, processor, took, codes, over }: Row): void {
  const figures = [clock, processor, took].map((ms) => ms.toFixed(0).padStart(7)).join(' ');
  if (over || !values.over)
    console.log(`${name.slice(0, 60).padEnd(60)} ${figures}  ${[...codes].join(' ')}${over ? '  OVER' : ''}`);
}

for (const name of values.only) {
  const { attacks, most = Infinity, givesBack = false } = groups[name] ?? { attacks: [] };
  console.log(`\n${name.padEnd(60)}  wall ms  CPU ms    took  answers`);
  server ??= await warmServer(cloud.url, {});
  const before = server.memory();
  for (const attack of attacks.filter((one) => one.name.includes(values.case))) {
    const result = await row(attack, most);
    if (result.over) failed++;
    show(result);
  }
  if (!givesBack) continue;
  const after = await memoryAfter(before);
  const over = after - before > KEPT_MB;
  if (over) failed++;
  console.log(
    `Memory: ${before.toFixed(0)} MB before, ${after.toFixed(0)} MB afterwards${over ? '  OVER' : ''}`,
  );
}
await server?.close();
await cloud.close();
console.log(failed === 0 ? '\nEverything is within the limits' : `\n${failed} are over the limits`);
process.exitCode = failed === 0 ? 0 : 1;
