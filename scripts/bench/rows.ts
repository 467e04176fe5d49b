import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'webdav';
import { Assistant } from './assistant.ts';
import type { Row } from './budgets.ts';
import { compare, lowerQuartile, timed } from './compare.ts';
import type { Pair } from './compare.ts';
import { branch, plan } from './material.ts';
import type { Site } from './site.ts';

type Measured = Partial<Record<Row, Pair>>;

const main = join(import.meta.dirname, '../../dist/main.js');
const filesystem = fileURLToPath(
  import.meta.resolve('@modelcontextprotocol/server-filesystem/dist/index.js'),
);
const noCache = { NEXTCLOUD_CACHE_LISTING_SECONDS: '0', NEXTCLOUD_CACHE_SEARCH_SECONDS: '0' };
/** The code is compiled during the first few hundred calls, so that the lower quartile is that of a warm server. */
const CALLS = 400;
const LONG_CALLS = 25;
/** Milliseconds for which a listing is served without a request; after that it is revalidated. */
const REVALIDATE_MS = 5100;

export async function startAndMemory({ env }: Site): Promise<Measured> {
  const memory: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
  const started: Assistant[] = [];
  const start = async (who: 'ours' | 'theirs'): Promise<void> => {
    const assistant = who === 'ours' ? new Assistant([main], env) : new Assistant([filesystem, tmpdir()]);
    started.push(assistant);
    await assistant.greet();
  };
  const startAndStop = async (who: 'ours' | 'theirs', round: number): Promise<number> => {
    const time = await timed(async () => start(who));
    const assistant = started.pop();
    await sleep(300);
    if (assistant && round >= 0) memory[who].push(assistant.memory());
    await assistant?.close();
    return time;
  };
  const times: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
  for (let round = -1; round < 11; round++)
    for (const who of round % 2 === 0 ? (['ours', 'theirs'] as const) : (['theirs', 'ours'] as const)) {
      const time = await startAndStop(who, round);
      if (round >= 0) times[who].push(time);
    }
  return {
    start: { ours: lowerQuartile(times.ours), theirs: lowerQuartile(times.theirs) },
    memory: { ours: lowerQuartile(memory.ours), theirs: lowerQuartile(memory.theirs) },
  };
}

/** Calls that each cost a request. */
export async function singleCalls({ env, folder, wire }: Site): Promise<Measured> {
  const bare = new Assistant([main], { ...env, ...noCache });
  const usual = new Assistant([main], env);
  await bare.greet();
  await usual.greet();
  const small = `${folder}/small`;
  const file = `${folder}${plan.read}`;
  const info = await compare(
    CALLS,
    async () => bare.call('get_file_info', { file_path: file }),
    async () => wire.propfind(file, 0, true),
  );
  const list = await compare(
    CALLS,
    async () => bare.call('list_files', { folder_path: small }),
    async () => wire.propfind(small, 1),
  );
  const readTimes: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
  for (let round = 0; round < CALLS; round++) {
    await usual.call('list_files', { folder_path: `${folder}/read` });
    readTimes.ours.push(await timed(async () => usual.call('read_file', { file_path: file })));
    readTimes.theirs.push(await timed(async () => wire.get(file)));
  }
  const wide = await compare(
    LONG_CALLS,
    async () => bare.call('list_files', { folder_path: `${folder}/wide` }),
    async () => wire.propfind(`${folder}/wide`, 1),
  );
  const search = await compare(
    LONG_CALLS,
    async () => bare.call('search_files', { query: '1234', folder_path: `${folder}/tree` }),
    async () => wire.search(`${folder}/tree`, '1234', 100),
  );
  const files = await bare.call('list_files', { folder_path: small });
  const paths = ((files.structuredContent?.['entries'] ?? []) as { path: string }[]).map(({ path }) => path);
  const fifty = Array.from({ length: 50 }, (_, i) => paths[i % paths.length] ?? file);
  const parallel = await compare(
    LONG_CALLS,
    async () => Promise.all(fifty.map(async (path) => bare.call('get_file_info', { file_path: path }))),
    async () => Promise.all(fifty.map(async (path) => wire.propfind(path, 0, true))),
  );
  await bare.close();
  await usual.close();
  return {
    info,
    list,
    read: { ours: lowerQuartile(readTimes.ours.slice(1)), theirs: lowerQuartile(readTimes.theirs.slice(1)) },
    wide,
    search,
    parallel,
  };
}

