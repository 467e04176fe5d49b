import { RE2JS } from 're2js';
import { AppError, isAppError } from '../../errors.ts';
import type { Document } from '../../documents/index.ts';
import { davSearch as ask } from '../../nextcloud/dav/search.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import { searchBody } from '../../nextcloud/dav/search-query.ts';
import { within } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import { nameFilter } from './name-filter.ts';
import { MatchCollector } from './matches.ts';
import type { LineTest, Match } from './matches.ts';
import { runParallel } from '../../parallel.ts';
import { LineReader } from '../lines/line-reader.ts';
import { LineSplitter } from '../lines/line-splitter.ts';
import { familyByName } from '../read/family.ts';
import type { Reading } from '../read/reading.ts';
import { readRange } from '../read/range.ts';
import type { Call, Service } from '../context/service.ts';

export interface ContentSearchOptions {
  readonly pattern: string;
  readonly folder: RemotePath;
  readonly fileGlob: string;
  readonly regex: boolean;
  readonly caseSensitive: boolean;
  readonly contextLines: number;
  /** Matches in one answer. */
  readonly limit: number;
}

const MAX_FILES = 1000;
const MAX_FILE_BYTES = 10 * 1024 * 1024;
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_MS = 40_000;
const MAX_PARTS = 200;
/** A line is tested up to here; the rest of a minified file in one line is not searched. */
const MAX_TESTED_CHARS = 1_000_000;
const AT_ONCE = 4;

interface Tally {
  searched: number;
  bytes: number;
  readonly skipped: Map<string, number>;
}

/**
 * Lines that match, in the text files below a folder and in the documents that were read before. The
 * server names the candidates, their bytes are streamed; what was not searched is said.
 */
export async function searchContents(
  service: Service,
  options: ContentSearchOptions,
  call: Call,
): Promise<Reading> {
  service.policy.assertListable(options.folder);
  const test = lineTest(options);
  const { files, more } = await candidates(service, options, call);
  const deadline = Date.now() + MAX_MS;
  const tally: Tally = {
    searched: 0,
    bytes: 0,
    skipped: new Map(),
  };
  const found: Match[] = [];
  let ended: string | undefined;
  await runParallel(files, AT_ONCE, call.signal, async (file) => {
    if (found.length >= options.limit) ended ??= `the limit of ${options.limit} matches`;
    else if (tally.bytes > MAX_BYTES) ended ??= 'the limit of 64 MB in one call';
    else if (Date.now() > deadline) ended ??= 'the time of one call';
    if (ended !== undefined) return;
    await searchFile(service, file, test, options, found, tally, call);
    call.report?.(tally.searched, files.length, file.path);
  });
  if (more) ended ??= `the newest ${MAX_FILES} files`;
  return report(options, found.toSorted(byPlace), tally, files.length, ended, service.maxChars);
}

/** @throws AppError `invalid_input` for a regular expression that cannot be read */
function lineTest({ pattern, regex, caseSensitive }: ContentSearchOptions): LineTest {
  if (pattern === '')
    throw new AppError('invalid_input', 'The pattern is empty', { hint: 'Pass the text to look for.' });
  if (regex) {
    try {
      // A linear-time engine: no pattern can keep the process busy.
      const expression = RE2JS.compile(pattern, caseSensitive ? 0 : RE2JS.CASE_INSENSITIVE);
      return (line) => expression.matcher(line).find();
    } catch (cause) {
      throw new AppError(
        'invalid_input',
        `The pattern is not a regular expression: ${cause instanceof Error ? cause.message : String(cause)}`,
        {
          hint: 'RE2 syntax is understood: no lookaround and no backreferences. Leave regex out to look for the text as it is.',
          cause,
        },
      );
    }
  }
  const wanted = pattern.normalize('NFC');
  if (caseSensitive) return (line) => line.includes(wanted);
  const lower = wanted.toLowerCase();
  return (line) => line.toLowerCase().includes(lower);
}

async function candidates(
  service: Service,
  { folder, fileGlob }: ContentSearchOptions,
  call: Call,
): Promise<{ files: Resource[]; more: boolean }> {
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
  const { resources } = await ask(service.account, (userId) => searchBody(query, userId), call);
  const files = resources.filter(
    ({ path }) => within(path, folder) && names.matches(path) && service.policy.isVisible(path),
  );
  return { files: files.slice(0, MAX_FILES), more: resources.length > MAX_FILES };
}

