import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { AppError, isAppError } from '../../errors.ts';
import { isLoopbackHost } from '../../nextcloud/address.ts';
import type { DavOutcome } from '../../nextcloud/dav/dav-request.ts';
import { some } from '../../nextcloud/dav/resource.ts';
import { hesitant } from '../../nextcloud/transport/body.ts';
import type { RemotePath } from '../../path.ts';
import { formatBytes } from '../../text/byte-size.ts';
import type { Call } from '../context/call.ts';
import { davMethods } from '../context/dav-methods.ts';
import { reconcile } from '../context/reconcile.ts';
import { statAfterChange } from '../context/stat.ts';
import type { StatParts } from '../context/stat.ts';
import type { Intent } from '../history/recorder.ts';
import { noting } from '../history/recorder.ts';
import { LocalSource } from '../local/local-source.ts';
import { contentSize, readContent } from './content.ts';
import type { Content } from './content.ts';
import { findUploaded, uploadedFile } from './file-write.ts';
import type { FileWrite, SendParts, Uploaded } from './file-write.ts';
import { maybeTorn, tornAt } from './torn-write.ts';

/** The largest file that a plain PUT replaces: one that breaks off leaves a torn file, which is unlikely for a small one. */
const MAX_REPLACING_PUT_BYTES = 1024 * 1024;
/** Every server accepts a request body of this size. */
const MAX_SAFE_PUT_BYTES = 10_000_000;

/** Sends the contents under the conditions of the write. If the response is lost, finds out what happened. */
export async function sendContent(parts: SendParts, write: FileWrite, call: Call): Promise<Uploaded> {
  return noting(
    call,
    intentOf(write),
    async () => send(parts, write, call),
    ({ file_id, etag }) => ({ fileId: file_id ?? write.replaces?.fileId, etag }),
  );
}

/** What is noted of a write. */
export function intentOf({ path, content, modified, replaces }: FileWrite): Intent {
  const size = contentSize(content);
  if (!replaces) return { fact: { kind: 'made', path, folder: false, how: 'written', size, modified } };
  const { fileId, etag } = replaces;
  const old = { ...some('oldSize', replaces.size), ...some('oldModified', replaces.modified) };
  return { fact: { kind: 'replaced', path, size, modified, ...old }, before: { fileId, etag } };
}

async function send(parts: SendParts, write: FileWrite, call: Call): Promise<Uploaded> {
  if (!(await fitsOneRequest(parts, write, call))) return sendInChunks(parts, write, call);
  try {
    return await new SinglePut(parts, write, call).run();
  } catch (error) {
    // A proxy may accept less in one request than the Nextcloud behind it.
    if (!isAppError(error, 'too_large') || contentSize(write.content) <= MAX_SAFE_PUT_BYTES) throw error;
    return sendInChunks(parts, write, call);
  }
}

async function fitsOneRequest(
  parts: SendParts,
  { content, replaces }: FileWrite,
  call: Call,
): Promise<boolean> {
  const size = contentSize(content);
  if (replaces !== undefined) return size <= MAX_REPLACING_PUT_BYTES;
  return size <= MAX_SAFE_PUT_BYTES || size <= (await parts.capabilities(call)).maxBody;
}

// Loaded with the first large file.
async function sendInChunks(parts: SendParts, write: FileWrite, call: Call): Promise<Uploaded> {
  const { uploadInChunks } = await import('./chunked-upload.ts');
  return uploadInChunks(parts, write, call);
}

/** A file that is written by one PUT. */
class SinglePut {
  readonly #parts: StatParts;
  readonly #write: FileWrite;
  readonly #call: Call;
  readonly #size: number;
  /** On this computer no network can change a byte, and hashing takes longer than sending. */
  readonly #isHashed: boolean;
  readonly #began = Date.now();
  #attempts = 0;

  constructor(parts: StatParts, write: FileWrite, call: Call) {
    this.#parts = parts;
    this.#write = write;
    this.#call = call;
    this.#size = contentSize(write.content);
    this.#isHashed = this.#size <= MAX_SAFE_PUT_BYTES || !isLoopbackHost(parts.account.origin);
  }

