import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { AppError, isAppError } from '../../errors.ts';
import { isLoopbackHost } from '../../nextcloud/address.ts';
import { some } from '../../nextcloud/dav/resource.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { DavOutcome } from '../../nextcloud/dav/dav-request.ts';
import { parentOf } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import { readContent } from './content.ts';
import type { Content } from './content.ts';
import { iso, newEntry, toEntry } from '../entry/entry.ts';
import type { Entry } from '../entry/entry.ts';
import type { TransferRecord } from '../journal/journal.ts';
import { LocalSource } from '../local/local-source.ts';
import { reconcile, statIfThere, davMethods } from '../context/service.ts';
import type { Call, Service } from '../context/service.ts';
import { maybeTorn, tornAt } from './torn-write.ts';

export interface Uploaded extends Entry {
  readonly created: boolean;
  readonly replaced: boolean;
  readonly bytes: number;
  /** It was there already, and nothing was sent. */
  readonly same?: true;
  /** Of a file that was hashed on its way. */
  readonly checksum?: string;
  /** What takes it back. */
  readonly undo?: string;
}

/** Replaced by a plain PUT up to here: one that breaks off leaves a torn file, which a small one hardly does. */
const REPLACED_AT_ONCE = 1024 * 1024;
/** Every server takes this much in one request. */
const SENT_AT_ONCE = 10_000_000;

/** Clocks are compared by a header with whole seconds. */
const TICK_MS = 2000;

/** What is to be stored, and in place of what. */
export interface SendPlan {
  readonly length: number;
  /** Seconds since 1970. */
  readonly modified: number;
  readonly replaces: Resource | undefined;
}

/** Sends the bytes under the conditions of the plan, and finds out what became of them when that is not said. */
export async function sendContent(
  service: Service,
  path: RemotePath,
  content: Content,
  plan: SendPlan,
  call: Call,
): Promise<Uploaded> {
  if (!(await fitsOneRequest(service, plan, call))) return sendLarge(service, path, content, plan, call);
  try {
    return await sendWhole(service, path, content, plan, call);
  } catch (error) {
    // A proxy may take less at once than the Nextcloud behind it.
    if (!isAppError(error, 'too_large') || plan.length <= SENT_AT_ONCE) throw error;
    return sendLarge(service, path, content, plan, call);
  }
}

async function fitsOneRequest(
  service: Service,
  { length, replaces }: SendPlan,
  call: Call,
): Promise<boolean> {
  if (replaces !== undefined) return length <= REPLACED_AT_ONCE;
  return length <= SENT_AT_ONCE || length <= (await service.capabilities(call)).maxBody;
}

/** One PUT. */
async function sendWhole(
  service: Service,
  path: RemotePath,
  content: Content,
  plan: SendPlan,
  call: Call,
): Promise<Uploaded> {
  const sought = { size: plan.length, modified: plan.modified, began: Date.now() };
  const { replaces } = plan;
  return reconcile(
    async () => {
      try {
        return await send(service, path, content, plan, call);
      } catch (error) {
        throw replaces && isAppError(error) ? maybeTorn(error) : error;
      }
    },
    async () => {
      const torn = replaces && (await tornAt(service, path, content, call));
      if (torn) return send(service, path, content, { ...plan, replaces: torn }, call);
      const there = await stored(
        service,
        path,
        { ...sought, ...some('replaces', plan.replaces?.etag) },
        call,
      );
      return there && (hashes(service, plan) ? { ...there, checksum: await digest(content) } : there);
    },
    call,
  );
}

/** Chunks, and one MOVE that makes them the file. */
async function sendLarge(
  service: Service,
  path: RemotePath,
  content: Content,
  { length, modified, replaces }: SendPlan,
  call: Call,
): Promise<Uploaded> {
  const { sendChunked } = await import('./chunked-upload.ts');
  return sendChunked<Uploaded>(
    service,
    path,
    content,
    {
      modified,
      replaces: replaces?.etag,
      mustFit: async () => {
        if (replaces) return;
        // What the MOVE would say, before gigabytes are sent.
        const there = await statIfThere(service, path, call);
        if (there && !there.folder)
          throw new AppError('precondition_failed', 'The name is taken', { status: 412 });
        const parent = await statIfThere(service, parentOf(path), call);
        if (there || !parent?.folder)
          throw new AppError('conflict', 'There cannot be a file here', { status: 409 });
      },
      stored: async (note) => stored(service, path, note, call),
      answered: (done) => {
        mustBe(done, replaces);
        return {
          ...described(path, done, modified),
          ...outcome(replaces !== undefined),
          size: length,
          bytes: length,
        };
      },
    },
    call,
  );
}

