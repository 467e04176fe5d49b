import { decoder, sniff } from '../../documents/kernel/encoding.ts';
import type { Decoder, Encoding } from '../../documents/kernel/encoding.ts';
import { endOfFirstLine, endOfLastLine } from './line-ends.ts';
import { LineSplitter } from './line-splitter.ts';
import type { TakeLine } from './line-splitter.ts';
import { nextSlice, sliceIsOver } from '../../time-slices.ts';

/** The number of bytes at the beginning of a file that the encoding is detected by. */
export const HEAD_BYTES = 65_536;
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

/** Takes the text of the file in pieces, each with the bytes that it was decoded from. */
export interface TextSink {
  /** The number of lines handed out so far. */
  readonly count: number;
  /** Whether text was left over when no more lines were wanted. */
  readonly hasRest: boolean;
  /** Whether it wants the rest of a line that has begun apart from the lines behind it. */
  readonly wantsLineEnd?: boolean;
  /**
   * @param isWhole the text ends with a line end, and nothing more belongs to that
   * @returns whether more text is wanted
   */
  write(text: string, bytes: Uint8Array, isWhole?: boolean): boolean;
  end(): void;
  skipRest(): void;
}

export interface LineReaderOptions {
  /** Where the bytes begin; the beginning of the file by default. */
  readonly from?: LineStart;
}

export interface LineOptions extends LineReaderOptions {
  readonly take: TakeLine;
  /** The longest part of a line that is handed out, in UTF-16 code units. */
  readonly maxLineChars: number;
}

export interface SinkOptions extends LineReaderOptions {
  readonly sink: TextSink;
}

/**
 * Reads the lines of a text from its bytes, which come in chunks of any size. However they are cut, the encoding
 * is detected by the same bytes, so that every operation sees the same lines of the same file.
 */
export class LineReader {
  readonly #splitter: TextSink;
  readonly #from: LineStart;
  readonly #isCounted: boolean;
  #byte: number;
  #encoding: Encoding | undefined;
  #decoder: Decoder | undefined;
  /** Chunks that wait until the encoding is known. */
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #head: Uint8Array = new Uint8Array(0);
  #lineStart: LineStart | undefined;

  constructor(options: LineOptions | SinkOptions) {
    const { from = FIRST_LINE } = options;
    this.#splitter = 'sink' in options ? options.sink : new LineSplitter(options.take, options.maxLineChars);
    this.#isCounted = !('sink' in options);
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

  /** The last beginning of a line that another reader can start from; none where a sink collects the lines. */
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
    if (this.#decoder) this.#splitter.write(this.#decoder.end(), new Uint8Array(0));
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
    const cut = endOfLastLine(bytes, encoding.encoding, this.#byte);
    if (cut > 0) {
      const first = this.#splitter.wantsLineEnd
        ? endOfFirstLine(bytes.subarray(0, cut), encoding.encoding)
        : 0;
      if (first > 0) {
        const line = bytes.subarray(0, first);
        this.#splitter.write(this.#decoder.write(line), line, true);
      }
      const lines = bytes.subarray(first, cut);
      if (lines.length > 0 && !this.#splitter.write(this.#decoder.write(lines), lines, true)) {
        if (bytes.length > cut) this.#splitter.skipRest();
        return false;
      }
      this.#byte += cut;
      if (this.#isCounted) this.#lineStart = { lines: this.lines, byte: this.#byte, encoding };
    }
    const rest = bytes.subarray(cut);
    this.#byte += rest.length;
    return rest.length === 0 || this.#splitter.write(this.#decoder.write(rest), rest);
  }
}
