import type { Headers } from 'undici';
import type { Readable } from 'node:stream';
import type { RemotePath } from '../../path.ts';
import type { Account } from '../account.ts';
import { davList } from './dav-list.ts';
import type { DavOutcome } from './dav-request.ts';
import { drain } from '../transport/body.ts';
import { AppError, isAppError } from '../../errors.ts';

export interface Chunk {
  /** From 1 on. The server joins the chunks in the order of their numbers. */
  readonly number: number;
  readonly length: number;
  readonly body: () => Readable;
}

export interface Merge {
  /** Seconds since 1970. */
  readonly modified: number;
  /** Etag of the file to be replaced; without one the target must not exist. */
  readonly replaces?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface Step {
  readonly method: string;
  readonly name: string;
  readonly expect: readonly number[];
  readonly headers?: Record<string, string>;
  readonly body?: () => Readable;
  readonly quietMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** The slowest speed at which the server may join chunks, in bytes per millisecond. */
const MIN_JOIN_SPEED = 5000;

/** Milliseconds that the server may take to join chunks. @param total their bytes */
export function joinMs(total: number): number {
  return total / MIN_JOIN_SPEED;
}

/**
 * Chunked upload v2 (Nextcloud developer manual): a folder of chunks below `uploads/`, which a MOVE turns into
 * the file. The target does not change until then.
 */
export class ChunkedUpload {
  readonly id: string;
  readonly #account: Account;
  readonly #target: RemotePath;
  readonly #total: number;

  constructor(account: Account, id: string, target: RemotePath, total: number) {
    this.#account = account;
    this.id = id;
    this.#target = target;
    this.#total = total;
  }

  async open(signal?: AbortSignal): Promise<void> {
    await this.#send({ method: 'MKCOL', name: '', expect: [201], signal });
  }

  /** Bytes of each chunk that has arrived, by its number; undefined when the upload no longer exists. */
  async arrived(signal?: AbortSignal): Promise<ReadonlyMap<number, number> | undefined> {
    const place = (userId: string): string[] => ['uploads', userId, this.id];
    try {
      const rows = await davList(this.#account, place, ['d:getcontentlength'], { signal });
      const sizes = new Map<number, number>();
      for (const row of rows) {
        const [name = ''] = row.names;
        const size = row.text('d:getcontentlength');
        if (/^\d{5}$/.test(name) && size !== undefined) sizes.set(Number(name), Number(size));
      }
      return sizes;
    } catch (error) {
      if (isAppError(error, 'not_found')) return undefined;
      throw error;
    }
  }

  /** Sends a chunk. With `hash` the headers of the answer have the hash that the server computed. */
  async put({ number, length, body }: Chunk, hash: boolean, signal?: AbortSignal): Promise<Headers> {
    const { headers } = await this.#step({
      method: 'PUT',
      name: `/${String(number).padStart(5, '0')}`,
      expect: [201, 204],
      headers: { 'content-length': String(length), ...(hash ? { 'x-hash': 'sha1' } : {}) },
      body,
      signal,
    });
    return headers;
  }

  /** Conditions on the target are Overwrite and If: If-Match and If-None-Match would be about the chunks. */
  async merge({ modified, replaces, signal }: Merge): Promise<DavOutcome> {
    return this.#account.run(async (userId) =>
      this.#step({
        method: 'MOVE',
        name: '/.file',
        expect: [201, 204],
        headers: {
          overwrite: replaces === undefined ? 'F' : 'T',
          'x-oc-mtime': String(modified),
          ...(replaces === undefined ? {} : { if: `<${this.#url(userId)}> (["${replaces}"])` }),
        },
        quietMs: this.#account.patienceMs + joinMs(this.#total),
        signal,
      }),
    );
  }

  /** Removes the upload, which may no longer exist. */
  async remove(signal?: AbortSignal): Promise<void> {
    await this.#send({ method: 'DELETE', name: '', expect: [204, 404], signal });
  }

  // The server removes an upload that received nothing for a day.
  async #step(step: Step): Promise<DavOutcome> {
    try {
      return await this.#send(step);
    } catch (error) {
      if (!isAppError(error, 'not_found')) throw error;
      throw new AppError('unavailable', 'The server has removed the upload', { cause: error });
    }
  }

  #url(userId: string): string {
    return this.#account.origin + this.#account.address.file(userId, this.#target);
  }

  #path(userId: string, name: string): string {
    return `${this.#account.address.uploadsBase(userId)}/${this.id}${name}`;
  }

  async #send(step: Step): Promise<DavOutcome> {
    return this.#account.run((userId) =>
      this.#account.exchange(
        {
          ...step,
          path: this.#path(userId, step.name),
          // Sent with every request, so that the server can check the quota and choose the storage early.
          headers: {
            destination: this.#url(userId),
            'oc-total-length': String(this.#total),
            ...step.headers,
          },
          ...(step.quietMs === undefined && step.body === undefined ? {} : { transfer: true }),
          wanted: 'the confirmation of an upload',
        },
        async (reply) => {
          await drain(reply.body);
          return { status: reply.status, headers: reply.headers };
        },
      ),
    );
  }
}
