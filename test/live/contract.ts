/**
 * `node test/live/contract.ts [word]` with NEXTCLOUD_URL, NEXTCLOUD_USERNAME and NEXTCLOUD_PASSWORD set, and
 * for the cases with more than one account NEXTCLOUD_ADMIN_USERNAME and NEXTCLOUD_ADMIN_PASSWORD.
 */
import { runContractLive } from '../contract/live.ts';

const {
  NEXTCLOUD_URL: url,
  NEXTCLOUD_USERNAME: username,
  NEXTCLOUD_PASSWORD: password,
  NEXTCLOUD_ADMIN_USERNAME: adminName,
  NEXTCLOUD_ADMIN_PASSWORD: adminPassword,
} = process.env;

if (!url || !username || !password) {
  console.error('Set NEXTCLOUD_URL, NEXTCLOUD_USERNAME and NEXTCLOUD_PASSWORD.');
  process.exit(2);
}
const admin = adminName && adminPassword ? { username: adminName, password: adminPassword } : undefined;
const word = process.argv[2];

const rows = await runContractLive(
  { url, username, password, ...(admin ? { admin } : {}) },
  ({ area, name, embedded, real }) => {
    const short = (text: string): string => (text.length > 4 ? 'FAIL' : text).padEnd(4);
    console.log(`${short(embedded)}  ${short(real)}  ${area}: ${name}`);
    if (short(embedded) === 'FAIL') console.log(`      embedded: ${embedded}`);
    if (short(real) === 'FAIL') console.log(`      real: ${real}`);
  },
  (one) => word === undefined || `${one.area}: ${one.name}`.includes(word),
);
const passed = (column: 'embedded' | 'real'): string => {
  const run = rows.filter((row) => row[column] !== '-');
  return `${run.filter((row) => row[column] === 'ok').length} of ${run.length}`;
};
console.log(
  `\n${rows.length} cases. Embedded: ${passed('embedded')} as told. Real: ${passed('real')} as told.`,
);
process.exitCode = rows.some(({ embedded, real }) => embedded.length > 2 || real.length > 2) ? 1 : 0;
