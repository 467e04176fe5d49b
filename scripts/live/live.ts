import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EmbeddedVersion } from '../../src/embedded-nextcloud/index.ts';
import type { Case } from '../../test/support/case.ts';
import { Stage } from '../../test/support/stage.ts';
import { cases } from '../../test/e2e/cases/table.ts';
import { caseSettings } from '../../test/e2e/case-settings.ts';
import { contract } from './contract.ts';
import { realLogin } from './variables.ts';

/**
 * The end-to-end cases and the contract against a real Nextcloud and, for comparison, the embedded one. Works
 * in folders of its own, which it removes at the end, also after a failure or Ctrl-C.
 *
 * Arguments are parts of names of cases; without one, all run.
 */
const { url, username, password } = realLogin();

async function majorOf(stage: Stage): Promise<number> {
  const { data } = await stage.ok('test_connection');
  return Number.parseInt((data['server'] as { version: string }).version, 10);
}

/** The version that the embedded Nextcloud behaves like. */
function likeness(major: number): EmbeddedVersion {
  if (major >= 31) return '34.0.1';
  return major === 30 ? '30.0.0' : major === 29 ? '29.0.1' : '28.0.2';
}

const place = `/nextcloud-files-mcp-${randomBytes(4).toString('hex')}`;
const real = await Stage.open({ real: { url, username, password }, env: caseSettings });
const embedded = await Stage.open({
  cloud: { version: likeness(await majorOf(real)) },
  env: caseSettings,
});
const wanted = process.argv.slice(2);
let failures = 0;
let running: Promise<unknown> = Promise.resolve();
let leaving: Promise<void> | undefined;
let contractRun: Promise<number> | undefined;
const stop = new AbortController();

const TRIES = 6;

/** Stops what runs, so that nothing is created afterwards, then removes the folder. */
function leave(): Promise<void> {
  leaving ??= (async () => {
    await Promise.all([real.client.close(), embedded.client.close()]);
    await running.catch(() => undefined);
    for (let attempt = 1; ; attempt++) {
      try {
        await real.server.remove(place);
        break;
      } catch (error) {
        // An abandoned request may still hold its lock on the server.
        if (attempt === TRIES) throw new Error(`${place} could not be removed, please do`, { cause: error });
        await sleep(500 * attempt);
      }
    }
    await Promise.all([real.close(), embedded.close()]);
  })();
  return leaving;
}

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.once(signal, () => {
    console.log(`\nTaking ${place} away ...`);
    stop.abort();
    Promise.all([leave(), contractRun])
      .catch((error: unknown) => console.error(error))
      .finally(() => process.exit(code));
  });

async function attempt(
  test: Case<Stage>,
  stage: Stage,
  folder: string,
): Promise<{ result: string; ms: number; why?: unknown }> {
  const started = performance.now();
  const ms = (): number => Math.round(performance.now() - started);
  try {
    await stage.server.makeFolder(folder);
    await test.run(stage, folder);
    return { result: 'ok', ms: ms() };
  } catch (error) {
    return { result: 'FAILED', ms: ms(), why: error };
  }
}

function row(name: string, embeddedResult: string, realResult: string, ms: string): void {
  console.log(
    `${name.slice(0, 76).padEnd(76)}  ${embeddedResult.padEnd(8)}  ${realResult.padEnd(8)}  ${ms.padStart(6)}`,
  );
}

try {
  const major = await majorOf(real);
  const chosen = cases.filter(
    ({ name, versions }) =>
      (versions?.(major) ?? true) && (wanted.length === 0 || wanted.some((part) => name.includes(part))),
  );
  console.log(`Nextcloud ${major} at ${url}, ${chosen.length} cases in ${place}\n`);
  row('case', 'embedded', 'real', 'ms');
  for (const [index, test] of chosen.entries()) {
    if (leaving) break;
    const folder = `${place}/case ${index}`;
    const both = (async () => [await attempt(test, embedded, folder), await attempt(test, real, folder)])();
    running = both;
    const [here, there] = await both;
    if (leaving || !here || !there) break;
    row(test.name, here.result, there.result, String(there.ms));
    for (const { why } of [here, there]) if (why !== undefined) console.log(why);
    if (here.why !== undefined || there.why !== undefined) failures++;
  }
  if (!leaving) console.log(`\n${chosen.length - failures} of ${chosen.length} cases hold on both`);
} finally {
  await leave();
}
if (!stop.signal.aborted) {
  contractRun = contract({ url, username, password }, wanted, stop.signal);
  failures += await contractRun;
}
process.exitCode = failures === 0 ? 0 : 1;