  async run(): Promise<Uploaded> {
    const put = async (): Promise<Uploaded> => {
      try {
        return await this.#put(this.#write);
      } catch (error) {
        throw this.#write.replaces && isAppError(error) ? maybeTorn(error) : error;
      }
    };
    return reconcile(put, async () => this.#outcome(), this.#call);
  }

  /** What became of a PUT without a response. A torn file is replaced at once. */
  async #outcome(): Promise<Uploaded | undefined> {
    const { path, content, modified, replaces } = this.#write;
    const torn = replaces && (await tornAt(this.#parts, path, content, this.#call));
    if (torn) return this.#put({ ...this.#write, replaces: torn });
    const traits = { size: this.#size, modified, began: this.#began, ...some('replaces', replaces?.etag) };
    const found = await findUploaded(this.#parts, path, traits, this.#call);
    return found && (this.#isHashed ? { ...found, checksum: await checksumOf(content) } : found);
  }

  async #put(write: FileWrite): Promise<Uploaded> {
    const { davPut } = await davMethods();
    const { path, content, modified, replaces } = write;
    let hash = createHash('sha256');
    const body = (): Readable => {
      hash = createHash('sha256');
      const counted = countBytes(content, async (chunk, sent) => {
        if (this.#isHashed) hash.update(chunk);
        this.#call.report?.(sent, this.#size, path);
        // A body shorter than its length makes no new file. If it replaces a file, it would tear that one.
        if (sent === this.#size && !replaces && content instanceof LocalSource) await content.mustBeSame();
      });
      return Readable.from(this.#attempts > 1 ? hesitant(counted) : counted, { objectMode: false });
    };
    this.#attempts++;
    const done = await davPut(this.#parts.account, path, {
      ...this.#call,
      length: this.#size,
      body,
      headers: {
        'x-oc-mtime': String(modified),
        ...(this.#isHashed ? { 'x-hash': 'sha256' } : {}),
        ...(replaces?.etag === undefined ? { 'if-none-match': '*' } : { 'if-match': `"${replaces.etag}"` }),
      },
    });
    const digest = this.#isHashed ? hash.digest('hex') : undefined;
    if (!isConfirmed(done, digest, path)) await this.#assertArrived();
    return { ...uploadedFile(write, done), ...some('checksum', digest && `SHA256:${digest}`) };
  }

  /** A proxy may lose the body of a request, and the server then stores an empty file with success. */
  async #assertArrived(): Promise<void> {
    const { path, replaces } = this.#write;
    const found = await statAfterChange(this.#parts, path, this.#call);
    if (found?.size === undefined || found.size === this.#size) return;
    throw new AppError(
      'invalid_response',
      `${path} has ${formatBytes(found.size)} in the Nextcloud instead of ${formatBytes(this.#size)}: its contents were lost on the way`,
      replaces
        ? {
            hint: 'Nextcloud keeps the contents from before as a version.',
            remedy: { kind: 'list-versions' },
          }
        : { remedy: { kind: 'upload-again' } },
    );
  }
}

async function checksumOf(content: Content): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of readContent(content)) hash.update(chunk);
  return `SHA256:${hash.digest('hex')}`;
}

async function* countBytes(
  content: Content,
  onChunk: (chunk: Buffer, sent: number) => Promise<void>,
): AsyncGenerator<Buffer> {
  let sent = 0;
  for await (const chunk of readContent(content)) {
    sent += chunk.length;
    await onChunk(chunk, sent);
    yield chunk;
  }
}

/** Compares with the server's own hash of what it received. @returns false where it sends none */
function isConfirmed(done: DavOutcome, digest: string | undefined, path: RemotePath): boolean {
  const theirs = done.headers.get('x-hash-sha256')?.toLowerCase();
  if (digest === undefined || theirs === undefined) return false;
  if (theirs !== digest)
    throw new AppError('invalid_response', `${path} arrived with other contents than were sent`, {
      remedy: { kind: 'upload-again' },
    });
  return true;
}
