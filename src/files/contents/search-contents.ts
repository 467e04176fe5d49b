import { runParallel } from '../../parallel.ts';
import type { RemotePath } from '../../path.ts';
import type { Call } from '../context/call.ts';
import type { Cursors, CursorScope } from '../entry/cursor.ts';
import type { Cursor } from '../entry/cursor-bytes.ts';
import type { Reading } from '../read/reading.ts';
import { ByteSlots } from './byte-slots.ts';
import { findCandidates, MAX_FILES } from './candidates.ts';
import type { Where } from './candidates.ts';
import { scanFile } from './file-scan.ts';
import { createLineMatcher } from './pattern/line-matcher.ts';
import type { LinePattern } from './pattern/line-pattern.ts';
import { contentsPage } from './contents-page.ts';
import { ScanBudget } from './scan-budget.ts';
import type { FileResult, ScanParts, ScanWish } from './scan.ts';

export interface ContentsParts extends ScanParts {
  /** Identifies the principal, for a fair share of the threads that test regular expressions. */
  readonly owner: string;
  readonly cursors: Cursors;
  /** The most characters of one result. */
  readonly maxChars: number;
}

export interface ContentsOptions extends LinePattern, Where {
  /** Lines around each match. */
  readonly contextLines: number;
  /** The most matches of one result; 0 counts them only. */
  readonly limit: number;
  /** The newest files and in each file the last lines first. */
  readonly newestFirst: boolean;
  readonly cursor?: string | undefined;
}

const FILES_AT_ONCE = 4;
/** Bytes of documents that are in memory at once. */
const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024;

/**
 * The lines that match, in the texts, documents and archives below a folder, the newest files first. The server names
 * the files by their names and dates; their bytes are searched here. What was not searched is said, and how to go on.
 */
export async function searchContents(
  parts: ContentsParts,
  options: ContentsOptions,
  call: Call,
  budget = new ScanBudget(),
): Promise<Reading> {
  const { folder, fileGlob, pattern, match, caseSensitive, newestFirst, limit, cursor } = options;
  parts.policy.assertListable(folder);
  const matcher = await createLineMatcher(options, parts.owner, call.signal);
  const scope: CursorScope = {
    folder,
    query: ['contents', pattern, match, caseSensitive, fileGlob, newestFirst],
  };
  const from = cursor === undefined ? undefined : parts.cursors.read(cursor, scope);
  const wish: ScanWish = {
    matcher,
    byWords: match === 'words',
    contextLines: options.contextLines,
    limit,
    newestFirst,
    budget,
    slots: new ByteSlots(MAX_DOCUMENT_BYTES),
  };
  const found = await findCandidates(parts, options, from?.offset ?? 0, call);
  const start = startIn(
    found.files.map(({ path }) => path),
    from,
  );
  const files = found.files.slice(start.index, start.index + MAX_FILES);
  const results = new Map<number, FileResult>();
  let matches = 0;
  await runParallel(files.keys(), FILES_AT_ONCE, call.signal, async (index, signal) => {
    const file = files[index];
    if (!file || wish.budget.isSpent || (limit > 0 && matches >= limit)) return;
    const place = index === 0 ? start.place : 0;
    const result = await scanFile(parts, { file, place }, wish, { signal });
    results.set(index, result);
    for (const group of result.groups) matches += group.count;
    call.report?.(results.size, files.length, file.path);
  });
  const page = {
    pattern,
    folder,
    files,
    first: start,
    results,
    limit,
    maxChars: parts.maxChars,
    budget: wish.budget,
    hasMore: found.hasMore || found.files.length > start.index + files.length,
    notes: [...found.leftOut, ...(start.isChanged ? [CHANGED] : [])],
    cursorAt: (index: number, place: number): string => {
      const path = files[index]?.path ?? folder;
      const last = { path, folder: false, ...(place === 0 ? {} : { value: place }) };
      return parts.cursors.write({ offset: start.index + index, last }, scope);
    },
  };
  return contentsPage(page);
}

const CHANGED =
  'The files have changed since the previous page: a match may be missing or shown again. Start again without a cursor to be sure.';

interface PageStart {
  /** Of the first file in the order of the server. */
  readonly index: number;
  /** Where in that file. */
  readonly place: number;
  readonly isChanged: boolean;
}

/** Files are found again by their path: meanwhile there may be newer ones before them. */
function startIn(paths: readonly RemotePath[], from: Cursor | undefined): PageStart {
  if (!from?.last) return { index: 0, place: 0, isChanged: false };
  const { last, offset } = from;
  const index = paths.indexOf(last.path);
  if (index === -1) return { index: offset, place: 0, isChanged: true };
  return { index, place: last.value ?? 0, isChanged: index !== offset };
}
