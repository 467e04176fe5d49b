import { fromBufferPromise, getFileNameLowLevel, parseExtraFields, type Entry, type ZipFile } from 'yauzl';
import type { DocumentLimits } from './document.ts';
import { decode, decoder, isUtf8, isSupportedEncoding } from './encoding.ts';
import {
  damaged,
  DocumentError,
  documentTooLarge,
  encrypted,
  limit,
  messageOf,
  unsupported,
} from './document-error.ts';

/**
 * Random access to the members of a ZIP. A member is unpacked only when it is read. All unpacked bytes count against
 * one limit, so a decompression bomb costs no more than that limit, whatever sizes it declares.
 */
export class Zip {
  readonly entries: ReadonlyMap<string, Entry>;
  /** The number of members beyond the limit, which are not listed. */
  readonly unlisted: number;
  #file: ZipFile;
  #remainingBytes: number;

  private constructor(file: ZipFile, entries: ReadonlyMap<string, Entry>, budget: number) {
    this.#file = file;
    this.entries = entries;
    this.unlisted = Math.max(0, file.entryCount - file.entriesRead);
    this.#remainingBytes = budget;
  }

  static async open(bytes: Uint8Array, limits: DocumentLimits): Promise<Zip> {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const entries = new Map<string, Entry>();
    try {
      // Names are decoded here, because the library rejects `..`. It is harmless: nothing is written to a disk.
      const file = await fromBufferPromise(buffer, {
        lazyEntries: true,
        decodeStrings: false,
        autoClose: false,
      });
      for await (const entry of file.eachEntry()) {
        entries.set(nameOf(entry), entry);
        if (file.entriesRead >= limits.archiveEntries) break;
      }
      return new Zip(file, entries, limits.archiveBytes);
    } catch (error) {
      throw damaged(`The ZIP directory cannot be read (${messageOf(error)}).`, error);
    }
  }

  has(name: string): boolean {
    return this.entries.has(name);
  }

  /** Streams the unpacked bytes of a member. */
  async *stream(name: string): AsyncGenerator<Buffer, void, void> {
    const entry = this.entries.get(name);
    if (!entry) throw damaged(`The part ${name} is missing.`);
    if (entry.isEncrypted()) throw encrypted(`${name} is protected with a password.`);
    if (!entry.canDecodeFileData())
      throw unsupported(
        `${name} uses compression method ${entry.compressionMethod}, which is not supported.`,
      );
    if (entry.uncompressedSize > this.#remainingBytes)
      throw documentTooLarge(`${name} exceeds the limit for unpacked data.`);
    try {
      const stream = await this.#file.openReadStreamPromise(entry, {});
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        this.#remainingBytes -= chunk.length;
        if (this.#remainingBytes < 0) throw limit('The document exceeds the limit for unpacked data.');
        yield chunk;
      }
    } catch (error) {
      if (error instanceof DocumentError) throw error;
      throw damaged(`${name} cannot be unpacked (${messageOf(error)}).`, error);
    }
  }

  async read(name: string): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of this.stream(name)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  /** Reads an XML part as text. */
  async text(name: string): Promise<string> {
    const bytes = await this.read(name);
    return decode(bytes, xmlEncoding(bytes));
  }

  /** Streams an XML part as text. */
  async *texts(name: string): AsyncGenerator<string, void, void> {
    let text: ReturnType<typeof decoder> | undefined;
    for await (const chunk of this.stream(name)) {
      text ??= decoder(xmlEncoding(chunk));
      yield text.write(chunk);
    }
    if (text) yield text.end();
  }

  close(): void {
    this.#file.close();
  }
}

/** The name of a member that is referred to relative to a folder inside the ZIP. */
export function resolveMember(folder: string, target: string): string {
  const segments = target.startsWith('/') ? [] : folder.split('/').filter(Boolean);
  for (const segment of target.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return segments.join('/');
}

/** The encoding of an XML file, by its byte order mark or its declaration; UTF-8 otherwise. */
export function xmlEncoding(head: Uint8Array): string {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  if (head[0] === 0x3c && head[1] === 0) return 'utf-16le';
  if (head[0] === 0 && head[1] === 0x3c) return 'utf-16be';
  const start = Buffer.from(head.subarray(0, 200)).toString('latin1');
  const declared = /^[\xef\xbb\xbf\s]*<\?xml[^>]*encoding=["']([\w.:-]+)["']/.exec(start)?.[1]?.toLowerCase();
  return declared !== undefined && isSupportedEncoding(declared) && !declared.startsWith('utf-16')
    ? declared
    : 'utf-8';
}

/** General purpose bit 11: the name is UTF-8 (PKWARE APPNOTE 4.4.4). */
const utf8NameFlag = 0x800;

function nameOf(entry: Entry): string {
  const raw = entry.fileNameRaw;
  const flags = entry.generalPurposeBitFlag;
  if ((flags & utf8NameFlag) === 0 && raw.some((byte) => byte > 127)) {
    // Programs that do not set the flag still write UTF-8, or a legacy code page such as Shift JIS.
    if (isUtf8(raw)) return raw.toString('utf8').replaceAll('\\', '/');
    const japanese = decode(raw, 'shift_jis');
    if ((japanese.match(/[\u3041-\u30fe]/g)?.length ?? 0) > 1 && !japanese.includes('\ufffd'))
      return japanese;
  }
  return getFileNameLowLevel(flags, raw, parseExtraFields(entry.extraFieldRaw), false);
}
