import { constants, gunzipSync } from 'node:zlib';
import { findEntry, openZip, type Container } from '../archive/archive.ts';
import { detect, type Detected } from '../kernel/detect.ts';
import type { Hint, DocumentLimits } from '../kernel/document.ts';
import { damaged, documentTooLarge, limit, unsupported } from '../kernel/document-error.ts';
import { unreadable } from './unreadable.ts';

/**
 * Reads one entry of an archive. The path is `inner/path`, or `inner.zip!/path` for an entry of an
 * archive inside the archive; the returned hint then holds the rest of the path.
 */
export async function readEntry(
  bytes: Uint8Array,
  hint: Hint & { entry: string },
  limits: DocumentLimits,
  depth: number,
): Promise<{ bytes: Uint8Array; hint: Hint }> {
  checkNesting(depth, limits);
  const [first = '', ...rest] = hint.entry.split('!/');
  const container = await openArchive(bytes, detect(bytes, hint.name, hint.mimeType), limits);
  const entry = findEntry(container, first);
  const inner = await container.read(entry.name);
  container.close();
  const next = rest.length > 0 ? { name: entry.name, entry: rest.join('!/') } : { name: entry.name };
  return { bytes: inner, hint: next };
}

/** Opens anything that contains files. Office documents and e-books are ZIP archives, and so are read as well. */
export async function openArchive(
  bytes: Uint8Array,
  detected: Detected,
  limits: DocumentLimits,
): Promise<Container> {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return openZip(bytes, limits);
  if (detected.family === 'mail')
    return (await (await import('../mail/mail.ts')).openMail(bytes, limits)).container;
  if (detected.format === 'tar') return (await import('../archive/tar.ts')).openTar(bytes, 'tar', limits);
  if (detected.format === 'tgz' || (detected.format === 'gz' && holdsTar(bytes)))
    return (await import('../archive/tar.ts')).openTar(bytes, 'tgz', limits);
  throw detected.family === 'unknown'
    ? unreadable(detected)
    : unsupported(`The file is not an archive: ${detected.label}.`);
}

/** What a gzip file contains: a TAR archive, or a single file. */
export async function unpackGzip(
  bytes: Uint8Array,
  limits: DocumentLimits,
  depth: number,
): Promise<Container | Buffer> {
  if (holdsTar(bytes)) return (await import('../archive/tar.ts')).openTar(bytes, 'tgz', limits);
  checkNesting(depth, limits);
  try {
    return gunzipSync(bytes, { maxOutputLength: limits.inputBytes });
  } catch (error) {
    if (error instanceof RangeError)
      throw documentTooLarge(`The file unpacks to more than ${limits.inputBytes} bytes.`);
    throw damaged('The file cannot be unpacked.', error);
  }
}

function checkNesting(depth: number, limits: DocumentLimits): void {
  if (depth >= limits.nesting)
    throw limit(`Archives inside archives are read down to ${limits.nesting} levels; this one is deeper.`);
}

function holdsTar(bytes: Uint8Array): boolean {
  try {
    const start = gunzipSync(bytes.subarray(0, 4_096), { finishFlush: constants.Z_SYNC_FLUSH });
    return start.toString('latin1', 257, 262) === 'ustar';
  } catch {
    return false;
  }
}
