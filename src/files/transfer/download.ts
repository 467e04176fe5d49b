import { createHash } from 'node:crypto';
import { AppError, isAppError } from '../../errors.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import { baseName } from '../../path.ts';
import type { TransferRecord, Subject } from '../journal/journal.ts';
import { localName } from '../local/local-name.ts';
import { LocalTarget } from '../local/local-target.ts';
import { fetchParts } from './download-parts.ts';
import { readRange } from '../read/range.ts';
import { sameOnDisk } from './same-file.ts';
import type { Call, Service } from '../context/service.ts';
import { isResumable, withResumeHint } from '../journal/suspended.ts';

export interface Downloaded {
  readonly remote_path: string;
  readonly local_path: string;
  readonly bytes: number;
  /** It was there already, and nothing was fetched. */
  readonly same?: true;
  /** Of a large file only what the server has to compare with: hashing takes longer than fetching. */
  readonly checksum?: string;
  /** Whether the server keeps a checksum and it was the same. */
  readonly verified: boolean;
}

/** From here on a file is fetched in parts, and what has come is noted for a later call. */
const LARGE = 32 * 1024 * 1024;

/** Stores a file on this computer: under its name only when whole, of the right size and checksum. */
export async function fetchTo(
  service: Service,
  file: Resource,
  localPath: string,
  overwrite: boolean,
  call: Call,
): Promise<Downloaded> {
  const { local, journal, account } = service;
  const name = localName(baseName(file.path), process.platform);
  const local_path = await local.finalPath(localPath, name);
  const subject: Subject = { kind: 'download', account: account.name, remote_path: file.path, local_path };
  const run = async (): Promise<Downloaded> => fetchAlone(service, file, subject, overwrite, call);
  const noted = isLarge(file) || (await journal.read(subject)) !== undefined;
  return noted ? journal.alone(subject, run) : run();
}

function isLarge({ size = 0 }: Resource): boolean {
  return size >= LARGE;
}

async function fetchAlone(
  service: Service,
  file: Resource,
  subject: Subject,
  overwrite: boolean,
  call: Call,
): Promise<Downloaded> {
  const { local, journal } = service;
  const { local_path } = subject;
  const size = file.size ?? 0;
  const large = isLarge(file);
  const found = await journal.read(subject);
  const old = large && found?.version === versionOf(file) ? found : undefined;
  if (found && !old) {
    await LocalTarget.remove(local_path, found.place);
    await journal.remove(subject);
  }
  const same = await sameOnDisk(service, file, subject, old, call);
  if (same) return same;
  const place = old?.place ?? LocalTarget.placeFor(local_path);
  // Known before it is there: whatever happens, it is found again.
  if (large && !old) await journal.write(noteOf(subject, file, place, undefined));
  const target = await local.target(local_path, '', overwrite, place).catch(async (error: unknown) => {
    // An earlier call may have been done, and ended before it could clear away. What it left undone is kept.
    if (!old || (await LocalTarget.settled(local_path, place))) await journal.remove(subject);
    throw error;
  });
  try {
    await target.reserve(size);
    const digests = large ? undefined : await fetchWhole(service, file, target, call);
    const left = target.reopened ? old : undefined;
    if (large) await fetchParts(service, file, target, noteOf(subject, file, target.temporary, left), call);
    const checked = await verify(file, target, digests);
    await target.finish(size, file.modified === undefined ? undefined : new Date(file.modified));
    await journal.remove(subject);
    return { remote_path: file.path, local_path: target.path, bytes: size, ...checked };
  } catch (error) {
    if (large && isResumable(error, call.signal)) {
      await target.keep();
      throw withResumeHint(error);
    }
    await target.discard();
    await journal.remove(subject);
    throw isAppError(error, 'conflict') ? changedMeanwhile(file.path) : error;
  }
}

/** What an earlier call has left counts only for the same version of the file. */
function versionOf({ fileId, etag, size }: Resource): string {
  return `${fileId ?? ''} ${etag ?? ''} ${size ?? ''}`;
}

function noteOf(
  subject: Subject,
  file: Resource,
  place: string,
  old: TransferRecord | undefined,
): TransferRecord {
  return {
    ...subject,
    size: file.size ?? 0,
    version: versionOf(file),
    place,
    share: old?.share ?? 0,
    done: old?.done ?? [],
    modified: 0,
    began: Date.now(),
  };
}

const algorithms = ['SHA256', 'SHA1', 'MD5'] as const;
type Algorithm = (typeof algorithms)[number];
type Digests = Partial<Record<Algorithm, string>>;

/** Of what the server's checksums are made of, the first that is known here. */
function known(file: Resource): { name: Algorithm; value: string } | undefined {
  for (const checksum of file.detail?.checksums ?? []) {
    const [text = '', value = ''] = checksum.split(':');
    const name = algorithms.find((algorithm) => algorithm === text.toUpperCase());
    if (name) return { name, value: value.toLowerCase() };
  }
  return undefined;
}

/** Writes the body as it comes, and its digests with it. */
async function fetchWhole(
  service: Service,
  file: Resource,
  target: LocalTarget,
  call: Call,
): Promise<Digests> {
  const size = file.size ?? 0;
  const names = [...new Set<Algorithm>(['SHA256', known(file)?.name ?? 'SHA256'])];
  const hashes = names.map((name) => ({ name, hash: createHash(name.toLowerCase()) }));
  let got = 0;
  await readRange(service, { file, start: 0, end: size }, call, async (chunk) => {
    await target.write(chunk, got);
    for (const { hash } of hashes) hash.update(chunk);
    got += chunk.length;
    call.report?.(got, size, file.path);
    return true;
  });
  return Object.fromEntries(hashes.map(({ name, hash }) => [name, hash.digest('hex')]));
}

async function verify(
  file: Resource,
  target: LocalTarget,
  digests: Digests | undefined,
): Promise<{ checksum?: string; verified: boolean }> {
  const theirs = known(file);
  const ours = digests ?? (theirs ? await digestOf(target, theirs.name) : {});
  // Stored by whoever uploaded the file and kept by edits of some apps, so a difference is told and not judged.
  const verified = theirs !== undefined && ours[theirs.name] === theirs.value;
  const [shown] = Object.entries(ours);
  return { ...(shown ? { checksum: shown.join(':') } : {}), verified };
}

async function digestOf(target: LocalTarget, name: Algorithm): Promise<Digests> {
  const hash = createHash(name.toLowerCase());
  for await (const piece of target.read()) hash.update(piece);
  return { [name]: hash.digest('hex') };
}

function changedMeanwhile(path: string): AppError {
  return new AppError('conflict', `${path} changed while it was downloaded. Nothing was kept`, {
    hint: 'Download it again.',
  });
}
