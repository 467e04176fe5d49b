import { AppError, isAppError } from '../../errors.ts';
import { DocumentError, sharedBytes } from '../../documents/index.ts';
import type { Document, DocumentErrorCode, Part, UnitRange, Unit } from '../../documents/index.ts';
import type { ErrorCode } from '../../errors.ts';
import { escapeLine } from '../../text/foreign-text.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { RemotePath } from '../../path.ts';
import type { Note } from '../../remedy.ts';
import { formatBytes } from '../../text/byte-size.ts';
import type { Reading, ReadOptions } from './reading.ts';
import type { DocumentCache } from '../cache/document-cache.ts';
import type { Call } from '../context/call.ts';
import type { StatParts } from '../context/stat.ts';
import { refuseEncrypted } from './encrypted.ts';
import { snapshot } from './snapshot.ts';
import type { Snapshot } from './snapshot.ts';
import { assertFits, wholeFile } from './whole-file.ts';
import type { SizeLimit } from './whole-file.ts';

const nouns: Readonly<Record<Unit, readonly [one: string, many: string]>> = {
  page: ['page', 'pages'],
  slide: ['slide', 'slides'],
  row: ['row', 'rows'],
  line: ['line', 'lines'],
  chapter: ['chapter', 'chapters'],
  entry: ['entry', 'entries'],
};

export interface ReadDocumentParts extends StatParts {
  readonly documents: DocumentCache;
}

/** A document, or an entry of an archive. */
export interface DocumentSource {
  readonly file: Resource;
  /** The path of the entry inside the archive. */
  readonly entry?: string | undefined;
  /** The bytes of the file, if they have been fetched. */
  readonly bytes?: Buffer;
}

/** Part of a document as Markdown. The first part needs the whole file, the next ones only its etag. */
export async function readDocument(
  parts: ReadDocumentParts,
  source: DocumentSource,
  options: ReadOptions,
  call: Call,
): Promise<Reading> {
  const { file, entry } = source;
  const shown = entry === undefined ? file.path : `${file.path}!/${entry}`;
  const { offset, limit, sheet } = options;
  const range = {
    offset,
    ...(limit === undefined ? {} : { limit }),
    ...(sheet === undefined ? {} : { sheet }),
  };
  try {
    const { document, part } = await readPart(parts, source, range, call);
    const isChosen = sheet === undefined && (document.sheets?.length ?? 0) > 1;
    return toReading({ shown, isChosen }, file, document, part);
  } catch (error) {
    throw error instanceof DocumentError ? toAppError(shown, error) : error;
  }
}

async function readPart(
  parts: ReadDocumentParts,
  { file, entry, bytes: fetched }: DocumentSource,
  range: UnitRange,
  call: Call,
): Promise<{ document: Document; part: Part }> {
  const { documents } = parts;
  const signal = call.signal ?? new AbortController().signal;
  const cached = documents.find(file, entry);
  if (cached) return { document: cached, part: await cached.read(range, signal) };
  if (!fetched) assertFits(file.path, file.size ?? 0, sizeLimit(parts));
  const bytes = fetched ?? (await wholeFile(parts, file, call, sharedBytes));
  refuseEncrypted(file.path, bytes);
  const hint = {
    name: file.path,
    ...(file.mime === undefined ? {} : { mimeType: file.mime }),
    ...(entry === undefined ? {} : { entry }),
  };
  const opened = await documents.pool.openAt(bytes, hint, range, signal);
  documents.keep(file, entry, opened.document);
  return opened;
}

/**
 * Fetches a document that was not read before, in one request: the response has its properties, too.
 *
 * @returns undefined when the connection broke, and the file has to be read by ranges
 * @throws AppError `not_found`, `too_large`, `invalid_input` for a folder
 */
export async function fetchUnseen(
  parts: ReadDocumentParts,
  path: RemotePath,
  call: Call,
): Promise<Snapshot | undefined> {
  if (path.includes('!/') || parts.metadata.getFresh(path) || parts.documents.holds(path)) return undefined;
  try {
    return await snapshot(parts, path, { ...sizeLimit(parts), allocate: sharedBytes, once: true }, call);
  } catch (error) {
    if (isAppError(error, 'unavailable')) return undefined;
    throw error;
  }
}

function sizeLimit({ documents }: ReadDocumentParts): SizeLimit {
  return {
    bytes: documents.pool.limits.inputBytes,
    doing: 'read at once',
    remedy: { kind: 'download' },
  };
}

interface Shown {
  /** The path, with the entry of an archive. */
  readonly shown: string;
  /** The reader chose one of several sheets. */
  readonly isChosen: boolean;
}

function toReading({ shown, isChosen }: Shown, file: Resource, document: Document, part: Part): Reading {
  const { format, unit, sheets, facts, lost } = document;
  const total = part.total ?? document.total;
  const [one, many] = nouns[unit];
  const where =
    part.first === 0
      ? `no ${many}`
      : part.first === part.last
        ? `${one} ${part.first}`
        : `${many} ${part.first} to ${part.last}`;
  const factLines = Object.entries(facts)
    .filter(([name]) => name !== many)
    .map(([name, value]) => escapeLine(`${name}: ${value}`));
  const sheetNames =
    sheets && sheets.length > 1
      ? [
          `sheets: ${sheets
            .map(sheetLine)
            .map((line) => escapeLine(line))
            .join(', ')}`,
        ]
      : [];
  const next: Note[] =
    part.complete || part.first === 0 ? [] : [{ remedy: { kind: 'read-on', offset: part.last + 1 } }];
  // Where the reader chose the sheet, it says so first.
  const notes = part.notes.map((text, index): Note =>
    index === 0 && isChosen ? { text, remedy: { kind: 'read-sheet' } } : text,
  );
  // Title, author and the names of sheets come from the file, too, so they belong to its contents.
  const body = [...factLines, ...sheetNames, ...(part.text === '' ? [] : ['', part.text])].join('\n');
  return {
    header: `${shown} | ${format.toUpperCase()} | ${formatBytes(file.size ?? 0)} | ${where}${total === undefined ? '' : ` of ${total}`}`,
    ...(body === '' ? {} : { body: body.replace(/^\n/, '') }),
    notes: [...notes, ...lost.map((what) => `Left out: ${what}`), ...next],
  };
}

function sheetLine({ name, rows, columns }: NonNullable<Document['sheets']>[number]): string {
  return rows === undefined
    ? name
    : `${name} (${rows} rows${columns === undefined ? '' : `, ${columns} columns`})`;
}

const codes: Readonly<Record<DocumentErrorCode, ErrorCode>> = {
  encrypted: 'invalid_input',
  damaged: 'invalid_input',
  unsupported: 'invalid_input',
  too_large: 'too_large',
  limit: 'too_large',
  timeout: 'timeout',
};

function toAppError(shown: string, error: DocumentError): AppError {
  return new AppError(codes[error.code], `${shown}: ${error.message}`, {
    hint: error.hint,
    cause: error,
    ...(error.excerpt === undefined ? {} : { excerpt: error.excerpt }),
  });
}
