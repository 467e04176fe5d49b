import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { AppError } from '../../errors.ts';
import { escapeCost } from '../../text/foreign-text.ts';
import type { RemotePath } from '../../path.ts';
import { decodeCursor, encodeCursor } from './cursor-bytes.ts';
import type { Cursor } from './cursor-bytes.ts';

/** What a cursor belongs to: it is taken for nothing else. */
export interface CursorScope {
  readonly folder: RemotePath;
  /** All options that decide which entries are shown, and in which order. */
  readonly query: unknown;
}

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A cursor is read and repeated by a model, which pays for each character. */
export const MAX_CURSOR_CHARS = 120;
const MAX_PLAIN_BYTES = (MAX_CURSOR_CHARS * 3) / 4 - NONCE_BYTES - TAG_BYTES;

/** The first byte of a handle; the flags of a cursor are smaller. */
const HANDLE = 0x80;
const HANDLE_BYTES = 12;
/** Bytes of all remembered cursors of one workspace. */
const MAX_REMEMBERED_BYTES = 256 * 1024;
const MAX_REMEMBERED = 500;

const restart = { remedy: { kind: 'restart-listing' } } as const;

/**
 * Seals cursors for one principal. They tell nothing, because offsets of a search count hidden files, and they cannot be
 * made up. A cursor that would be too long is remembered here, and a handle to it is given out, sealed like a cursor.
 *
 * The length of a cursor depends only on the last entry that was shown.
 */
export class Cursors {
  readonly #key: Buffer;
  readonly #catalogue: string;
  #remembered: LRUCache<string, Buffer> | undefined;

  /**
   * @param signingKey of the process, or shared by several processes that take each other's cursors
   * @param principal whose cursors these are: nobody else's are taken
   * @param catalogue what decides what a query means beside its options; cursors of another one are not taken
   */
  constructor(signingKey: Uint8Array, principal: string, catalogue: string) {
    this.#key = createHmac('sha256', signingKey)
      .update(JSON.stringify(['cursor', principal]))
      .digest();
    this.#catalogue = catalogue;
  }

  /** At most {@link MAX_CURSOR_CHARS} characters. */
  write(cursor: Cursor, scope: CursorScope): string {
    const plain = encodeCursor(cursor, scope.folder);
    return this.#seal(plain.length <= MAX_PLAIN_BYTES ? plain : this.#remember(plain), scope);
  }

  /**
   * @throws AppError `invalid_input` for anything that was not given out to the same principal for the same query, and
   * for what is not remembered any more
   */
  read(text: string, scope: CursorScope): Cursor {
    const plain = this.#open(text.trim(), scope);
    if (!plain)
      throw new AppError(
        'invalid_input',
        'The cursor cannot be continued here: another folder, search or process of the server gave it out',
        restart,
      );
    if (plain[0] !== HANDLE) return decodeCursor(plain, scope.folder);
    const remembered = this.#remembered?.get(plain.toString('hex'));
    if (!remembered)
      throw new AppError(
        'invalid_input',
        'The cursor cannot be continued: this process of the server did not give it out, or has forgotten it',
        restart,
      );
    return decodeCursor(remembered, scope.folder);
  }

  #seal(plain: Buffer, scope: CursorScope): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(this.#bound(scope));
    const sealed = [cipher.update(plain), cipher.final(), cipher.getAuthTag()];
    return Buffer.concat([nonce, ...sealed]).toString('base64url');
  }

  #open(text: string, scope: CursorScope): Buffer | undefined {
    const bytes = text.length > MAX_CURSOR_CHARS ? Buffer.alloc(0) : Buffer.from(text, 'base64url');
    const end = bytes.length - TAG_BYTES;
    // The decoder skips what is not base64url, which would let altered cursors pass.
    if (end <= NONCE_BYTES || bytes.toString('base64url') !== text) return undefined;
    const nonce = bytes.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv(CIPHER, this.#key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(this.#bound(scope)).setAuthTag(bytes.subarray(end));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, end)), decipher.final()]);
    } catch {
      return undefined;
    }
  }

  #bound({ folder, query }: CursorScope): Buffer {
    return Buffer.from(JSON.stringify([this.#catalogue, folder, query]));
  }

  #remember(plain: Buffer): Buffer {
    this.#remembered ??= new LRUCache({
      max: MAX_REMEMBERED,
      maxSize: MAX_REMEMBERED_BYTES,
      sizeCalculation: ({ length }) => length,
    });
    const handle = Buffer.concat([Buffer.of(HANDLE), randomBytes(HANDLE_BYTES)]);
    this.#remembered.set(handle.toString('hex'), plain);
    return handle;
  }
}

/** The most characters that a value takes in a result, as JSON or as text. */
export function weight(value: unknown): number {
  const json = JSON.stringify(value);
  return json.length + escapeCost(json);
}

/** As many of the entries as fit into the count and the characters of one result; at least one. */
export function fitting<T>(entries: readonly T[], count: number, chars: number): T[] {
  const page: T[] = [];
  let used = 0;
  for (const entry of entries) {
    if (page.length >= count) break;
    used += weight(entry) + 1;
    if (used > chars && page.length > 0) break;
    page.push(entry);
  }
  return page;
}

/** What a page has beside its entries: counts, a cursor, notes. */
const FRAME_CHARS = 500;

/** The characters that are left for the entries of a result. */
export function room(maxChars: number, folder: string): number {
  return maxChars - FRAME_CHARS - weight(folder);
}