/** What the caches are for: the same call again, and a large tree after a change. */
export async function repeatedCalls(site: Site): Promise<Measured> {
  const { env, folder, wire } = site;
  const assistant = new Assistant([main], env);
  await assistant.greet();
  const wide = { folder_path: `${folder}/wide` };
  const tree = { folder_path: `${folder}/tree`, depth: 3 };
  await assistant.call('list_files', wide);
  const before = await assistant.call('list_files', tree);
  // The raw requests have been warm for minutes by now.
  for (let call = 0; call < CALLS; call++) {
    await assistant.call('list_files', wide);
    await assistant.call('get_file_info', { file_path: folder + plan.read });
  }
  const again: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
  const changed: number[] = [];
  for (let round = 0; round < 8; round++) {
    const path = `/tree/${branch(round * 397 + 11)}/added ${process.pid} ${round}.txt`;
    await site.put(path);
    await sleep(REVALIDATE_MS);
    // Both sides reopen connections that were closed meanwhile, before anything counts.
    await assistant.call('get_file_info', { file_path: folder + plan.read });
    await wire.propfind(folder + plan.read, 0);
    const ours = async (): Promise<unknown> => assistant.call('list_files', wide);
    const theirs = async (): Promise<unknown> => wire.propfind(wide.folder_path, 0);
    if (round % 2 === 0) again.theirs.push(await timed(theirs));
    again.ours.push(await timed(ours));
    if (round % 2 === 1) again.theirs.push(await timed(theirs));
    changed.push(await timed(async () => assistant.call('list_files', tree)));
  }
  const after = await assistant.call('list_files', tree);
  const grown = Number(after.structuredContent?.['total']) - Number(before.structuredContent?.['total']);
  if (grown !== changed.length) throw new Error(`${changed.length} files were added and ${grown} are listed`);
  await assistant.close();
  return {
    again: { ours: lowerQuartile(again.ours), theirs: lowerQuartile(again.theirs) },
    tree: { ours: lowerQuartile(changed), theirs: await timed(async () => walk(site, tree.folder_path)) },
  };
}

// As a program does it that knows only WebDAV, with four parallel requests.
async function walk({ env }: Site, folder: string): Promise<void> {
  const { NEXTCLOUD_URL = '', NEXTCLOUD_USERNAME: username = '', NEXTCLOUD_PASSWORD: password = '' } = env;
  const base = `${NEXTCLOUD_URL.replace(/\/$/, '')}/remote.php/dav/files/${encodeURIComponent(username)}`;
  const client = createClient(base, { username, password });
  const waiting = [folder];
  let files = 0;
  const work = async (): Promise<void> => {
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop())
      for (const { type, filename } of await client.getDirectoryContents(at))
        if (type === 'directory') waiting.push(filename);
        else files++;
  };
  while (waiting.length > 0) await Promise.all([work(), work(), work(), work()]);
  if (files < plan.outer * plan.inner * plan.files) throw new Error(`The walk found ${files} files only`);
}

/** Characters that an assistant reads for one entry of a listing. */
export async function characters({ env, folder }: Site): Promise<Measured> {
  const assistant = new Assistant([main], env);
  await assistant.greet();
  const answer = await assistant.call('list_files', { folder_path: `${folder}/small` });
  const entries = answer.structuredContent?.['entries'] as { path: string }[];
  let full = 0;
  for (const { path } of entries) {
    const info = (await assistant.call('get_file_info', { file_path: path })).structuredContent ?? {};
    const fields = ['name', 'path', 'type', 'size', 'modified', 'mime_type', 'etag'];
    full += JSON.stringify(Object.fromEntries(fields.map((field) => [field, info[field]]))).length;
  }
  await assistant.close();
  const each = (total: number): number => total / entries.length;
  return {
    text: { ours: each(answer.content[0]?.text?.length ?? NaN), theirs: each(full) },
    structured: { ours: each(JSON.stringify(answer.structuredContent).length), theirs: each(full) },
  };
}
