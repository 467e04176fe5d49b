import { AppError } from '../../errors.ts';
import { some } from '../../nextcloud/dav/resource.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import { fetchVersion, restoreFileVersion, listFileVersions } from '../../nextcloud/apps/versions.ts';
import type { RemotePath } from '../../path.ts';
import { formatBytes } from '../../text/byte-size.ts';
import { mapInSlices } from '../../time-slices.ts';
import { fitting, room } from '../entry/cursor.ts';
import { iso, toEntry } from '../entry/entry.ts';
import type { Entry } from '../entry/entry.ts';
import { describePart, readLinePage } from '../lines/line-page.ts';
import type { Reading } from '../read/reading.ts';
import type { Call } from '../context/call.ts';
import type { ChangeQueue } from '../context/change-queue.ts';
import { reconcile } from '../context/reconcile.ts';
import { notAFile, stat, statAfterChange } from '../context/stat.ts';
import type { PolicyParts } from '../context/stat.ts';
import { noting } from '../history/recorder.ts';
import type { Intent } from '../history/recorder.ts';

export interface OldVersion {
  /** The second in which it was written. */
  readonly version: string;
  readonly modified: string;
  readonly size: number;
  readonly label?: string;
  readonly author?: string;
}

export interface VersionOfFile {
  readonly path: RemotePath;
  /** The `version` of an `OldVersion`: the second in which it was written. */
  readonly version: string;
  /** Only while the file has this etag. */
  readonly ifMatch?: string | undefined;
}

export interface LineRange {
  readonly offset: number;
  readonly limit: number;
}

export interface VersionList {
  readonly path: string;
  readonly versions: readonly OldVersion[];
  /** How many there are, if not all of them fit into the result. */
  readonly total?: number;
}

/** The older contents of a file, newest first. */
export async function listOldVersions(
  parts: PolicyParts & { readonly maxChars: number },
  path: RemotePath,
  call: Call,
): Promise<VersionList> {
  parts.policy.assertReadable(path);
  const all = await past(parts, await fileAt(parts, path, call), call);
  const versions = fitting(all, Infinity, room(parts.maxChars, path));
  return { path, versions, ...some('total', versions.length < all.length ? all.length : undefined) };
}

async function past(parts: PolicyParts, file: Resource, call: Call): Promise<OldVersion[]> {
  const all = await listFileVersions(parts.account, file.fileId ?? '', call);
  const current = String(Math.floor((file.modified ?? 0) / 1000));
  return mapInSlices(
    all.filter(({ id }) => id !== current),
    ({ id, size, label, author }): OldVersion => ({
      version: id,
      modified: iso(Number(id) * 1000) ?? '',
      size,
      ...some('label', label),
      ...some('author', author),
    }),
    call.signal,
  );
}

async function fileAt(parts: PolicyParts, path: RemotePath, call: Call): Promise<Resource> {
  const file = await stat(parts, path, call);
  if (file.folder) throw notAFile(path);
  return file;
}

async function known(parts: PolicyParts, file: Resource, version: string, call: Call): Promise<OldVersion> {
  const found = (await past(parts, file, call)).find((each) => each.version === version);
  if (found) return found;
  throw new AppError('not_found', `${file.path} has no old version ${version}`, {
    remedy: { kind: 'list-versions' },
  });
}

/** Makes an old version the present one; the present one becomes an old version. */
export async function restoreOldVersion(
  parts: PolicyParts & { readonly changeQueue: ChangeQueue },
  { path, version, ifMatch }: VersionOfFile,
  call: Call,
): Promise<Entry> {
  parts.policy.assertWritable(path);
  return parts.changeQueue.run(path, async () => {
    const before = await fileAt(parts, path, call);
    if (ifMatch !== undefined && before.etag !== ifMatch)
      throw new AppError('precondition_failed', `${path} was changed meanwhile`, { hint: 'Read it again.' });
    const wanted = await known(parts, before, version, call);
    const restored = await noting(
      call,
      intentOf(before, wanted),
      async () => restore(parts, before, wanted, call),
      ({ etag, fileId }) => ({ etag, fileId }),
    );
    return toEntry(restored);
  });
}

function intentOf({ path, fileId, etag, size, modified }: Resource, wanted: OldVersion): Intent {
  const old = { ...some('oldSize', size), ...some('oldModified', modified) };
  const now = { size: wanted.size, modified: Number(wanted.version) };
  return { fact: { kind: 'replaced', path, ...now, ...old }, before: { fileId, etag } };
}

async function restore(
  parts: PolicyParts,
  before: Resource,
  wanted: OldVersion,
  call: Call,
): Promise<Resource> {
  const { path, fileId = '' } = before;
  const { version, size } = wanted;
  try {
    await reconcile(
      async () => {
        await restoreFileVersion(parts.account, fileId, version, call);
        return wanted;
      },
      async () => {
        const now = await stat(parts, path, call);
        if (now.modified === Number(version) * 1000) return wanted;
        return now.etag === before.etag ? undefined : 'unclear';
      },
      call,
      { once: true, remedy: { kind: 'verify-change', place: 'versions' } },
    );
  } finally {
    parts.metadata.changed(path);
  }
  const { etag: _, ...same } = before;
  return (await statAfterChange(parts, path, call)) ?? { ...same, size, modified: Number(version) * 1000 };
}

const MOST = 10 * 1024 * 1024;

/** An old version as text, by lines. */
export async function readOldVersion(
  parts: PolicyParts & { readonly maxChars: number },
  { path, version }: VersionOfFile,
  { offset, limit }: LineRange,
  call: Call,
): Promise<Reading> {
  parts.policy.assertReadable(path);
  const file = await fileAt(parts, path, call);
  const wanted = await known(parts, file, version, call);
  const bytes = await fetchVersion(parts.account, { fileId: file.fileId ?? '', id: version }, MOST, call);
  if (bytes && bytes.length !== wanted.size)
    throw new AppError(
      'invalid_response',
      `The server sent ${bytes.length} bytes of version ${version} of ${path}, which has ${wanted.size}`,
      { hint: 'Try again.' },
    );
  const size = { skip: offset - 1, count: limit, chars: parts.maxChars - 1000 - path.length };
  const part = bytes && (await readLinePage(bytes, size, call.signal));
  if (!part)
    throw new AppError(
      bytes ? 'invalid_input' : 'too_large',
      `Version ${version} of ${path} is ${bytes ? 'not a text' : `larger than ${formatBytes(MOST)}`}`,
      { remedy: { kind: 'restore-version' } },
    );
  const { lines, cutLines, next } = part;
  return {
    header: `${path} | version ${version} | ${formatBytes(bytes.length)} | ${describePart(part)}`,
    ...(lines.length === 0 ? {} : { body: lines.join('\n') }),
    notes: [
      ...(next === undefined ? [] : [{ remedy: { kind: 'read-on', offset: next } } as const]),
      ...(cutLines === 1 ? ['A long line is cut.'] : []),
      ...(cutLines > 1 ? [`${cutLines} long lines are cut.`] : []),
    ],
  };
}
