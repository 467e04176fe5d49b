import { detect } from '../../documents/index.ts';
import type { Detected, Family } from '../../documents/index.ts';
import { AppError, isAppError } from '../../errors.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import { parsePath } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import type { Note } from '../../remedy.ts';
import { formatBytes } from '../../text/byte-size.ts';
import type { AccessPolicy } from '../context/access-policy.ts';
import type { Call } from '../context/call.ts';
import { notAFile, statCached } from '../context/stat.ts';
import { describePart } from '../lines/line-page.ts';
import { fetchUnseen, readDocument } from './document.ts';
import type { DocumentSource, ReadDocumentParts } from './document.ts';
import { refuseEncrypted } from './encrypted.ts';
import { documentFamilies, familyByName } from './family.ts';
import { readPicture } from './picture.ts';
import type { Reading, ReadOptions } from './reading.ts';
import { NotText } from './not-text.ts';
import { readText } from './text.ts';
import type { ReadTextParts } from './text.ts';
import { sizeNote, withTrueSize } from './true-size.ts';

export interface ReadParts extends ReadTextParts, ReadDocumentParts {
  readonly policy: AccessPolicy;
}

const DEFAULT_LINES = 2000;

/** Part of a file as text or as a picture, and which part of the whole it is. */
export async function readFile(
  parts: ReadParts,
  path: RemotePath,
  options: ReadOptions,
  call: Call,
): Promise<Reading> {
  parts.policy.assertReadable(path);
  // Starts the worker while the file is fetched. Does nothing for names that are not those of a document.
  if (options.as !== 'image') parts.documents.pool.prepare(path);
  if (options.at === undefined && isDocument(familyByName(path), options)) {
    const found = await fetchUnseen(parts, path, call);
    if (found?.bytes.length === 0) return emptyReading(found.file, options);
    if (found) return readDocument(parts, found, options, call);
  }
  const { file: listed, entry } = await find(parts, path, call);
  if (listed.folder) throw notAFile(path);
  const file = await withTrueSize(parts, listed, call);
  if ((file.size ?? 0) === 0) return emptyReading(file, options);
  const reading = await readContents(parts, { file, entry }, options, call);
  return file.size === listed.size ? reading : { ...reading, notes: [...reading.notes, sizeNote(file)] };
}

async function readContents(
  parts: ReadParts,
  { file, entry }: DocumentSource,
  options: ReadOptions,
  call: Call,
): Promise<Reading> {
  if (options.as === 'image') return readPicture(parts, file, call);
  if (
    options.at !== undefined &&
    (entry !== undefined || isDocument(familyByName(file.path, file.mime), options))
  )
    throw new AppError('invalid_input', `${file.path} is no text that can be begun at a place in it`, {
      hint: 'A search in it tells the page, row or line to begin with.',
      remedy: { kind: 'omit', option: 'at' },
    });
  if (entry !== undefined) return readDocument(parts, { file, entry }, options, call);
  const named = familyByName(file.path, file.mime);
  if (options.as === 'auto' && named === 'image') return readPicture(parts, file, call);
  if (isDocument(named, options)) return readDocument(parts, { file }, options, call);
  try {
    return await readLines(parts, file, options, call);
  } catch (error) {
    if (!(error instanceof NotText)) throw error;
    refuseEncrypted(file.path, error.head);
    const found = detect(error.head, file.path, file.mime);
    if (found.family === 'image') return readPicture(parts, file, call);
    if (documentFamilies.includes(found.family)) return readDocument(parts, { file }, options, call);
    return nothingToRead(file, found);
  }
}

/** The same for text, documents and pictures. */
function emptyReading({ path, mime }: Resource, { offset }: ReadOptions): Reading {
  if (offset > 1)
    throw new AppError('invalid_input', `${path} has nothing at ${offset}: the file is empty (0 bytes)`, {
      remedy: { kind: 'omit', option: 'offset' },
    });
  return { header: `${path} | ${mime ?? 'unknown type'} | the file is empty (0 bytes)`, notes: [] };
}

/** The file, or for `archive.zip!/inner/path` the archive and the entry in it. */
async function find(
  parts: ReadParts,
  path: RemotePath,
  call: Call,
): Promise<{ file: Resource; entry?: string }> {
  try {
    return { file: await statCached(parts, path, call) };
  } catch (error) {
    const separator = path.indexOf('!/');
    if (!isAppError(error, 'not_found') || separator === -1) throw error;
    const archive = parsePath(path.slice(0, separator));
    parts.policy.assertReadable(archive); // a denied glob that matches the archive does not match the path into it
    const file = await statCached(parts, archive, call);
    if (file.folder) throw notAnArchive(archive, path.replace('!/', '/'));
    return { file, entry: path.slice(separator + 2) };
  }
}

function notAnArchive(folder: RemotePath, inside: string): AppError {
  return new AppError('invalid_input', `${folder} is a folder and not an archive`, {
    hint: `What is in it has a path such as ${inside}.`,
  });
}

// The source of a web page or a mail is text, too; the other formats have only the extracted text.
function isDocument(family: Family | undefined, { as }: ReadOptions): boolean {
  if (as === 'image' || family === undefined || !documentFamilies.includes(family)) return false;
  return as === 'auto' || !['web', 'mail'].includes(family);
}

async function readLines(
  parts: ReadParts,
  file: Resource,
  options: ReadOptions,
  call: Call,
): Promise<Reading> {
  const range = { offset: options.offset, limit: options.limit ?? DEFAULT_LINES, at: options.at };
  const part = await readText(parts, file, range, call);
  const { lines, cutLines, next, nextByte, isLater = false } = part;
  const notes: Note[] = [
    ...(isLater ? ['No line is of that time: this is the first one after it.'] : []),
    ...(nextByte === undefined ? [] : [{ remedy: { kind: 'read-on-at', at: `@${nextByte}` } } as const]),
    ...(next === undefined ? [] : [{ remedy: { kind: 'read-on', offset: next } } as const]),
    ...(cutLines === 0
      ? []
      : [
          {
            text: cutLines === 1 ? 'A long line is cut.' : `${cutLines} long lines are cut.`,
            remedy: { kind: 'read-whole-lines', lines: cutLines },
          } as const,
        ]),
  ];
  return {
    header: `${file.path} | ${file.mime ?? 'text'} | ${formatBytes(file.size ?? 0)} | ${describePart(part)}`,
    ...(lines.length === 0 ? {} : { body: lines.join('\n') }),
    notes,
  };
}

function nothingToRead(file: Resource, { label, mimeType }: Detected): Reading {
  return {
    header: `${file.path} | ${label} (${mimeType}) | ${formatBytes(file.size ?? 0)}`,
    notes: [{ text: 'It holds no text that can be read.', remedy: { kind: 'read-bytes', preview: true } }],
  };
}
