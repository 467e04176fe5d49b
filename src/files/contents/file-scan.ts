import { detect } from '../../documents/index.ts';
import { isAppError } from '../../errors.ts';
import type { Call } from '../context/call.ts';
import { stat } from '../context/stat.ts';
import { isStillEncrypted } from '../read/container.ts';
import { documentFamilies, familyByName } from '../read/family.ts';
import { NotText } from '../read/not-text.ts';
import { withTrueSize } from '../read/true-size.ts';
import { leftOut, scanDocument } from './document-scan.ts';
import type { FileResult, ScanParts, ScanWish } from './scan.ts';
import { scanTail } from './tail-scan.ts';
import { scanText } from './text-scan.ts';
import type { TextSource } from './text-scan.ts';

/** Texts up to this size are read from their beginning also where the newest lines are wanted first. */
const SMALL_BYTES = 4 * 1024 * 1024;

/** Searches one file as what it is: a text, a document or an archive. What cannot be searched is a gap of the result. */
export async function scanFile(
  parts: ScanParts,
  source: TextSource,
  wish: ScanWish,
  call: Call,
): Promise<FileResult> {
  try {
    return await scanKnown(parts, source, wish, call);
  } catch (error) {
    if (!isAppError(error) || ['cancelled', 'unauthorized'].includes(error.code)) throw error;
    // A log may have grown since it was found.
    const again = error.code === 'conflict' ? await restart(parts, source, wish, call) : undefined;
    return again ?? leftOut(source.file, `could not be read (${error.code})`);
  }
}

async function restart(
  parts: ScanParts,
  source: TextSource,
  wish: ScanWish,
  call: Call,
): Promise<FileResult | undefined> {
  try {
    const file = await stat(parts, source.file.path, call);
    return file.folder ? undefined : await scanKnown(parts, { ...source, file }, wish, call);
  } catch (error) {
    if (!isAppError(error) || ['cancelled', 'unauthorized'].includes(error.code)) throw error;
    return isAppError(error, 'conflict') ? leftOut(source.file, 'changed while it was read') : undefined;
  }
}

async function scanKnown(
  parts: ScanParts,
  { file: listed, place }: TextSource,
  wish: ScanWish,
  call: Call,
): Promise<FileResult> {
  const family = familyByName(listed.path, listed.mime);
  if (family === 'image') return leftOut(listed, 'pictures');
  const file = await withTrueSize(parts, listed, call);
  const size = file.size ?? 0;
  if (size === 0) return { file, groups: [], gaps: [], cutLines: 0 };
  const source = { file, place };
  if (documentFamilies.includes(family)) return scanDocument(parts, source, wish, call);
  try {
    const isLarge = wish.newestFirst && size > SMALL_BYTES;
    return await (isLarge ? scanTail : scanText)(parts, source, wish, call);
  } catch (error) {
    if (!(error instanceof NotText)) throw error;
    if (isStillEncrypted(error.head)) return leftOut(file, 'still encrypted by the server');
    const found = detect(error.head, file.path, file.mime).family;
    if (documentFamilies.includes(found)) return scanDocument(parts, source, wish, call);
    return leftOut(file, found === 'image' ? 'pictures' : 'not text');
  }
}
