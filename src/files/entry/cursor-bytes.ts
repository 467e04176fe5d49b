import { createHash } from 'node:crypto';
import { ROOT, within } from '../../path.ts';
import type { RemotePath } from '../../path.ts';

/** Where the next page of a listing or a search begins. */
export interface Cursor {
  /** The number of entries on the pages before. In a search, the hits of the server that are hidden count too. */
  readonly offset: number;
  /** The fingerprint of what must be as it was: the etag of the folder, or the first hit of the server. */
  readonly mark?: string | undefined;
  /** The last entry of the previous page. */
  readonly last?: CursorPlace | undefined;
}

export interface CursorPlace {
  readonly path: RemotePath;
  readonly folder: boolean;
  /** What the pages are sorted by, if that is not the name. */
  readonly value?: number | undefined;
}

/** A fingerprint of 6 bytes for `Cursor.mark`. It shows changes, and is no protection against forgery. */
export function cursorMark(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 8);
}

/*
 * flags   1 byte
 * offset  6 bytes
 * mark    6 bytes, if there is one
 * value   8 bytes (IEEE 754), if there is one
 * path    the rest, in UTF-8, relative to the folder that the pages are of
 *
 * What hidden entries may influence has a fixed width, so that the length tells nothing of them.
 */
const HAS_LAST = 1;
const IS_FOLDER = 2;
const HAS_VALUE = 4;
const HAS_MARK = 8;

export function encodeCursor({ offset, mark, last }: Cursor, folder: RemotePath): Buffer {
  const numbers = Buffer.alloc(7);
  numbers[0] =
    (last ? HAS_LAST : 0) |
    (last?.folder ? IS_FOLDER : 0) |
    (last?.value === undefined ? 0 : HAS_VALUE) |
    (mark === undefined ? 0 : HAS_MARK);
  numbers.writeUIntBE(offset, 1, 6);
  const value = Buffer.alloc(last?.value === undefined ? 0 : 8);
  if (last?.value !== undefined) value.writeDoubleBE(last.value);
  const path = last ? relative(last.path, folder) : '';
  return Buffer.concat([numbers, Buffer.from(mark ?? '', 'base64url'), value, Buffer.from(path)]);
}

/** @param bytes from {@link encodeCursor}, with the same folder */
export function decodeCursor(bytes: Buffer, folder: RemotePath): Cursor {
  const flags = bytes[0] ?? 0;
  const offset = bytes.readUIntBE(1, 6);
  let at = 7;
  const mark = flags & HAS_MARK ? bytes.subarray(at, (at += 6)).toString('base64url') : undefined;
  const value = flags & HAS_VALUE ? bytes.readDoubleBE(at) : undefined;
  if (value !== undefined) at += 8;
  if ((flags & HAS_LAST) === 0) return { offset, mark };
  const path = absolute(bytes.subarray(at).toString(), folder);
  return { offset, mark, last: { path, folder: (flags & IS_FOLDER) > 0, value } };
}

function relative(path: RemotePath, folder: RemotePath): string {
  if (folder === ROOT || path === folder || !within(path, folder)) return path;
  return path.slice(folder.length + 1);
}

function absolute(path: string, folder: RemotePath): RemotePath {
  return (path.startsWith('/') ? path : `${folder}/${path}`) as RemotePath;
}
