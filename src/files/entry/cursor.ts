import * as z from 'zod';
import { AppError } from '../../errors.ts';

/** Where the next page of a listing or a search begins. Opaque to the assistant. */
const cursorSchema = z.object({
  /** The number of entries on the pages before. */
  offset: z.number().int().min(0),
  /** What the cursor belongs to: a folder, or a search. */
  of: z.string(),
  /** The etag of the folder when the cursor was made. */
  state: z.string().optional(),
  /** The last entry of the previous page. */
  last: z
    .object({
      path: z.string(),
      folder: z.boolean(),
      modified: z.number().optional(),
      size: z.number().optional(),
    })
    .optional(),
  /** A hash of the path of the server's first hit. */
  first: z.string().optional(),
});

export type Cursor = z.infer<typeof cursorSchema>;

export function writeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

/** @throws AppError `invalid_input` for anything that was not made here, or for something else */
export function readCursor(text: string, of: string): Cursor {
  let cursor: Cursor;
  try {
    cursor = cursorSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch (cause) {
    throw new AppError('invalid_input', 'The cursor is not one that was given out', {
      remedy: { kind: 'restart-listing' },
      cause,
    });
  }
  if (cursor.of === of) return cursor;
  throw new AppError('invalid_input', 'The cursor belongs to another folder or search', {
    remedy: { kind: 'restart-listing' },
  });
}

/** Characters that are shown as `\\u200b`, because they would make a name look like another one. */
export const marks = /[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** The most characters that a value takes in a result, as JSON or as text. */
export function weight(value: unknown): number {
  const json = JSON.stringify(value);
  return json.length + 5 * (json.match(marks)?.length ?? 0);
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
