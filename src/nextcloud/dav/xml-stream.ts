import { AppError } from '../../errors.ts';

export type StreamAttributes = Readonly<Record<string, string>>;

/** Events of the parser. Names have the prefix that the document uses. */
export interface StreamEvents {
  open(name: string, attributes: StreamAttributes): void;
  close(): void;
  /** A text or a part of it: comments and CDATA sections split one into several. */
  text(text: string): void;
}

/**
 * Parses XML 1.0 as it arrives and refuses document type declarations. A listing of 10,000 entries has half a
 * million tags and texts, and a general parser takes longer for them than a fast server takes to send them.
 * This one searches for brackets instead of examining each character. What it does not check is harmless:
 * characters that XML does not allow, and `]]>` in a text.
 */
export class XmlStream {
  readonly #events: StreamEvents;
  /** Names of the open elements, outermost first. */
  readonly #open: string[] = [];
  /** Names that were found well-formed. */
  readonly #names = new Set<string>();
  #rest = '';
  #ended = false;

  constructor(events: StreamEvents) {
    this.#events = events;
  }

  /** @throws AppError `invalid_response` */
  write(piece: string): void {
    const xml = this.#rest === '' ? piece : this.#rest + piece;
    let at = 0;
    for (;;) {
      const start = xml.indexOf('<', at);
      if (start === -1) break;
      if (start > at) this.#text(decoded(xml.slice(at, start)));
      at = start;
      const next = this.#markup(xml, start);
      if (next === undefined) break;
      at = next;
    }
    this.#rest = at === 0 ? xml : xml.slice(at);
  }

  /** @throws AppError `invalid_response` when the document is not complete */
  end(): void {
    if (!this.#ended || this.#rest.trim() !== '') throw malformedAnswer('it is truncated');
  }

  /** Offset after the markup at `start`; undefined until all of it has arrived. */
  #markup(xml: string, start: number): number | undefined {
    const first = xml.charCodeAt(start + 1);
    if (first === SLASH) return this.#endTag(xml, start + 2);
    if (first === QUESTION) return after(xml, '?>', start + 2);
    if (first === BANG) return this.#declaration(xml, start);
    const end = xml.indexOf('>', start);
    if (end === -1) return undefined;
    const empty = xml.charCodeAt(end - 1) === SLASH;
    const name = xml.slice(start + 1, empty ? end - 1 : end);
    if (!this.#names.has(name)) return this.#startTag(xml, start + 1);
    this.#element(name, noAttributes, empty);
    return end + 1;
  }

  #endTag(xml: string, start: number): number | undefined {
    const name = this.#open.at(-1);
    let end = start + (name?.length ?? 0);
    if (name === undefined || !xml.startsWith(name, start)) {
      if (xml.length < end) return undefined;
      throw malformedAnswer(`</${xml.slice(start, start + 40)} closes an element that is not open`);
    }
    while (isSpace(xml.charCodeAt(end))) end++;
    if (end >= xml.length) return undefined;
    if (xml.charCodeAt(end) !== GREATER) throw malformedAnswer(`an end tag of ${name} is damaged`);
    this.#close();
    return end + 1;
  }

  /** A start tag with a new name or with attributes. */
  #startTag(xml: string, start: number): number | undefined {
    const end = tagEnd(xml, start);
    if (end === -1) return undefined;
    const [name = ''] = matchAt(NAME, xml, start) ?? [];
    if (name === '') throw malformedAnswer(`<${xml.slice(start, start + 40)} is not an element`);
    if (this.#names.size < MAX_NAMES) this.#names.add(name);
    const attributes: Record<string, string> = { __proto__: null } as never;
    let at = start + name.length;
    let count = 0;
    for (let found = matchAt(ATTRIBUTE, xml, at); found; found = matchAt(ATTRIBUTE, xml, at)) {
      const [all, key = '', value = ''] = found;
      if (++count > MAX_ATTRIBUTES) throw malformedAnswer(`${name.slice(0, 40)} has too many attributes`);
      if (key in attributes) throw malformedAnswer(`${name} has ${key} twice`);
      attributes[key] = decoded(value.slice(1, -1));
      at += all.length;
    }
    const [close, slash] = matchAt(CLOSE, xml, at) ?? [];
    if (close === undefined || at + close.length !== end + 1)
      throw malformedAnswer(`the attributes of ${name.slice(0, 40)} are damaged`);
    this.#element(name, attributes, slash === '/');
    return end + 1;
  }