type Sought = Pick<TransferRecord, 'size' | 'modified' | 'began' | 'replaces'>;

/** What is there, if it can only be the file that was sent. */
async function stored(
  service: Service,
  path: RemotePath,
  { size, modified, began, replaces }: Sought,
  call: Call,
): Promise<Uploaded | undefined> {
  const there = await statIfThere(service, path, call);
  const ours =
    there?.modified === modified * 1000 &&
    there.size === size &&
    there.etag !== replaces &&
    (there.detail?.uploaded ?? 0) >= service.account.serverTime(began) - TICK_MS;
  return there && ours ? { ...toEntry(there), ...outcome(replaces !== undefined), bytes: size } : undefined;
}

async function digest(content: Content): Promise<string> {
  const hash = createHash('sha256');
  for await (const _ of counted(content, (chunk) => hash.update(chunk)));
  return `SHA256:${hash.digest('hex')}`;
}

// On this computer there is no wire that could change a byte, and hashing takes longer than sending.
function hashes({ account }: Service, { length }: SendPlan): boolean {
  return length <= SENT_AT_ONCE || !isLoopbackHost(account.origin);
}

async function send(
  service: Service,
  path: RemotePath,
  content: Content,
  plan: SendPlan,
  call: Call,
): Promise<Uploaded> {
  const { davPut } = await davMethods();
  const { length, modified, replaces } = plan;
  const hashed = hashes(service, plan);
  let hash = createHash('sha256');
  const stream = (): Readable => {
    hash = createHash('sha256');
    return Readable.from(
      counted(content, async (chunk, sent) => {
        if (hashed) hash.update(chunk);
        call.report?.(sent, length, path);
        // A body that stops short of its length is no file; one that replaces would tear what is there.
        if (sent === length && !replaces && content instanceof LocalSource) await content.mustBeSame();
      }),
      { objectMode: false },
    );
  };
  const done = await davPut(service.account, path, {
    ...call,
    length,
    body: stream,
    headers: {
      'x-oc-mtime': String(modified),
      ...(hashed ? { 'x-hash': 'sha256' } : {}),
      ...(replaces?.etag === undefined ? { 'if-none-match': '*' } : { 'if-match': `"${replaces.etag}"` }),
    },
  });
  const sent = hashed ? hash.digest('hex') : undefined;
  if (sent !== undefined) check(done, sent, path);
  mustBe(done, replaces);
  return {
    ...described(path, done, modified),
    ...outcome(replaces !== undefined),
    size: length,
    bytes: length,
    ...some('checksum', sent && `SHA256:${sent}`),
  };
}

function described(path: RemotePath, { headers }: DavOutcome, modified: number): Entry {
  const accepted = headers.get('x-oc-mtime') === 'accepted';
  return {
    ...newEntry(path, 'file', headers),
    ...some('modified', iso(accepted ? modified * 1000 : undefined)),
  };
}

async function* counted(
  content: Content,
  seen: (chunk: Buffer, sent: number) => unknown,
): AsyncGenerator<Buffer> {
  let sent = 0;
  for await (const piece of readContent(content)) {
    sent += piece.length;
    await seen(piece, sent);
    yield piece;
  }
}

function check(done: DavOutcome, digest: string, path: RemotePath): void {
  const theirs = done.headers.get('x-hash-sha256')?.toLowerCase();
  if (theirs !== undefined && theirs !== digest)
    throw new AppError('invalid_response', `${path} arrived with other contents than were sent`, {
      hint: 'Upload it again with overwrite: true.',
    });
}

function mustBe(done: DavOutcome, replaces: Resource | undefined): void {
  if ((done.status === 201) === (replaces === undefined)) return;
  throw new AppError(
    'invalid_response',
    `The server ${done.status === 201 ? 'made a new file' : 'replaced a file'} although it was told not to`,
    {
      hint: 'A proxy may have removed the conditions of the request. Look at the versions of the file in Nextcloud.',
    },
  );
}

function outcome(replaced: boolean): { created: boolean; replaced: boolean } {
  return { created: !replaced, replaced };
}
