import { AppError } from '../errors.ts';
import { decode, sniff } from '../extract/encoding.ts';
import { some } from '../nextcloud/resource.ts';
import type { Resource } from '../nextcloud/resource.ts';
import { fetchVersion, restoreVersion, versionsOf } from '../nextcloud/versions.ts';
import type { RemotePath } from '../path.ts';
import { fileSize } from './amount.ts';
import { iso, toEntry } from './entry.ts';
import type { Entry } from './entry.ts';
import type { Reading } from './reading.ts';
import { notAFile, settle, stat } from './service.ts';
import type { Call, Service } from './service.ts';
import { toVersion } from './undo.ts';

export interface OldVersion {
  /** The second in which it was written. */
  readonly version: string;
  readonly modified: string;
  readonly size: number;
  readonly label?: string;
  readonly author?: string;
}

export interface LineRange {
  readonly offset: number;
  readonly limit: number;
}

export interface Versions {
  readonly path: string;
  readonly versions: readonly OldVersion[];
}

/** The older contents of a file, newest first. */
export async function listVersions(service: Service, path: RemotePath, call: Call): Promise<Versions> {
  service.fence.allowReading(path);
  return { path, versions: await past(service, await fileAt(service, path, call), call) };
}

async function past(service: Service, file: Resource, call: Call): Promise<OldVersion[]> {
  const all = await versionsOf(service.account, file.fileId ?? '', call);
  const current = String(Math.floor((file.modified ?? 0) / 1000));
  return all
    .filter(({ id }) => id !== current)
    .map(({ id, size, label, author }) => ({
      version: id,
      modified: iso(Number(id) * 1000) ?? '',
      size,
      ...some('label', label),
      ...some('author', author),
    }));
}

async function fileAt(service: Service, path: RemotePath, call: Call): Promise<Resource> {
  const file = await stat(service, path, call);
  if (file.folder) throw notAFile(path);
  return file;
}

async function known(service: Service, file: Resource, version: string, call: Call): Promise<OldVersion> {
  const found = (await past(service, file, call)).find((each) => each.version === version);
  if (found) return found;
  throw new AppError('not_found', `${file.path} has no old version ${version}`, {
    hint: 'list_versions shows those there are.',
  });
}

export interface RestoredVersion extends Entry {
  readonly undo: string;
}

/** Makes an old version the present one; the present one becomes an old version. */
export async function restoreOld(
  service: Service,
  path: RemotePath,
  version: string,
  call: Call,
): Promise<RestoredVersion> {
  service.fence.allowWriting(path);
  return service.memory.queue.run(path, async () => {
    const before = await fileAt(service, path, call);
    const { fileId = '' } = before;
    const wanted = await known(service, before, version, call);
    try {
      await settle(
        async () => {
          await restoreVersion(service.account, fileId, version, call);
          return wanted;
        },
        async () =>
          (await stat(service, path, call)).modified === Number(version) * 1000 ? wanted : undefined,
        call,
      );
    } finally {
      service.memory.changed(path);
    }
    return { ...toEntry(await stat(service, path, call)), undo: toVersion(path, before) };
  });
}

const MOST = 10 * 1024 * 1024;

/** An old version as text, by lines. */
export async function readOld(
  service: Service,
  path: RemotePath,
  version: string,
  { offset, limit }: LineRange,
  call: Call,
): Promise<Reading> {
  service.fence.allowReading(path);
  const file = await fileAt(service, path, call);
  await known(service, file, version, call);
  const bytes = await fetchVersion(service.account, file.fileId ?? '', version, MOST, call);
  if (!bytes || sniff(bytes.subarray(0, 65_536)).binary)
    throw new AppError(
      bytes ? 'invalid_input' : 'too_large',
      `Version ${version} of ${path} is ${bytes ? 'not a text' : `larger than ${fileSize(MOST)}`}`,
      { hint: 'Look at it in Nextcloud, or make it the present one with restore_version.' },
    );
  const { bom } = sniff(bytes.subarray(0, 65_536));
  const lines = decode(bytes.subarray(bom)).split(/\r\n|\r|\n/);
  if (lines.at(-1) === '') lines.pop();
  const shown: string[] = [];
  let chars = 0;
  for (const line of lines.slice(offset - 1, offset - 1 + limit)) {
    chars += line.length + 1;
    if (chars > service.maxChars - 500) break;
    shown.push(line);
  }
  const last = offset - 1 + shown.length;
  return {
    header: `${path} | version ${version} | ${fileSize(bytes.length)} | lines ${offset} to ${last} of ${lines.length}`,
    ...(shown.length === 0 ? {} : { body: shown.join('\n') }),
    notes: last < lines.length ? [`There is more: go on with offset=${last + 1}.`] : [],
  };
}