  #declaration(xml: string, start: number): number | undefined {
    if (xml.startsWith('<!--', start)) return after(xml, '-->', start + 4);
    if (xml.startsWith('<![CDATA[', start)) {
      const end = after(xml, ']]>', start + 9);
      if (end !== undefined) this.#text(xml.slice(start + 9, end - 3));
      return end;
    }
    if (xml.length < start + 9) return undefined;
    throw malformedAnswer('it has a document type declaration, which Nextcloud never sends');
  }

  #element(name: string, attributes: StreamAttributes, empty: boolean): void {
    if (this.#ended) throw malformedAnswer('there is more after its end');
    this.#open.push(name);
    this.#events.open(name, attributes);
    if (empty) this.#close();
  }

  #close(): void {
    this.#open.pop();
    this.#ended = this.#open.length === 0;
    this.#events.close();
  }

  #text(text: string): void {
    if (this.#open.length > 0) this.#events.text(text);
    else if (text.trim() !== '') throw malformedAnswer('it has text outside its root element');
  }
}

const noAttributes: StreamAttributes = {};
const MAX_NAMES = 1000;
const MAX_ATTRIBUTES = 1000;

const BANG = 0x21;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
const SLASH = 0x2f;
const GREATER = 0x3e;
const QUESTION = 0x3f;

const NAME = /[A-Z_a-z:\u0080-\uffff][-.\w:\u0080-\uffff]*/y;
const ATTRIBUTE = /\s+([A-Z_a-z:\u0080-\uffff][-.\w:\u0080-\uffff]*)\s*=\s*("[^"<]*"|'[^'<]*')/y;
const CLOSE = /\s*(\/?)>/y;

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

function after(xml: string, mark: string, from: number): number | undefined {
  const at = xml.indexOf(mark, from);
  return at === -1 ? undefined : at + mark.length;
}

// Attribute values may contain `>`.
function tagEnd(xml: string, from: number): number {
  let quote = 0;
  for (let at = from; at < xml.length; at++) {
    const code = xml.charCodeAt(at);
    if (quote !== 0) quote = code === quote ? 0 : quote;
    else if (code === DOUBLE_QUOTE || code === SINGLE_QUOTE) quote = code;
    else if (code === GREATER) return at;
  }
  return -1;
}

const LONGEST_REFERENCE = 9; // &#1114111

/** Resolves references (XML 1.0 section 4.6) and normalizes line ends (section 2.11). */
function decoded(text: string): string {
  let at = text.indexOf('&');
  const lines = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  if (at === -1) return lines;
  if (lines !== text) return decoded(lines);
  let result = '';
  let from = 0;
  while (at !== -1) {
    const end = text.indexOf(';', at);
    const name = end === -1 || end - at > LONGEST_REFERENCE ? '' : text.slice(at + 1, end);
    result += text.slice(from, at) + (references.get(name) ?? character(name));
    from = end + 1;
    at = text.indexOf('&', from);
  }
  return result + text.slice(from);
}

const references = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

function character(name: string): string {
  const [, hex, decimal] = /^#(?:x([\da-f]+)|(\d+))$/i.exec(name) ?? [];
  const code = hex === undefined ? Number(decimal ?? NaN) : Number.parseInt(hex, 16);
  const isCharacter = code >= 0x20 ? code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) : isSpace(code);
  if (!isCharacter) throw malformedAnswer(`it has the unknown reference &${name.slice(0, 20)};`);
  return String.fromCodePoint(code);
}

export function malformedAnswer(why: string, cause?: unknown): AppError {
  return new AppError('invalid_response', `The answer of the server is damaged: ${why}`, {
    hint: 'A proxy may have changed it, or the server is not a Nextcloud.',
    remedy: { kind: 'check-connection' },
    cause,
  });
}
