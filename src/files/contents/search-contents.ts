import { filterInSlices } from '../../time-slices.ts';
import { isAppError } from '../../errors.ts';
import { propfind } from '../../nextcloud/dav/propfind.ts';
import { davSearch } from '../../nextcloud/dav/search.ts';
import { listingProperties } from '../../nextcloud/dav/resource.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import { searchBody } from '../../nextcloud/dav/search-query.ts';
import type { Note } from '../../remedy.ts';
import { runParallel } from '../../parallel.ts';
import { within } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import type { Call } from '../context/call.ts';
import { oddNameNotes, unreadyNotes } from '../context/left-out.ts';
import type { OddName } from '../context/left-out.ts';
import type { Reading } from '../read/reading.ts';
import { ContentScan, UNOPENED } from './content-scan.ts';
import type { ContentScanParts } from './content-scan.ts';
import { createLineMatcher } from './line-matcher.ts';
import type { LinePattern } from './line-pattern.ts';
import type { Match } from './matches.ts';
import { nameFilter } from './name-filter.ts';

export interface ContentSearchParts extends ContentScanParts {
  /** Identifies the principal, for a fair share of the threads that test regular expressions. */
  readonly owner: string;
  /** The most characters of one result. */
  readonly maxChars: number;
}

export interface ContentSearchOptions extends LinePattern {
  readonly folder: RemotePath;
  /** The names of the files to search, as a part of a name or a glob; empty for all. */
  readonly fileGlob: string;
  /** Lines around each match. */
  readonly contextLines: number;
  /** The most matches of one result. */
  readonly limit: number;
}

const MAX_FILES = 1000;
const FILES_AT_ONCE = 4;
/** What a result says beside its matches. */
const FRAME_CHARS = 2000;

/**
 * The lines that match, in the text files below a folder and in the documents that are open. The server names the
 * files by their names and dates; their bytes are streamed and searched here. The result says which files were
 * not searched.
 */
export async function searchContents(
  parts: ContentSearchParts,
  options: ContentSearchOptions,
  call: Call,
): Promise<Reading> {
  parts.policy.assertListable(options.folder);
  const matcher = await createLineMatcher(options, parts.owner, call.signal);
  const scan = new ContentScan(parts, { ...options, matcher });
  const [{ files, hasMore, odd }, unready] = await Promise.all([
    findCandidates(parts, options, call),
    findUnready(parts, options.folder, call),
  ]);
  let stoppedAt: string | undefined;
  await runParallel(files, FILES_AT_ONCE, call.signal, async (file) => {
    stoppedAt ??= scan.limitReached;
    if (stoppedAt !== undefined) return;
    await scan.search(file, call);
    call.report?.(scan.searched, files.length, file.path);
  });
  if (hasMore) stoppedAt ??= `the newest ${MAX_FILES} files`;
  const leftOut = [...unreadyNotes(unready), ...oddNameNotes(odd)];
  return toReading(scan, { ...options, total: files.length, stoppedAt, leftOut, maxChars: parts.maxChars });
}

/** Storages in the folder of which no search tells anything. */
async function findUnready(
  { account, policy }: ContentSearchParts,
  folder: RemotePath,
  call: Call,
): Promise<Resource[]> {
  const listed = propfind(account, folder, 1, { ...call, properties: listingProperties });
  const { resources } = await listed.catch((error: unknown) => {
    // The search itself tells what is wrong with the folder.
    if (!isAppError(error) || error.code === 'cancelled') throw error;
    return { resources: [] };
  });
  return resources.filter(({ path, pending }) => pending !== undefined && policy.isVisible(path));
}

/** The newest files that the name filter accepts. */
async function findCandidates(
  { account, policy }: ContentSearchParts,
  { folder, fileGlob }: ContentSearchOptions,
  call: Call,
): Promise<{ files: Resource[]; hasMore: boolean; odd: OddName[] }> {
  const names = nameFilter(fileGlob, folder);
  const query = {
    folder,
    names: names.likes,
    type: 'file',
    sortBy: 'modified',
    order: 'desc',
    limit: MAX_FILES + 2,
    offset: 0,
  } as const;
  const { resources, odd } = await davSearch(account, (userId) => searchBody(query, userId), call);
  const files = await filterInSlices(
    resources,
    ({ path }) => within(path, folder) && names.matches(path) && policy.isVisible(path),
    call.signal,
  );
  return {
    files: files.slice(0, MAX_FILES),
    hasMore: resources.length > MAX_FILES,
    odd: odd.filter((entry) => policy.isWhollyVisible(entry.folder)),
  };
}

function byPathAndLine(a: Match, b: Match): number {
  return a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1;
}

interface ReportOptions {
  readonly pattern: string;
  readonly folder: RemotePath;
  /** The number of files that could be searched. */
  readonly total: number;
  /** The limit that ended the search early, in words. */
  readonly stoppedAt: string | undefined;
  /** What the server does not tell of, in sentences. */
  readonly leftOut: readonly string[];
  readonly maxChars: number;
}

function toReading(
  { matches, searched, skipped, cutLines }: ContentScan,
  { pattern, folder, total, stoppedAt, leftOut, maxChars }: ReportOptions,
): Reading {
  const rows: string[] = [];
  let chars = 0;
  for (const match of matches.toSorted(byPathAndLine)) {
    chars += match.text.length + 1;
    if (chars > maxChars - FRAME_CHARS) break;
    rows.push(match.text);
  }
  const remaining = total - searched - [...skipped.values()].reduce((sum, count) => sum + count, 0);
  const left = matches.length - rows.length;
  const isComplete =
    stoppedAt === undefined && [left, skipped.size, cutLines, leftOut.length].every((count) => count === 0);
  const reasons = [...skipped].map(
    ([reason, count]) => `${count} ${count === 1 ? reason.replace(/^(document|picture)s/, '$1') : reason}`,
  );
  const text = `Not searched: ${reasons.join(', ')}.`;
  const notSearched: Note = skipped.has(UNOPENED) ? { text, remedy: { kind: 'read-documents' } } : text;
  return {
    header: `${folder} | ${JSON.stringify(pattern.slice(0, 100))} | ${rows.length} ${rows.length === 1 ? 'match' : 'matches'} | ${searched} of ${total} files searched | ${isComplete ? 'complete' : 'not complete'}`,
    ...(rows.length === 0 ? {} : { body: rows.join('\n') }),
    notes: [
      ...leftOut,
      ...(reasons.length === 0 ? [] : [notSearched]),
      ...(cutLines === 0
        ? []
        : [`Only the beginning was searched of ${cutLines} long ${cutLines === 1 ? 'line' : 'lines'}.`]),
      ...(stoppedAt === undefined
        ? []
        : [
            `Stopped at ${stoppedAt}${remaining > 0 ? `, ${remaining} files were left` : ''}. Search in a smaller folder or in fewer kinds of files.`,
          ]),
      ...(left > 0 ? [`${left} more matches did not fit into one answer.`] : []),
    ],
  };
}
