import { AppError } from '../errors.ts';
import { ExtractError } from '../extract/index.ts';
import type { Document, FailureCode, Part, Unit } from '../extract/index.ts';
import type { ErrorCode } from '../errors.ts';
import type { Resource } from '../nextcloud/resource.ts';
import { fileSize } from './amount.ts';
import type { Reading, ReadOptions } from './reading.ts';
import type { Call, Service } from './service.ts';
import { wholeFile } from './whole.ts';

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
): Promise<Reading> {
  const shown = entry === undefined ? file.path : `${file.path}!/${entry}`;
  try {
    const document = await opened(service, file, entry, call);
    const { offset, limit, sheet } = options;
    const range = {
      offset,
      ...(limit === undefined ? {} : { limit }),
      ...(sheet === undefined ? {} : { sheet }),
    };
    const part = await document.read(range, call.signal ?? new AbortController().signal);
    return reading(shown, file, document, part);
  } catch (error) {
    throw error instanceof ExtractError ? inOurWords(shown, error) : error;
  }
}

async function opened(
  service: Service,
  file: Resource,
  entry: string | undefined,
  call: Call,
): Promise<Document> {
  const { shelf } = service;
  const kept = shelf.find(file, entry);
  if (kept) return kept;
  const bytes = await wholeFile(service, file, shelf.extractors.limits.inputBytes, call);
  const hint = {
    name: file.path,
    ...(file.mime === undefined ? {} : { mimeType: file.mime }),
    ...(entry === undefined ? {} : { entry }),
  };
  const document = await shelf.extractors.open(bytes, hint, call.signal ?? new AbortController().signal);
  shelf.keep(file, entry, document);
  return document;
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
    header: `${shown} | ${format.toUpperCase()} | ${fileSize(file.size ?? 0)} | ${where}${total === undefined ? '' : ` of ${total}`}`,
    ...(body === '' ? {} : { body: body.replace(/^\n/, '') }),
    notes: [...part.notes, ...lost.map((what) => `Left out: ${what}`), ...next],
  };
}

function sheetLine({ name, rows, columns }: NonNullable<Document['sheets']>[number]): string {
  return rows === undefined
    ? name
    : `${name} (${rows} rows${columns === undefined ? '' : `, ${columns} columns`})`;
}

const codes: Readonly<Record<FailureCode, ErrorCode>> = {
  encrypted: 'invalid_input',
  damaged: 'invalid_input',
  unsupported: 'invalid_input',
  too_large: 'too_large',
  limit: 'too_large',
  timeout: 'timeout',
};

function inOurWords(shown: string, error: ExtractError): AppError {
  return new AppError(codes[error.code], `${shown}: ${error.message}`, { hint: error.hint, cause: error });
}
