import { fromBufferPromise, getFileNameLowLevel, parseExtraFields, type Entry, type ZipFile } from 'yauzl';
import type { DocumentLimits } from './document.ts';
import { decode, decoder, isUtf8, known } from './encoding.ts';
import { damaged, encrypted, limit, documentTooLarge, unsupported } from './failure.ts';

/**
 * Random access to the members of a ZIP. Nothing is unpacked before it is asked for, and all that is unpacked counts
 * against one budget, so that a bomb costs what the budget allows and not what it claims.
 */
export class Zip {
  readonly entries: ReadonlyMap<string, Entry>;
  /** Members beyond the limit that were not even listed. */
  readonly unlisted: number;
  #file: ZipFile;
  #left: number;

  private constructor(file: ZipFile, entries: ReadonlyMap<string, Entry>, budget: number) {
    this.#file = file;
    this.entries = entries;
    this.unlisted = Math.max(0, file.entryCount - file.entriesRead);
    this.#left = budget;
  }

  static async open(bytes: Uint8Array, limits: DocumentLimits): Promise<Zip> {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const entries = new Map<string, Entry>();
    try {
      // Names are decoded here: the library refuses `..`, which is harmless where nothing is written to a disk.
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
      throw damaged(`Its ZIP directory cannot be read (${message(error)}).`, error);
    }
  }

  has(name: string): boolean {
    return this.entries.has(name);
  }

  /** The bytes of a member as they are unpacked. */
  async *stream(name: string): AsyncGenerator<Buffer, void, void> {
    const entry = this.entries.get(name);
    if (!entry) throw damaged(`Its part ${name} is missing.`);
    if (entry.isEncrypted()) throw encrypted(`${name} is protected with a password.`);
    if (!entry.canDecodeFileData())
      throw unsupported(`${name} is packed with method ${entry.compressionMethod}, which is not read here.`);
    if (entry.uncompressedSize > this.#left)
      throw documentTooLarge(`${name} unpacks to more than may be unpacked.`);
    try {
      const stream = await this.#file.openReadStreamPromise(entry, {});
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        this.#left -= chunk.length;
        if (this.#left < 0) throw limit('It unpacks to more than may be unpacked of one document.');
        yield chunk;
      }
    } catch (error) {
      if (error instanceof Error && error.name === 'ExtractError') throw error;
      throw damaged(`${name} cannot be unpacked (${message(error)}).`, error);
    }
  }

  async read(name: string): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of this.stream(name)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  /** A part that is XML, as text. */
  async text(name: string): Promise<string> {
    const bytes = await this.read(name);
    return decode(bytes, xmlEncoding(bytes));
  }

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

/** UTF-8 unless the text says otherwise by its byte order mark or its declaration. */
export function xmlEncoding(head: Uint8Array): string {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  if (head[0] === 0x3c && head[1] === 0) return 'utf-16le';
  if (head[0] === 0 && head[1] === 0x3c) return 'utf-16be';
  const start = Buffer.from(head.subarray(0, 200)).toString('latin1');
  const declared = /^[\xef\xbb\xbf\s]*<\?xml[^>]*encoding=["']([\w.:-]+)["']/.exec(start)?.[1]?.toLowerCase();
  return declared !== undefined && known(declared) && !declared.startsWith('utf-16') ? declared : 'utf-8';
}

const unicodeName = 0x800;

function nameOf(entry: Entry): string {
  const raw = entry.fileNameRaw;
  const flags = entry.generalPurposeBitFlag;
  if ((flags & unicodeName) === 0 && raw.some((byte) => byte > 127)) {
    // Programs that do not set the flag write UTF-8 all the same, or the code page of their country.
    if (isUtf8(raw)) return raw.toString('utf8').replaceAll('\\', '/');
    const japanese = decode(raw, 'shift_jis');
    if ((japanese.match(/[\u3041-\u30fe]/g)?.length ?? 0) > 1 && !japanese.includes('\ufffd'))
      return japanese;
  }
  return getFileNameLowLevel(flags, raw, parseExtraFields(entry.extraFieldRaw), false);
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
