import { entryList } from '../archive/archive.ts';
import { describe, detect, zipFormat, type Detected } from '../kernel/detect.ts';
import type { Hint, DocumentLimits, Reader } from '../kernel/document.ts';
import { documentTooLarge } from '../kernel/document-error.ts';
import { lineReader } from '../kernel/line-reader.ts';
import { Zip } from '../kernel/zip.ts';
import { openArchive, readEntry, unpackGzip } from './open-archive.ts';
import { unreadable } from './unreadable.ts';

/**
 * Opens a document of any supported format. Each format's library is loaded when the first document of
 * that format is opened. `depth` counts the archives around the document.
 *
 * @throws {DocumentError} when the document cannot be read.
 */
export async function openDocument(
  bytes: Uint8Array,
  hint: Hint,
  limits: DocumentLimits,
  depth = 0,
): Promise<Reader> {
  if (bytes.length > limits.inputBytes)
    throw documentTooLarge(
      `The document has ${bytes.length} bytes; the limit is ${limits.inputBytes} bytes.`,
    );
  if (hint.entry !== undefined && hint.entry !== '') {
    const inner = await readEntry(bytes, { ...hint, entry: hint.entry }, limits, depth);
    return openDocument(inner.bytes, inner.hint, limits, depth + 1);
  }
  const detected = await detectExactly(bytes, hint, limits);
  switch (detected.family) {
    case 'pdf':
      return (await import('../pdf/pdf.ts')).openPdf(bytes, limits);
    case 'word':
      if (detected.format === 'rtf') return (await import('../rtf/rtf.ts')).openRtf(bytes, limits);
      if (detected.format === 'odt') return (await import('../odf/odt.ts')).openOdt(bytes, limits);
      return (await import('../word/docx.ts')).openDocx(bytes, limits);
    case 'sheet':
      if (detected.format === 'ods') return (await import('../sheet/ods.ts')).openOds(bytes, limits);
      return (await import('../sheet/xlsx.ts')).openXlsx(bytes, limits);
    case 'slides':
      if (detected.format === 'odp') return (await import('../slides/odp.ts')).openOdp(bytes, limits);
      return (await import('../slides/pptx.ts')).openPptx(bytes, limits);
    case 'book':
      return (await import('../markup/epub.ts')).openEpub(bytes, limits);
    case 'web':
      return (await import('../markup/html.ts')).openHtml(bytes, limits);
    case 'mail':
      return (await (await import('../mail/mail.ts')).openMail(bytes, limits)).reader;
    case 'archive':
      if (detected.format === 'gz') return openGzip(bytes, hint, limits, depth);
      return entryList(await openArchive(bytes, detected, limits), limits);
    case 'image':
      return openImage(bytes, detected, limits);
    case 'text':
      return (await import('../text/plain-text.ts')).openText(bytes, detected.format, limits);
    case 'unknown':
    default:
      throw unreadable(detected);
  }
}

/** Loads the library of a format ahead of time. Only the PDF library takes long enough to be worth it. */
export async function loadLibrary(format: string): Promise<void> {
  if (format === 'pdf') await (await import('../pdf/pdf.ts')).pdfLibrary();
}

/** Detects the format. The whole file is available here, so a ZIP is judged by its central directory. */
async function detectExactly(bytes: Uint8Array, hint: Hint, limits: DocumentLimits): Promise<Detected> {
  const detected = detect(bytes, hint.name, hint.mimeType);
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b;
  if (!isZip) return detected;
  const zip = await Zip.open(bytes, limits);
  const type = zip.has('mimetype') ? (await zip.read('mimetype')).toString('latin1').slice(0, 100) : '';
  const format = zipFormat(zip.entries.keys(), type) ?? 'zip';
  zip.close();
  return format === detected.format ? detected : describe(format, 'content');
}

async function openGzip(
  bytes: Uint8Array,
  hint: Hint,
  limits: DocumentLimits,
  depth: number,
): Promise<Reader> {
  const unpacked = await unpackGzip(bytes, limits, depth);
  if (!Buffer.isBuffer(unpacked)) return entryList(unpacked, limits);
  const inner = { name: hint.name.replace(/\.gz$/i, '') };
  const reader = await openDocument(unpacked, inner, limits, depth + 1);
  reader.facts['packed_as'] = 'gzip';
  return reader;
}

async function openImage(bytes: Uint8Array, detected: Detected, limits: DocumentLimits): Promise<Reader> {
  const { format, ...known } = await (await import('../picture/image.ts')).imageFacts(bytes);
  const facts: Record<string, string | number> = { ...known };
  const lines = [detected.label, ...Object.entries(facts).map(([name, value]) => `${name}: ${value}`)];
  return lineReader({ family: 'image', format }, lines, limits, { facts, lost: ['the picture itself'] });
}
