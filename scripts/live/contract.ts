import { runContractLive } from '../../test/contract/live.ts';
import type { Target } from '../../test/contract/bench.ts';
import { realLogin } from './variables.ts';

/**
 * The contract suite against a real Nextcloud and the embedded one, as a table; returns how many cases
 * failed. `node scripts/live/contract.ts` with NEXTCLOUD_URL, NEXTCLOUD_USERNAME and NEXTCLOUD_PASSWORD set runs
 * it alone. Cases with more than one account need NEXTCLOUD_ADMIN_USERNAME and NEXTCLOUD_ADMIN_PASSWORD (the
 * password itself, not an app password). They create accounts and delete them at the end.
 *
 * @param wanted parts of names of cases; all run without one
 */
export async function contract(
  target: Target,
  wanted: readonly string[],
  signal?: AbortSignal,
): Promise<number> {
  const { NEXTCLOUD_ADMIN_USERNAME: username, NEXTCLOUD_ADMIN_PASSWORD: password } = process.env;
  const admin = username && password ? { admin: { username, password } } : {};
  const chosen = (name: string): boolean => wanted.length === 0 || wanted.some((part) => name.includes(part));
  const line = (name: string, embedded: string, real: string): void =>
    console.log(`${name.slice(0, 100).padEnd(100)}  ${embedded.padEnd(8)}  ${real}`);
  line('contract', 'embedded', 'real');
  const rows = await runContractLive(
    { ...target, ...admin },
    {
      wanted: ({ area, name }) => chosen(`${area}: ${name}`),
      onRow({ area, name, embedded, real }) {
        line(`${area}: ${name}`, short(embedded), short(real));
        if (failed(embedded)) console.log(`  embedded: ${embedded}`);
        if (failed(real)) console.log(`  real: ${real}`);
      },
      ...(signal ? { signal } : {}),
    },
  );
  const tally = (column: 'embedded' | 'real'): string => {
    const run = rows.filter((row) => row[column] !== '-');
    return `${run.filter((row) => !failed(row[column])).length} of ${run.length}`;
  };
  console.log(`\n${rows.length} cases of the contract: ${tally('embedded')} embedded, ${tally('real')} real`);
  return rows.filter(({ embedded, real }) => failed(embedded) || failed(real)).length;
}

const failed = (verdict: string): boolean => verdict !== 'ok' && verdict !== '-';
const short = (verdict: string): string => (failed(verdict) ? 'FAILED' : verdict);

if (import.meta.main) {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  const failures = await contract(realLogin(), process.argv.slice(2), stop.signal);
  process.exitCode = failures === 0 && !stop.signal.aborted ? 0 : 1;
}
