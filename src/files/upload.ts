import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { AppError, isAppError } from '../errors.ts';
import { leased } from '../nextcloud/lease.ts';
import { some } from '../nextcloud/resource.ts';
import type { Resource } from '../nextcloud/resource.ts';
import type { Done } from '../nextcloud/verbs.ts';
import { parentOf, ROOT } from '../path.ts';
import type { RemotePath } from '../path.ts';
import { iso, newEntry, toEntry } from './entry.ts';
import type { Entry } from './entry.ts';
import type { LocalSource } from './local.ts';
import { maybeTorn, mend } from './torn.ts';
import { toTrash, toVersion } from './undo.ts';
import { notAFolder, settle, statIfThere, verbs } from './service.ts';
import type { Call, Service } from './service.ts';

export interface UploadOptions {
  readonly overwrite: boolean;
  /** Replace only what still has this etag. */
  readonly ifMatch?: string | undefined;
  /** Milliseconds since 1970. */
  readonly modified?: number | undefined;
}

export interface Uploaded extends Entry {
  readonly created: boolean;
  readonly replaced: boolean;
  readonly bytes: number;
  readonly checksum: string;
  /** What takes it back. */
  readonly undo: string;
}

/** A body with its length, which can be produced again. */
export type Content = Uint8Array | LocalSource;

/**
 * Stores a file. Without `overwrite` or `ifMatch` the name must be free; with them, only what was
 * seen just before is replaced. The server's own hash of what it received is compared with ours.
 */
export async function upload(
  service: Service,
  path: RemotePath,
  content: Content,
  options: UploadOptions,
  call: Call,
): Promise<Uploaded> {
  const { fence, memory } = service;
  if (path === ROOT)
    throw new AppError('invalid_input', '/ is the home folder', { hint: 'Add the name of the file.' });
  fence.allowWriting(path);
  const run = async (): Promise<Uploaded> => replaceOrMake(service, path, content, options, call);
  if (options.ifMatch === undefined) return run();
  return memory.queue.run(path, async () => leased(service.account, path, call, run));
}

async function replaceOrMake(
  service: Service,
  path: RemotePath,
  content: Content,
  options: UploadOptions,
  call: Call,
): Promise<Uploaded> {
  const replaces = await replaced(service, path, options, call);
  const length = content instanceof Uint8Array ? content.length : content.size;
  const modified = modificationTime(
    options.modified ?? ('stream' in content ? content.modified : undefined),
    replaces,
  );
  try {
    return await store(service, path, content, { length, modified, replaces }, call);
  } catch (error) {
    throw await explain(service, error, path, replaces, call);
  } finally {
    service.memory.changed(path);
  }
}

/** Sends the bytes under the conditions of the plan, and finds out what became of them when that is not said. */
export async function store(
  service: Service,
  path: RemotePath,
  content: Content,
  plan: Plan,
  call: Call,
): Promise<Uploaded> {
  const { length, modified, replaces } = plan;
  const began = Date.now();
  return settle(
    async () => {
      try {
        return await send(service, path, content, plan, call);
      } catch (error) {
        throw replaces && isAppError(error) ? maybeTorn(error) : error;
      }
    },
    async () => {
      if (replaces && content instanceof Uint8Array) {
        const mended = await mend(service, path, content, call);
        if (mended !== undefined) return send(service, path, content, { ...plan, replaces: mended }, call);
      }
      const there = await statIfThere(service, path, call);
      const uploaded = there?.detail?.uploaded ?? 0;
      const ours =
        there?.modified === modified * 1000 &&
        there.size === length &&
        there.etag !== replaces?.etag &&
        uploaded >= service.account.serverTime(began) - TICK_MS;
      return there && ours
        ? { ...toEntry(there), ...outcome(path, replaces), bytes: length, checksum: await digest(content) }
        : undefined;
    },
    call,
  );
}

/** Clocks are compared by a header with whole seconds. */
const TICK_MS = 2000;

async function digest(content: Content): Promise<string> {
  const hash = createHash('sha256');
  for await (const _ of counted(content, (chunk) => hash.update(chunk)));
  return `SHA256:${hash.digest('hex')}`;
}

export interface Plan {
  readonly length: number;
  /** Seconds since 1970. */
  readonly modified: number;
  readonly replaces: Resource | undefined;
}

async function send(
  service: Service,
  path: RemotePath,
  content: Content,
  plan: Plan,
  call: Call,
): Promise<Uploaded> {
  const { put } = await verbs();
  const { length, modified, replaces } = plan;
  let hash = createHash('sha256');
  const stream = (): Readable => {
    hash = createHash('sha256');
    return Readable.from(
      counted(content, (chunk, sent) => {
        hash.update(chunk);
        call.report?.(sent, length, path);
      }),
      { objectMode: false },
    );
  };
  const done = await put(service.account, path, {
    ...call,
    length,
    body: stream,
    headers: {
      'x-oc-mtime': String(modified),
      'x-hash': 'sha256',
      ...(replaces?.etag === undefined ? { 'if-none-match': '*' } : { 'if-match': `"${replaces.etag}"` }),
    },
  });
  const sent = hash.digest('hex');
  check(done, sent, path, replaces);
  return {
    ...newEntry(path, 'file', done.headers),
    size: length,
    ...some('modified', iso(done.headers.get('x-oc-mtime') === 'accepted' ? modified * 1000 : undefined)),
    ...outcome(path, replaces),
    bytes: length,
    checksum: `SHA256:${sent}`,
  };
}

