import { randomBytes } from 'node:crypto';
import { Bench } from '../../test/support/bench.ts';
import { davWitness } from '../../test/support/witness.ts';
import { realLogin } from './variables.ts';

/**
 * Two assistants edit one file of a real Nextcloud, each as often as the argument says (1000), and none of
 * their edits may be lost. Works in its own folder, which it removes at the end.
 */
const { url, username, password } = realLogin();

const edits = Number(process.argv[2] ?? 1000);
const place = `/nextcloud-files-mcp-${randomBytes(4).toString('hex')}`;
const path = `${place}/log.txt`;
const witness = await davWitness(url, { username, password });
const login = {
  NEXTCLOUD_URL: url,
  NEXTCLOUD_USERNAME: username,
  NEXTCLOUD_PASSWORD: password,
};
const writers = [await Bench.open(login), await Bench.open(login)];
const refusals: string[] = [];

async function write(who: Bench, name: string): Promise<number> {
  let made = 0;
  for (let i = 0; i < edits; i++) {
    const change = [{ old_text: 'end', new_text: `${name}${i}\nend` }];
    const { isError, text } = await who.call('edit_file', { file_path: path, edits: change });
    if (isError) refusals.push(text);
    else made++;
  }
  return made;
}

try {
  await witness.put(path, 'end');
  const started = performance.now();
  const made = await Promise.all(writers.map(async (who, index) => write(who, 'ab'[index] ?? '')));
  const seconds = (performance.now() - started) / 1000;
  const lines = (await witness.get(path))?.toString().split('\n') ?? [];
  const kept = new Set(lines).size - 1;
  const told = made.reduce((sum, count) => sum + count, 0);
  console.log(
    `${told} of ${2 * edits} edits were said to be made, ${kept} are in the file, ${lines.length - 1 - kept} twice, ${refusals.length} refused, in ${seconds.toFixed(0)} s`,
  );
  for (const refusal of new Set(refusals)) console.log(refusal);
  if (told !== kept || lines.length - 1 !== kept) process.exitCode = 1;
} finally {
  await witness.remove(place);
  for (const writer of writers) await writer.close();
}
