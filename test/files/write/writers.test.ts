import { expect, test } from 'vitest';
import { startEmbeddedNextcloud } from '../../../src/embedded-nextcloud/index.ts';
import { Bench } from '../../support/bench.ts';
import { FaultProxy } from '../../support/fault-proxy.ts';
import { faults } from '../../support/fault-table.ts';

const EDITS = 40;
/** One request of so many meets a fault. */
const RARELY = 20;

// Some only wait for a time limit, some close the account, as they should: those are in the matrix.
const chosen = [
  '423, once',
  'reset before the request was read, once',
  'reset after the server did the work, once',
  'reset in the middle of the headers, once',
  'reset in the middle of the body, once',
  'truncated chunked body, always',
  'shortened chunked body, neatly ended, always',
  'Content-Length too small',
  'over-long body',
  'a web page with the right status',
];

test('two assistants edit one file through a bad network: none twice, none lost without a word', async () => {
  const spoils = faults.filter(({ name }) => chosen.includes(name)).flatMap(({ spoil }) => spoil ?? []);
  expect(spoils).toHaveLength(chosen.length);
  const cloud = await startEmbeddedNextcloud();
  const proxy = await FaultProxy.start(cloud.url);
  cloud.home().put('/log.txt', 'end');
  const open = async (): Promise<Bench> =>
    Bench.open({ NEXTCLOUD_URL: proxy.url, NEXTCLOUD_TIMEOUT_SECONDS: '1' });
  const writers = [await open(), await open()];
  let seen = 0;
  proxy.arm(
    async (passage) => spoils[proxy.hits % spoils.length]?.(passage),
    () => ++seen % RARELY === 0,
  );
  const [done, unsure, refused] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const write = async (who: Bench, name: string): Promise<void> => {
    for (let i = 0; i < EDITS; i++) {
      const line = `${name}${i}`;
      const edits = [{ old_text: 'end', new_text: `${line}\nend` }];
      const { isError, text } = await who.call('edit_file', { file_path: '/log.txt', edits });
      if (!isError) done.add(line);
      else if (text.includes('It is not known')) unsure.add(line);
      else refused.add(line);
    }
  };
  await Promise.all(writers.map(async (who, index) => write(who, 'ab'[index] ?? '')));
  const lines = cloud.home().get('/log.txt')?.toString().split('\n') ?? [];
  expect(lines.at(-1)).toBe('end');
  expect(new Set(lines).size).toBe(lines.length);
  expect([...done].filter((line) => !lines.includes(line))).toEqual([]);
  expect([...refused].filter((line) => lines.includes(line))).toEqual([]);
  expect(proxy.hits).toBeGreaterThan(chosen.length);
  expect(done.size).toBeGreaterThan(EDITS);
  for (const writer of writers) await writer.close();
  await proxy.close();
  await cloud.close();
}, 120_000);
