import { AppError, isAppError } from '../../errors.ts';
import type { Encoding } from '../../documents/kernel/encoding.ts';
import { formatOfName, formats } from '../../documents/kernel/format.ts';
import { detect } from '../../documents/index.ts';
import type { Detected, Family } from '../../documents/index.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import { parsePath } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import { formatBytes } from '../../byte-size.ts';
import { documentReading, fetchUnseen } from './document.ts';
import { pictureReading } from './picture.ts';
import { statCached, notAFile } from '../context/service.ts';
import type { Call, Service } from '../context/service.ts';
import { Binary, readText } from './text.ts';

export interface ReadOptions {
  /** 1-based line, page, slide or row; negative counts from the end. */
  readonly offset: number;
  readonly limit?: number | undefined;
  readonly sheet?: string | undefined;
  readonly as: 'auto' | 'text' | 'image';
}

/** What came of reading a file: the server's own words apart from what stood in the file. */
export interface Reading {
  /** One line: path, type, size, which part this is. */
  readonly header: string;
  /** What stood in the file. */
  readonly body?: string;
  readonly image?: { readonly mimeType: string; readonly data: string };
  /** How to read on, and what was left out. */
  readonly notes: readonly string[];
}

const DEFAULT_LINES = 2000;
const documents: readonly Family[] = ['pdf', 'word', 'sheet', 'slides', 'book', 'web', 'mail', 'archive'];

/** A part of a file as text or as a picture, and where it stands in the whole. */
export async function readFile(
  service: Service,
  path: RemotePath,
  options: ReadOptions,
  call: Call,
): Promise<Reading> {
  service.policy.assertReadable(path);
  // The reader starts while the file is on its way. It does nothing for names that promise no document.
  if (options.as !== 'image') service.documents.pool.prepare(path);
  if (isDocument(familyByName(path), options)) {
    const found = await fetchUnseen(service, path, call);
    if (found?.bytes.length === 0) return emptyReading(found.file, options);
    if (found) return documentReading(service, found.file, undefined, options, call, found.bytes);
  }
  const { file, entry } = await find(service, path, call);
  if (file.folder) throw notAFile(path);
  if ((file.size ?? 0) === 0) return emptyReading(file, options);
  if (options.as === 'image') return pictureReading(service, file, call);
  if (entry !== undefined) return documentReading(service, file, entry, options, call);
  const named = familyByName(file.path, file.mime);
  if (options.as === 'auto' && named === 'image') return pictureReading(service, file, call);
  if (isDocument(named, options)) return documentReading(service, file, undefined, options, call);
  try {
    return await textReading(service, file, options, call);
  } catch (error) {
    if (!(error instanceof Binary)) throw error;
    const found = detect(error.head, file.path, file.mime);
    if (found.family === 'image') return pictureReading(service, file, call);
    if (documents.includes(found.family)) return documentReading(service, file, undefined, options, call);
    return nothingToRead(file, found);
  }
}

/** The same for a text, a document and a picture: nothing stands in it, not even that it is one. */
function emptyReading({ path, mime }: Resource, { offset }: ReadOptions): Reading {
  if (offset > 1)
    throw new AppError('invalid_input', `${path} has nothing at ${offset}: the file is empty (0 bytes)`, {
      hint: 'Leave offset out.',
    });
  return { header: `${path} | ${mime ?? 'unknown type'} | the file is empty (0 bytes)`, notes: [] };
}

/** The file, or the archive and the entry in it that `archive.zip!/inner/path` names. */
async function find(
  service: Service,
  path: RemotePath,
  call: Call,
): Promise<{ file: Resource; entry?: string }> {
  try {
    return { file: await statCached(service, path, call) };
  } catch (error) {
    const mark = path.indexOf('!/');
    if (!isAppError(error, 'not_found') || mark === -1) throw error;
    const archive = parsePath(path.slice(0, mark));
    service.policy.assertReadable(archive); // globs that hide it do not match what is in it
    return { file: await statCached(service, archive, call), entry: path.slice(mark + 2) };
  }
}

/** The kind of document that the name, or else the server, promises. */
export function familyByName(path: string, mime?: string): Family | undefined {
  const format = formatOfName(path);
  const known = format === undefined ? undefined : formats.get(format)?.family;
  return known ?? (mime?.startsWith('image/') ? 'image' : undefined);
}

// A web page or a mail can be read as the text that it is; the others have no text but the extracted one.
function isDocument(family: Family | undefined, { as }: ReadOptions): boolean {
  if (as === 'image' || family === undefined || !documents.includes(family)) return false;
  return as === 'auto' || !['web', 'mail'].includes(family);
}

async function textReading(
  service: Service,
  file: Resource,
  options: ReadOptions,
  call: Call,
): Promise<Reading> {
  const range = { offset: options.offset, limit: options.limit ?? DEFAULT_LINES };
  const { lines, first, total, encoding, cutLines, next } = await readText(service, file, range, call);
  const last = first + lines.length - 1;
  const of = total === undefined ? 'more' : String(total);
  const part =
    lines.length === 0
      ? 'empty'
      : first < 0
        ? `lines ${first} to ${last}, counted from the end`
        : `lines ${first} to ${last} of ${of}`;
  const notes = [
    ...(next === undefined ? [] : [`There is more: go on with offset=${next}.`]),
    ...(cutLines > 0 ? [`${cutLines} long lines are cut. read_file_bytes gives them whole.`] : []),
  ];
  return {
    header: `${file.path} | ${file.mime ?? 'text'} | ${formatBytes(file.size ?? 0)} | ${inWords(encoding)} | ${part}`,
    ...(lines.length === 0 ? {} : { body: lines.join('\n') }),
    notes,
  };
}

function inWords({ encoding, bom, lineEnd }: Encoding): string {
  const mark = bom > 0 ? ' with BOM' : '';
  return `${encoding.toUpperCase()}${mark}${lineEnd === 'none' || lineEnd === 'LF' ? '' : `, ${lineEnd} line ends`}`;
}

function nothingToRead(file: Resource, { label, mimeType }: Detected): Reading {
  return {
    header: `${file.path} | ${label} (${mimeType}) | ${formatBytes(file.size ?? 0)}`,
    notes: [
      'It holds no text that can be read. read_file_bytes gives its bytes, download_file stores it on this computer, as=image shows it where the server has a preview.',
    ],
  };
}
