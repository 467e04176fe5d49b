import { basename, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { openPromise } from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import { isAppError } from '../../errors.ts';
import { propfind } from '../../nextcloud/dav/propfind.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import { fetchZip } from '../../nextcloud/dav/zip-stream.ts';
import { ROOT, segments } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import type { DownloadItem } from './folder-download.ts';
import { LocalTarget } from '../local/local-target.ts';
import { runParallel } from '../../parallel.ts';
import type { Call, Service } from '../context/service.ts';

/** A request costs the server as much as this many bytes of an archive that nobody wanted. */
const REQUEST = 4 * 1024 * 1024;
const FEWEST = 20;
const LARGEST = 2 * 1024 ** 3;

/** Whether one archive with all that is in the folder is cheaper than a request for each wanted file. */
export function archivePays(
  { policy }: Service,
  from: RemotePath,
  all: readonly Resource[],
  wanted: readonly DownloadItem[],
): boolean {
  // It would bring what is out of bounds onto the disk, and the home folder's is misnamed (observed).
  if (policy.hidesInside || from === ROOT || wanted.length < FEWEST) return false;
  const bytes = (files: readonly Resource[]): number =>
    files.reduce((sum, { folder, size = 0 }) => sum + (folder ? 0 : size), 0);
  const whole = bytes(all);
  const needed = bytes(wanted.map(({ file }) => file));
  return whole <= LARGEST && whole - needed < wanted.length * REQUEST && needed < wanted.length * REQUEST;
}

/**
 * Fetches the folder's archive and takes the wanted files out of it. What is not in it as it was
 * listed, or has changed since, is handed back to be fetched by itself.
 */
export async function fetchArchive(
  service: Service,
  from: RemotePath,
  root: string,
  wanted: readonly DownloadItem[],
  overwrite: boolean,
  stored: (item: DownloadItem) => void,
  call: Call,
): Promise<readonly DownloadItem[]> {
  const archive = await LocalTarget.open(join(root, `${basename(root)}.zip`), false);
  try {
    await archive.reserve(2 * wanted.reduce((sum, { file }) => sum + (file.size ?? 0), 0));
    await service.slots.use(call.signal, async () =>
      fetchZip(service.account, from, call.signal, async (body) => {
        let at = 0;
        for await (const piece of body) {
          await archive.write(piece, at);
          at += piece.length;
        }
      }),
    );
    const now = await propfind(service.account, from, 'infinity', call);
    const etags = new Map(now.resources.map(({ path, etag }) => [path, etag]));
    const steady = new Set(wanted.filter(({ file }) => etags.get(file.path) === file.etag));
    const taken = await unpack(service, archive.temporary, from, [...steady], overwrite, call);
    for (const item of taken) stored(item);
    return wanted.filter((item) => !taken.has(item));
  } catch (error) {
    // No archive, or not a whole one: the files can still be had one by one.
    if (isAppError(error, 'invalid_response', 'unavailable', 'invalid_input')) return wanted;
    throw error;
  } finally {
    await archive.discard();
  }
}

async function unpack(
  service: Service,
  archive: string,
  from: RemotePath,
  wanted: readonly DownloadItem[],
  overwrite: boolean,
  call: Call,
): Promise<ReadonlySet<DownloadItem>> {
  const taken = new Set<DownloadItem>();
  const depth = segments(from).length - 1;
  const zip = await openPromise(archive, { lazyEntries: true, autoClose: false }).catch(() => undefined);
  if (!zip) return taken;
  try {
    const entries = new Map<string, Entry>();
    for await (const entry of zip.eachEntry()) entries.set(entry.fileName.normalize('NFC'), entry);
    await runParallel(wanted, 4, call.signal, async (item) => {
      const entry = entries.get(segments(item.file.path).slice(depth).join('/'));
      if (entry && (await take(service, zip, entry, item, overwrite))) taken.add(item);
    });
  } catch (error) {
    if (isAppError(error)) throw error;
    // A damaged directory: what was taken so far is whole, by its own checksum.
  } finally {
    zip.close();
  }
  return taken;
}

/** Whether the member came out whole, with the size that was listed and the archive's checksum of it. */
async function take(
  { local }: Service,
  zip: ZipFile,
  entry: Entry,
  { file, to }: DownloadItem,
  overwrite: boolean,
): Promise<boolean> {
  if (entry.uncompressedSize !== file.size) return false;
  let target: LocalTarget | undefined;
  try {
    target = await local.target(to, basename(to), overwrite);
    let at = 0;
    let sum = 0;
    for await (const piece of (await zip.openReadStreamPromise(entry, {})) as AsyncIterable<Buffer>) {
      await target.write(piece, at);
      sum = crc32(piece, sum);
      at += piece.length;
    }
    const right = at === file.size && sum === entry.crc32;
    if (right)
      await target.finish(at, file.modified === undefined ? undefined : new Date(file.modified), false);
    else await target.discard();
    return right;
  } catch (error) {
    await target?.discard();
    if (isAppError(error, 'quota_exceeded')) throw error;
    return false; // asked for by itself, it says what is wrong
  }
}
