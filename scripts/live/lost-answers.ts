import { randomBytes } from 'node:crypto';
import { catalogue } from '../../src/tools/catalogue.ts';
import { arm } from '../../test/faults/oracle.ts';
import { Bench } from '../../test/support/bench.ts';
import type { Outcome } from '../../test/support/bench.ts';
import { FaultProxy } from '../../test/support/fault-proxy.ts';
import { faults } from '../../test/support/fault-table.ts';
import type { Fault } from '../../test/support/fault-table.ts';
import { davWitness } from '../../test/support/witness.ts';
import { changes } from './changes.ts';
import type { Change, Stand } from './changes.ts';
import { realLogin } from './variables.ts';

/**
 * Every tool that changes something in a real Nextcloud, while the answers to it get lost: each change must be made
 * once, or the answer must say that it is not known and where to look. Works in a folder of its own, which it
 * removes at the end. SHARE_WITH names another account there, `bob` when absent.
 */
const { url, username, password } = realLogin();

const worst = [
  'reset after the server did the work, once',
  'stall after the server did the work',
  '504 after the server did the work, always',
  'reset in the middle of the headers, once',
  'stall, and the work is done late',
];

const settings = {
  NEXTCLOUD_URL: url,
  NEXTCLOUD_USERNAME: username,
  NEXTCLOUD_PASSWORD: password,
  NEXTCLOUD_TOOLSETS: 'all',
  NEXTCLOUD_CACHE_LISTING_SECONDS: '0',
  NEXTCLOUD_CACHE_SEARCH_SECONDS: '0',
};
const place = `/nextcloud-files-mcp-${randomBytes(4).toString('hex')}`;
const witness = await davWitness(url, { username, password });
const eye = await Bench.open(settings);

/** What is wrong with the answer, given how often the change was made. */
function fault({ isError, text }: Outcome, times: number | undefined): string | undefined {
  if (times !== undefined && times > 1) return `made ${times} times`;
  if (!isError) return (times ?? 1) === 1 ? undefined : 'says that it is done, and it is not';
  if (/It is not known whether the change was made/.test(text))
    return /Look with \w+|nobody has seen the link/.test(text) ? undefined : 'does not say where to look';
  return (times ?? 0) === 0 ? undefined : 'denies a change that was made';
}

async function one(change: Change, spoilt: Fault, folder: string): Promise<string> {
  const stand: Stand = { eye, witness, folder };
  const args = await change.prepare(stand);
  const proxy = await FaultProxy.start(url ?? '');
  const bench = await Bench.open({ ...settings, NEXTCLOUD_URL: proxy.url, NEXTCLOUD_TIMEOUT_SECONDS: '2' });
  try {
    await bench.call('list_files', { folder_path: '/' });
    await arm({ proxy }, spoilt, change);
    const outcome = await bench.call(change.tool, args);
    proxy.disarm();
    await proxy.lateWork();
    if (proxy.hits === 0) return 'the fault did not meet it';
    const times = await change.times(stand);
    const wrong = fault(outcome, times);
    if (wrong !== undefined) {
      process.exitCode = 1;
      return `WRONG, ${wrong}: ${outcome.text}`;
    }
    if (!outcome.isError) return 'made once';
    return times === 0 && !outcome.text.includes('not known')
      ? 'not made, and said so'
      : `made ${times ?? 'an unknown number of'} times: ${outcome.text}`;
  } finally {
    await bench.close();
    await proxy.close();
  }
}

const left = catalogue
  .filter(({ effect, name }) => effect !== 'read' && !changes.some(({ tool }) => tool === name))
  .map(({ name }) => name);
// The one is tried by itself, and the other changes the computer and nothing in the Nextcloud.
if (left.join() !== 'undo,download_file') throw new Error(`not tried: ${left.join(', ')}`);

try {
  for (const name of worst) {
    const found = faults.find((each) => each.name === name);
    if (!found) throw new Error(`no fault is called ${name}`);
    for (const [index, change] of changes.entries()) {
      const folder = `${place}/${worst.indexOf(name)}-${index}`;
      console.log(`${name.padEnd(42)} ${change.tool.padEnd(20)} ${await one(change, found, folder)}`);
    }
  }
} finally {
  await witness.remove(place);
  await eye.close();
}