async function* counted(
  content: Content,
  seen: (chunk: Buffer, sent: number) => void,
): AsyncGenerator<Buffer> {
  let sent = 0;
  const chunks = content instanceof Uint8Array ? pieces(content) : content.stream();
  for await (const piece of chunks as AsyncIterable<Buffer>) {
    sent += piece.length;
    seen(piece, sent);
    yield piece;
  }
}

function* pieces(bytes: Uint8Array): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 65_536) yield Buffer.from(bytes.subarray(at, at + 65_536));
}

function check(done: Done, digest: string, path: RemotePath, replaces: Resource | undefined): void {
  const theirs = done.headers.get('x-hash-sha256')?.toLowerCase();
  if (theirs !== undefined && theirs !== digest)
    throw new AppError('invalid_response', `${path} arrived with other contents than were sent`, {
      hint: 'Upload it again with overwrite: true.',
    });
  if ((done.status === 201) !== (replaces === undefined))
    throw new AppError(
      'invalid_response',
      `The server ${done.status === 201 ? 'made a new file' : 'replaced a file'} although it was told not to`,
      {
        hint: `A proxy may have removed the conditions of the request. Look at the versions of ${path} in Nextcloud.`,
      },
    );
}

async function replaced(
  service: Service,
  path: RemotePath,
  options: UploadOptions,
  call: Call,
): Promise<Resource | undefined> {
  const { overwrite, ifMatch } = options;
  if (!overwrite && ifMatch === undefined) return undefined;
  const there = await statIfThere(service, path, call);
  if (there?.folder) throw folderInTheWay(path);
  const wanted = ifMatch === undefined ? undefined : plainEtag(ifMatch);
  if (wanted !== undefined && there?.etag !== wanted)
    throw new AppError(
      'precondition_failed',
      there ? `${path} has changed since it was read` : `${path} does not exist any more`,
      {
        hint: there
          ? `Its etag is now ${there.etag ?? 'unknown'}. Read it again before you replace it.`
          : 'Leave if_match out to make it anew.',
      },
    );
  return there;
}

/** An etag as Nextcloud made it, whatever was put around it on the way. */
export function plainEtag(etag: string): string {
  return etag.replace(/^(W\/)?"|"$/g, '').replace(/-gzip$/, '');
}

const DAY = 86_400;

/**
 * Seconds since 1970. The etag of a local file is made of second and size (observed), so a second that
 * it had before, by this or an earlier write of now, would hide the change.
 */
export function modificationTime(wanted: number | undefined, replaces: Resource | undefined): number {
  const now = Math.floor(Date.now() / 1000);
  const before = replaces?.modified === undefined ? -1 : Math.floor(replaces.modified / 1000);
  if (wanted === undefined) return before >= now && before < now + DAY ? before + 1 : now;
  const seconds = Math.max(DAY + 1, Math.floor(wanted / 1000));
  return seconds === before ? before + 1 : seconds;
}

function outcome(
  path: RemotePath,
  replaces: Resource | undefined,
): Pick<Uploaded, 'created' | 'replaced' | 'undo'> {
  const undo = replaces ? toVersion(path, replaces) : toTrash(path);
  return { created: replaces === undefined, replaced: replaces !== undefined, undo };
}

async function explain(
  service: Service,
  error: unknown,
  path: RemotePath,
  replaces: Resource | undefined,
  call: Call,
): Promise<unknown> {
  if (!isAppError(error)) return error;
  if (error.code === 'precondition_failed' && error.status === 412)
    return replaces
      ? new AppError('precondition_failed', `${path} was changed by somebody else meanwhile`, {
          status: 412,
          hint: 'Read it again, then replace it.',
        })
      : new AppError('exists', `${path} exists already`, {
          status: 412,
          hint: 'Choose another name, or pass overwrite: true to replace it (Nextcloud keeps the old version).',
        });
  if (error.status === 404 || error.status === 409) {
    const parent = await statIfThere(service, parentOf(path), call).catch(() => undefined);
    if (!parent)
      return new AppError('conflict', `The folder ${parentOf(path)} does not exist`, {
        status: error.status,
        hint: 'Make it with create_folder, then try again.',
        cause: error,
      });
    if (!parent.folder) return notAFolder(parentOf(path));
    return folderInTheWay(path);
  }
  return error;
}

function folderInTheWay(path: RemotePath): AppError {
  return new AppError('exists', `${path} exists already and is a folder`, {
    hint: 'Choose another name for the file.',
  });
}
