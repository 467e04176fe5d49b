import { Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
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

/** What becomes of the lines. */
export interface MessageSink {
  /** A line within the limits, without its end. */
  readonly pass: (line: string) => void;
  readonly refuse: (refusal: MessageRefusal) => void;
}

/**
 * Takes the bytes of standard input, and passes on each line that is within the limits. A line over a limit is dropped
 * while it arrives, and refused at its end, when its id is known. Lines are measured and decoded in pieces, so that a
 * long one is not copied as a whole, and after each one that is passed on everything else has its turn.
 */
export class MessageGuard extends Writable {
  readonly #limits: JsonLimits;
  readonly #sink: MessageSink;
  #measure: JsonMeasure;
  #decoder = new StringDecoder('utf8');
  #line: string[] = [];

  constructor(limits: JsonLimits, sink: MessageSink) {
    super();
    this.#limits = limits;
    this.#sink = sink;
    this.#measure = new JsonMeasure(limits);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
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
      if (this.#measure.excess === undefined) this.#line.push(this.#decoder.write(piece));
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
    // A line that was dropped may have ended within a character.
    this.#decoder = new StringDecoder('utf8');
    const { excess } = measure;
    if (excess === undefined) this.#sink.pass(line.join('').replace(/\r?\n$/, ''));
    else this.#sink.refuse(refusalOf(measure, excess, this.#limits));
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

/** The answer to JSON that could not be taken as a message. Undefined unless its sender waits for one. */
export function refusalOfRequest(value: unknown): MessageRefusal | undefined {
  if (typeof value !== 'object' || value === null || !('method' in value && 'id' in value)) return undefined;
  const { id } = value;
  const message =
    'This is no JSON-RPC request: it needs "jsonrpc": "2.0", a method as text, an id as text or whole number, and params as an object. Nothing was done.';
  return {
    jsonrpc: '2.0',
    id: typeof id === 'string' || typeof id === 'number' ? id : null,
    error: { code: INVALID_REQUEST, message },
  };
}
