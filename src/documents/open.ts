import { constants, gunzipSync } from 'node:zlib';
import { findEntry, entryList, openZip, type Container } from './archive/archive.ts';
import { detect, zipFormat, type Detected } from './kernel/detect.ts';
import type { Hint, DocumentLimits, Reader } from './kernel/document.ts';
import { damaged, encrypted, limit, documentTooLarge, unsupported } from './kernel/failure.ts';
import { lineReader } from './kernel/lines.ts';
import { Zip } from './kernel/zip.ts';

/** Opens whatever it is. The libraries of a family are loaded when the first of the family is opened. */
export async function openDocument(
  bytes: Uint8Array,
  hint: Hint,
  limits: DocumentLimits,
  depth = 0,
): Promise<Reader> {
  if (bytes.length > limits.inputBytes)
    throw documentTooLarge(
      `It has ${bytes.length} bytes; documents of up to ${limits.inputBytes} bytes are read.`,
    );
  if (hint.entry !== undefined && hint.entry !== '') return openEntry(bytes, hint, hint.entry, limits, depth);
  const found = await exactly(bytes, detect(bytes, hint.name, hint.mimeType), limits);
  switch (found.family) {
    case 'pdf':
      return (await import('./pdf/pdf.ts')).openPdf(bytes, limits);
    case 'word':
      if (found.format === 'rtf') return (await import('./rtf/rtf.ts')).openRtf(bytes, limits);
      if (found.format === 'odt')
        return (await import('./odf/text-document.ts')).openTextDocument(bytes, limits);
      return (await import('./word/word.ts')).openWord(bytes, limits);
    case 'sheet':
      if (found.format === 'ods')
        return (await import('./sheet/spreadsheet.ts')).openSpreadsheet(bytes, limits);
      return (await import('./sheet/workbook.ts')).openWorkbook(bytes, limits);
    case 'slides':
      if (found.format === 'odp') return (await import('./slides/slides.ts')).openPresentation(bytes, limits);
      return (await import('./slides/slides.ts')).openSlides(bytes, limits);
    case 'book':
      return (await import('./markup/book.ts')).openBook(bytes, limits);
    case 'web':
      return (await import('./markup/html.ts')).openHtml(bytes, limits);
    case 'mail':
      return (await (await import('./mail/mail.ts')).openMail(bytes, limits)).reader;
    case 'archive':
      if (found.format === 'gz') return openGzip(bytes, hint, limits, depth);
      return entryList(await openContainer(bytes, found, limits), limits);
    case 'image':
      return openImage(bytes, found, limits);
    case 'text':
      return (await import('./text/text.ts')).openText(bytes, found.format, limits);
    case 'unknown':
    default:
      throw refusal(found);
  }
}

/** Loads the one library that takes long to load. */
export async function prepare(format: string): Promise<void> {
  if (format === 'pdf') await (await import('./pdf/pdf.ts')).pdfLibrary();
}

/** With the whole file at hand, the directory of a ZIP says what it is. */
async function exactly(bytes: Uint8Array, found: Detected, limits: DocumentLimits): Promise<Detected> {
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b;
  if (!isZip) return found;
  const zip = await Zip.open(bytes, limits);
  const type = zip.has('mimetype') ? (await zip.read('mimetype')).toString('latin1').slice(0, 100) : '';
  const format = zipFormat(zip.entries.keys(), type) ?? 'zip';
  zip.close();
  if (format === found.format) return found;
  const { describe } = await import('./kernel/detect.ts');
  return describe(format, 'content');
}

/** `inner/path`, or `inner.zip!/path` for an archive in the archive. */
async function openEntry(
  bytes: Uint8Array,
  hint: Hint,
  path: string,
  limits: DocumentLimits,
  depth: number,
): Promise<Reader> {
  if (depth >= limits.nesting)
    throw limit(`Archives are read ${limits.nesting} deep, and this one is deeper.`);
  const [first = '', ...rest] = path.split('!/');
  const container = await openContainer(bytes, detect(bytes, hint.name, hint.mimeType), limits);
  const entry = findEntry(container, first);
  const inner = await container.read(entry.name);
  container.close();
  const next = rest.length > 0 ? { name: entry.name, entry: rest.join('!/') } : { name: entry.name };
  return openDocument(inner, next, limits, depth + 1);
}

async function openContainer(bytes: Uint8Array, found: Detected, limits: DocumentLimits): Promise<Container> {
  // Office files and books are archives too, for whoever wants their pictures.
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return openZip(bytes, limits);
  if (found.family === 'mail')
    return (await (await import('./mail/mail.ts')).openMail(bytes, limits)).container;
  if (found.format === 'tar') return (await import('./archive/tar.ts')).openTar(bytes, 'tar', limits);
  if (found.format === 'tgz' || (found.format === 'gz' && holdsTar(bytes)))
    return (await import('./archive/tar.ts')).openTar(bytes, 'tgz', limits);
  throw found.family === 'unknown' ? refusal(found) : unsupported(`It is no archive but a ${found.label}.`);
}

async function openGzip(
  bytes: Uint8Array,
  hint: Hint,
  limits: DocumentLimits,
  depth: number,
): Promise<Reader> {
  if (holdsTar(bytes))
    return entryList(await (await import('./archive/tar.ts')).openTar(bytes, 'tgz', limits), limits);
  if (depth >= limits.nesting)
    throw limit(`Archives are read ${limits.nesting} deep, and this one is deeper.`);
  let inner: Buffer;
  try {
    inner = gunzipSync(bytes, { maxOutputLength: limits.inputBytes });
  } catch (error) {
    if (error instanceof RangeError)
      throw documentTooLarge(`It unpacks to more than ${limits.inputBytes} bytes.`);
    throw damaged('It cannot be unpacked.', error);
  }
  const reader = await openDocument(inner, { name: hint.name.replace(/\.gz$/i, '') }, limits, depth + 1);
  reader.facts['packed_as'] = 'gzip';
  return reader;
}

function holdsTar(bytes: Uint8Array): boolean {
  try {
    const start = gunzipSync(bytes.subarray(0, 4_096), { finishFlush: constants.Z_SYNC_FLUSH });
    return start.toString('latin1', 257, 262) === 'ustar';
  } catch {
    return false;
  }
}

async function openImage(bytes: Uint8Array, found: Detected, limits: DocumentLimits): Promise<Reader> {
  const { format, ...known } = await (await import('./picture/image.ts')).imageFacts(bytes);
  const facts: Record<string, string | number> = { ...known };
  const lines = [found.label, ...Object.entries(facts).map(([name, value]) => `${name}: ${value}`)];
  return lineReader({ family: 'image', format }, lines, limits, { facts, lost: ['the picture itself'] });
}

function refusal({ format, label }: Detected): Error {
  if (format === 'encrypted-office') return encrypted('It is protected with a password.');
  if (/^(doc|xls|ppt|xlsb|msg|iwork)$/.test(format))
    return unsupported(
      `A file of this kind is not read here: ${label}.`,
      'Save it in a current format, and read that.',
    );
  return unsupported(`There is no text to read in a file of this kind: ${label}.`);
}