async function searchFile(
  service: Service,
  file: Resource,
  test: LineTest,
  options: ContentSearchOptions,
  found: Match[],
  tally: Tally,
  call: Call,
): Promise<void> {
  const skip = (why: string): void => {
    tally.skipped.set(why, (tally.skipped.get(why) ?? 0) + 1);
  };
  const size = file.size ?? 0;
  const collector = new MatchCollector(file.path, test, options.contextLines, options.limit - found.length);
  if (size === 0) {
    tally.searched++;
    return;
  }
  const document = service.documents.find(file, undefined);
  const family = familyByName(file.path, file.mime);
  if (family === 'image') return skip('pictures');
  if (!document && unread.includes(family)) return skip('documents not read yet (read_file opens them)');
  if (!document && size > MAX_FILE_BYTES) return skip('larger than 10 MB');
  try {
    if (document) {
      await searchDocument(document, collector, call);
    } else if (!(await streamText(service, file, collector, call))) return skip('not text');
  } catch (error) {
    if (!isAppError(error) || ['cancelled', 'unauthorized'].includes(error.code)) throw error;
    return skip(`could not be read (${error.code})`);
  }
  tally.searched++;
  tally.bytes += size;
  found.push(...collector.matches.slice(0, Math.max(0, options.limit - found.length)));
}

/** @returns false for a file that is not text */
async function streamText(
  service: Service,
  file: Resource,
  collector: MatchCollector,
  call: Call,
): Promise<boolean> {
  const reader = new LineReader({ take: collector.take, maxLineChars: MAX_TESTED_CHARS });
  const range = { file, start: 0, end: file.size ?? 0 };
  await readRange(service, range, call, (chunk) => reader.write(chunk));
  if (!collector.full) reader.end();
  return !reader.isBinary;
}

const unread: readonly (string | undefined)[] = ['pdf', 'word', 'sheet', 'slides', 'book', 'archive'];

/** A document that is open already, part by part. */
async function searchDocument(document: Document, collector: MatchCollector, call: Call): Promise<void> {
  const signal = call.signal ?? new AbortController().signal;
  const splitter = new LineSplitter(collector.take, MAX_TESTED_CHARS);
  for (let offset = 1, parts = 0; parts < MAX_PARTS && !collector.full; parts++) {
    const { text, last, complete } = await document.read({ offset }, signal);
    splitter.write(`${text}\n`);
    if (complete || last < offset) return;
    offset = last + 1;
  }
}

function byPlace(a: Match, b: Match): number {
  return a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1;
}

function report(
  { pattern, folder }: ContentSearchOptions,
  found: readonly Match[],
  tally: Tally,
  total: number,
  ended: string | undefined,
  maxChars: number,
): Reading {
  const rows: string[] = [];
  let shown = 0;
  let chars = 0;
  for (const match of found) {
    chars += match.text.length + 1;
    if (chars > maxChars - 2000) break;
    rows.push(match.text);
    shown++;
  }
  const left = total - tally.searched - [...tally.skipped.values()].reduce((sum, count) => sum + count, 0);
  const complete = ended === undefined && shown === found.length && tally.skipped.size === 0;
  const skipped = [...tally.skipped].map(
    ([why, count]) => `${count} ${count === 1 ? why.replace(/^(document|picture)s/, '$1') : why}`,
  );
  return {
    header: `${folder} | ${JSON.stringify(pattern.slice(0, 100))} | ${shown} ${shown === 1 ? 'match' : 'matches'} | ${tally.searched} of ${total} files searched | ${complete ? 'complete' : 'not complete'}`,
    ...(rows.length === 0 ? {} : { body: rows.join('\n') }),
    notes: [
      ...(skipped.length === 0 ? [] : [`Not searched: ${skipped.join(', ')}.`]),
      ...(ended === undefined
        ? []
        : [
            `Stopped at ${ended}${left > 0 ? `, ${left} files were left` : ''}. Narrow it with folder_path or file_glob.`,
          ]),
      ...(shown < found.length ? [`${found.length - shown} more matches did not fit into one answer.`] : []),
    ],
  };
}
