import * as z from 'zod';
import { AppError } from '../errors.ts';

/** Where a listing or a search goes on. Opaque to the assistant. */
const cursorSchema = z.object({
  /** Entries handed out so far. */
  offset: z.number().int().min(0),
  /** What the cursor belongs to: a folder, or a search. */
  of: z.string(),
  /** State of the folder when it was handed out: its etag. */
  state: z.string().optional(),
  /** The last entry handed out. */
  last: z
    .object({
      path: z.string(),
      folder: z.boolean(),
      modified: z.number().optional(),
      size: z.number().optional(),
    })
    .optional(),
  /** Path of the first hit that the server has. */
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
      hint: 'Pass next_cursor from the previous answer as it is, or leave it out to start anew.',
      cause,
    });
  }
  if (cursor.of === of) return cursor;
  throw new AppError('invalid_input', 'The cursor belongs to another folder or search', {
    hint: 'Repeat the call with the same parameters, or leave the cursor out.',
  });
}

/** As many of the entries as fit into the count and into the characters of one result; at least one. */
export function fitting<T>(entries: readonly T[], count: number, chars: number): T[] {
  const page: T[] = [];
  let used = 0;
  for (const entry of entries) {
    if (page.length >= count) break;
    used += JSON.stringify(entry).length + 1;
    if (used > chars && page.length > 0) break;
    page.push(entry);
  }
  return page;
}
