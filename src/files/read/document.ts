import { AppError, isAppError } from '../../errors.ts';
import { DocumentError, sharedBytes } from '../../documents/index.ts';
import type { Document, DocumentErrorCode, Part, UnitRange, Unit } from '../../documents/index.ts';
import type { ErrorCode } from '../../errors.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { RemotePath } from '../../path.ts';
import { formatBytes } from '../../byte-size.ts';
import type { Reading, ReadOptions } from './reading.ts';
import type { Call, Service } from '../context/service.ts';
import { snapshot } from './snapshot.ts';
import type { Snapshot } from './snapshot.ts';
import { mustFit, wholeFile } from './whole-file.ts';
import type { Most } from './whole-file.ts';

const nouns: Readonly<Record<Unit, readonly [one: string, many: string]>> = {
  page: ['page', 'pages'],
  slide: ['slide', 'slides'],
  row: ['row', 'rows'],
  line: ['line', 'lines'],
  chapter: ['chapter', 'chapters'],
  entry: ['entry', 'entries'],
};

/** Part of a document as Markdown. The first part needs the whole file, the next ones nothing but its etag. */
export async function documentReading(
  service: Service,
  file: Resource,
  entry: string | undefined,
  options: ReadOptions,
  call: Call,
  bytes?: Buffer,
): Promise<Reading> {
  const shown = entry === undefined ? file.path : `${file.path}!/${entry}`;
  const { offset, limit, sheet } = options;
  const range = {
    offset,
    ...(limit === undefined ? {} : { limit }),
    ...(sheet === undefined ? {} : { sheet }),
  };
  try {
    const { document, part } = await partOf(service, file, entry, range, call, bytes);
    return reading(shown, file, document, part);
  } catch (error) {
    throw error instanceof DocumentError ? inOurWords(shown, error) : error;
  }
}

async function partOf(
  service: Service,
  file: Resource,
  entry: string | undefined,
  range: UnitRange,
  call: Call,
  fetched?: Buffer,
): Promise<{ document: Document; part: Part }> {
  const { documents } = service;
  const signal = call.signal ?? new AbortController().signal;
  const kept = documents.find(file, entry);
  if (kept) return { document: kept, part: await kept.read(range, signal) };
  if (!fetched) mustFit(file.path, file.size ?? 0, readable(service));
  const bytes = fetched ?? (await wholeFile(service, file, call, sharedBytes));
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
 * A document that was not seen before, by one request: what a look would say of it stands in the answer, too.
 *
 * @returns undefined when the line broke, and the patient way is better
 * @throws AppError `not_found`, `too_large`, `invalid_input` for a folder
 */
export async function fetchUnseen(
  service: Service,
  path: RemotePath,
  call: Call,
): Promise<Snapshot | undefined> {
  if (path.includes('!/') || service.metadata.getFresh(path) || service.documents.holds(path))
    return undefined;
  try {
    return await snapshot(service, path, { ...readable(service), allocate: sharedBytes, once: true }, call);
  } catch (error) {
    if (isAppError(error, 'unavailable')) return undefined;
    throw error;
  }
}

function readable({ documents }: Service): Most {
  return {
    bytes: documents.pool.limits.inputBytes,
    doing: 'read at once',
    hint: 'download_file stores it on this computer.',
  };
}

function reading(shown: string, file: Resource, document: Document, part: Part): Reading {
  const { format, unit, sheets, facts, lost } = document;
  const total = part.total ?? document.total;
  const [one, many] = nouns[unit];
  const where =
    part.first === 0
      ? `no ${many}`
      : part.first === part.last
        ? `${one} ${part.first}`
        : `${many} ${part.first} to ${part.last}`;
  const known = Object.entries(facts)
    .filter(([name]) => name !== many)
    .map(([name, value]) => `${name}: ${value}`);
  const sheetNames = sheets && sheets.length > 1 ? [`sheets: ${sheets.map(sheetLine).join(', ')}`] : [];
  const next =
    part.complete || part.first === 0 ? [] : [`There is more: go on with offset=${part.last + 1}.`];
  // Title, author and the names of sheets come out of the file too: they belong inside of the fence.
  const body = [...known, ...sheetNames, ...(part.text === '' ? [] : ['', part.text])].join('\n');
  return {
    header: `${shown} | ${format.toUpperCase()} | ${formatBytes(file.size ?? 0)} | ${where}${total === undefined ? '' : ` of ${total}`}`,
    ...(body === '' ? {} : { body: body.replace(/^\n/, '') }),
    notes: [...part.notes, ...lost.map((what) => `Left out: ${what}`), ...next],
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

function inOurWords(shown: string, error: DocumentError): AppError {
  return new AppError(codes[error.code], `${shown}: ${error.message}`, { hint: error.hint, cause: error });
}
