import { Transform } from 'node:stream';
import type { TransformCallback } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { callbackify } from 'node:util';
import { nextSlice, sliceIsOver } from '../time-slices.ts';
import { excessText, JsonMeasure } from '../text/json-measure.ts';
import type { JsonExcess, JsonLimits } from '../text/json-measure.ts';

/** The error response to a message that is not passed on (JSON-RPC 2.0, section 5.1). */
export interface MessageRefusal {
  readonly jsonrpc: '2.0';
  /** Null where the message has no id, or where it is no request. */
  readonly id: string | number | null;
  readonly error: { readonly code: number; readonly message: string };
}

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const PIECE_BYTES = 64 * 1024;
const INVALID_REQUEST = -32_600;

/**
 * Stands before what parses the lines of standard input, and passes on each line that is within the limits, as one
 * chunk. A line over a limit is dropped while it arrives, and refused at its end, when its id is known. Lines are
 * measured in pieces, and after each one that is passed on everything else has its turn.
 */
export class MessageGuard extends Transform {
  readonly #limits: JsonLimits;
  readonly #refuse: (refusal: MessageRefusal) => void;
  #measure: JsonMeasure;
  #line: Buffer[] = [];

  constructor(limits: JsonLimits, refuse: (refusal: MessageRefusal) => void) {
    super();
    this.#limits = limits;
    this.#refuse = refuse;
    this.#measure = new JsonMeasure(limits);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    callbackify(async () => this.#take(chunk))(done);
  }

  async #take(chunk: Buffer): Promise<void> {
    for (let at = 0; at < chunk.length;) {
      const rest = chunk.subarray(at, at + PIECE_BYTES);
      const end = rest.indexOf(NEWLINE);
      const piece = end === -1 ? rest : rest.subarray(0, end + 1);
      at += piece.length;
      if (sliceIsOver()) await nextSlice();
      if (this.#measure.bytes === 0 && isEmpty(piece)) continue;
      this.#measure.add(piece);
      if (this.#measure.excess === undefined) this.#line.push(piece);
      else this.#line = [];
      if (end === -1) continue;
      this.#endLine();
      await nextTurn();
    }
  }

  #endLine(): void {
    const measure = this.#measure;
    const line = this.#line;
    this.#measure = new JsonMeasure(this.#limits);
    this.#line = [];
    const { excess, bytes } = measure;
    if (excess !== undefined) this.#refuse(refusalOf(measure, excess, this.#limits));
    else this.push(line.length === 1 ? line[0] : Buffer.concat(line, bytes));
  }
}

function isEmpty(line: Buffer): boolean {
  return line[0] === NEWLINE || (line[0] === CARRIAGE_RETURN && line[1] === NEWLINE);
}

function refusalOf(measure: JsonMeasure, excess: JsonExcess, limits: JsonLimits): MessageRefusal {
  const sentences = [
    excessText('A message', excess, limits),
    ...(excess === 'bytes' ? [`this one has ${measure.bytes.toLocaleString('en')}`] : []),
  ];
  const message = `${sentences.join(': ')}. Nothing was done. ${remedies[excess]}`;
  return { jsonrpc: '2.0', id: idOf(measure), error: { code: INVALID_REQUEST, message } };
}

const LESS = 'Send less at once, in several calls.';

const remedies: Readonly<Record<JsonExcess, string>> = {
  bytes:
    'To store a large file, pass source_path, the path of the file on this computer, in place of its content: then ' +
    'it does not pass through the message. Anything else: send less at once, in several calls.',
  depth: 'Send the values without so many lists and objects in each other.',
  values: LESS,
  keys: LESS,
  names: 'Methods, tools, cursors, addresses and keys are short.',
};

// A response has an id too, that of a request of ours. The client would take an error with it for one of its own.
function idOf(measure: JsonMeasure): string | number | null {
  const id = measure.member('id');
  const isRequest = typeof measure.member('method') === 'string';
  return isRequest && (typeof id === 'string' || typeof id === 'number') ? id : null;
}
