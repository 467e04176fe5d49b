import { decoder, sniff } from '../../documents/kernel/encoding.ts';
import type { Decoder, Encoding } from '../../documents/kernel/encoding.ts';
import { LineSplitter } from './line-splitter.ts';
import type { TakeLine } from './line-splitter.ts';
import { nextSlice, sliceIsOver } from '../../time-slices.ts';

/** The number of bytes at the beginning of a file that the encoding is detected by. */
export const HEAD_BYTES = 65_536;
const LF = 10;
const PIECE_BYTES = 16 * 1024;

/** The beginning of a line. */
export interface LineStart {
  /** The number of lines before it. */
  readonly lines: number;
  /** The offset of its first byte in the file. */
  readonly byte: number;
  /** Of the file; undefined while it is not known. */
  readonly encoding: Encoding | undefined;
}

const FIRST_LINE: LineStart = { lines: 0, byte: 0, encoding: undefined };

export interface LineReaderOptions {
  readonly take: TakeLine;
  /** The longest part of a line that is handed out, in UTF-16 code units. */
  readonly maxLineChars: number;
  /** Where the bytes begin; the beginning of the file by default. */
  readonly from?: LineStart;
}

/**
 * Reads the lines of a text from its bytes, which come in chunks of any size. However they are cut, the encoding
 * is detected by the same bytes, so that every operation sees the same lines of the same file.
 */
export class LineReader {
  readonly #splitter: LineSplitter;
  readonly #from: LineStart;
  #byte: number;
  #encoding: Encoding | undefined;
  #decoder: Decoder | undefined;
  /** Chunks that wait until the encoding is known. */
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #head: Uint8Array = new Uint8Array(0);
  #lineStart: LineStart | undefined;

  constructor({ take, maxLineChars, from = FIRST_LINE }: LineReaderOptions) {
    this.#splitter = new LineSplitter(take, maxLineChars);
    this.#from = from;
    this.#byte = from.byte;
    if (from.encoding) this.#use(from.encoding);
  }

  /** Undefined until enough of the text has come. */
  get encoding(): Encoding | undefined {
    return this.#encoding;
  }

  get isBinary(): boolean {
    return this.#encoding?.binary ?? false;
  }

  /** The bytes that the encoding was detected by. */
  get head(): Uint8Array {
    return this.#head;
  }

  /** The number of lines from the beginning of the file up to here. */
  get lines(): number {
    return this.#from.lines + this.#splitter.count;
  }

  /** Whether text was left over when no more lines were wanted. */
  get hasRest(): boolean {
    return this.#splitter.hasRest;
  }

  /** The last beginning of a line that another reader can start from. */
  get lineStart(): LineStart | undefined {
    return this.#lineStart;
  }

  /** @returns whether more is wanted: not of a file that is no text */
  write(chunk: Uint8Array): boolean {
    if (this.#encoding) return !this.isBinary && this.#decode(chunk);
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    return this.#waitingBytes < HEAD_BYTES || this.#detect();
  }

  /** The same for many bytes, in time slices. */
  async writeAll(bytes: Uint8Array, signal?: AbortSignal): Promise<boolean> {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      if (!this.write(bytes.subarray(at, at + PIECE_BYTES))) {
        if (at + PIECE_BYTES < bytes.length) this.#splitter.skipRest();
        return false;
      }
      if (sliceIsOver()) await nextSlice(signal);
    }
    return true;
  }

  /** The file has ended. */
  end(): void {
    if (!this.#encoding) this.#detect();
    if (this.isBinary) return;
    if (this.#decoder) this.#splitter.write(this.#decoder.end());
    this.#splitter.end();
  }

  #detect(): boolean {
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#head = bytes.subarray(0, HEAD_BYTES);
    const encoding = sniff(this.#head);
    this.#use(encoding);
    if (encoding.binary) return false;
    this.#byte += encoding.bom;
    return this.#decode(bytes.subarray(encoding.bom));
  }

  #use(encoding: Encoding): void {
    this.#encoding = encoding;
    // The byte order mark has been skipped by then: another U+FEFF is a character like any other.
    this.#decoder = decoder(encoding.encoding, { keepsMark: true });
  }

  #decode(bytes: Uint8Array): boolean {
    const { encoding } = this;
    if (!encoding || !this.#decoder) return false;
    // A byte of 10 ends a line in every encoding but UTF-16, where half of a character can have that value.
    const cut = encoding.encoding.startsWith('utf-16') ? 0 : bytes.lastIndexOf(LF) + 1;
    if (cut > 0) {
      if (!this.#splitter.write(this.#decoder.write(bytes.subarray(0, cut)))) {
        if (bytes.length > cut) this.#splitter.skipRest();
        return false;
      }
      this.#byte += cut;
      this.#lineStart = { lines: this.lines, byte: this.#byte, encoding };
    }
    this.#byte += bytes.length - cut;
    return this.#splitter.write(this.#decoder.write(bytes.subarray(cut)));
  }
}
