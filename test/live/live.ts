import { randomBytes } from 'node:crypto';
import type { Case } from '../support/case.ts';
import { Stage } from '../support/stage.ts';
import { cases } from '../e2e/cases/table.ts';

/**
 * The end-to-end cases against a real Nextcloud and, for comparison, the embedded one. Works in a
 * folder of its own, which it removes at the end, also after a failure or Ctrl-C.
 *
 * Arguments are parts of names of cases; without one, all run.
 */
const { NEXTCLOUD_URL: url, NEXTCLOUD_USERNAME: username, NEXTCLOUD_PASSWORD: password } = process.env;

if (!url || !username || !password) {
  console.error(
    'test:live needs a Nextcloud to work with. Set NEXTCLOUD_URL, NEXTCLOUD_USERNAME and NEXTCLOUD_PASSWORD (an app password).',
  );
  process.exit(2);
}

const place = `/nextcloud-files-mcp-${randomBytes(4).toString('hex')}`;
const real = await Stage.open({ real: { url, username, password } });
const embedded = await Stage.open();
const wanted = process.argv.slice(2);
let failures = 0;
let leaving: Promise<void> | undefined;

function leave(): Promise<void> {
  leaving ??= (async () => {
    await real.server.remove(place);
    await embedded.close();
    await real.close();
  })();
  return leaving;
}

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.once(signal, () => {
    leave().then(
      () => process.exit(code),
      () => process.exit(code),
    );
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
  const { data } = await real.ok('test_connection');
  const { version } = data['server'] as { version: string };
  const major = Number.parseInt(version, 10);
  const chosen = cases.filter(
    ({ name, versions }) =>
      (versions?.(major) ?? true) && (wanted.length === 0 || wanted.some((part) => name.includes(part))),
  );
  console.log(`Nextcloud ${version} at ${url}, ${chosen.length} cases in ${place}\n`);
  row('case', 'embedded', 'real', 'ms');
  for (const [index, test] of chosen.entries()) {
    if (leaving) break;
    const folder = `${place}/case ${index}`;
    const here = await attempt(test, embedded, folder);
    const there = await attempt(test, real, folder);
    if (leaving) break;
    row(test.name, here.result, there.result, String(there.ms));
    for (const { why } of [here, there]) if (why !== undefined) console.log(why);
    if (here.why !== undefined || there.why !== undefined) failures++;
  }
  console.log(`\n${chosen.length - failures} of ${chosen.length} cases hold on both`);
} finally {
  await leave();
}
process.exitCode = failures === 0 ? 0 : 1;
