import type { Readable } from 'node:stream';
import { malformedAnswer, XmlStream } from './xml-stream.ts';
import type { StreamAttributes } from './xml-stream.ts';
import { inTimeSlices } from '../transport/time-slice.ts';

/** A property's value: its text and the elements in it. */
export interface ResourceProperty {
  readonly text: string;
  readonly children: readonly {
    readonly name: string;
    readonly text: string;
    readonly attributes: StreamAttributes;
  }[];
}

/** One `d:response` (RFC 4918 section 14.24): properties whose propstat has status 200, by `d:`, `oc:`, `nc:` name. */
export interface ResourceResponse {
  readonly href: string;
  readonly status: number | undefined;
  readonly properties: ReadonlyMap<string, ResourceProperty>;
}

export interface MultistatusLimits {
  readonly bytes: number;
  readonly responses: number;
  readonly depth: number;
  /** Characters of one text, name or attribute. */
  readonly text: number;
  /** Characters of one href. A path in Nextcloud has up to 4000 characters, of up to 12 in an href. */
  readonly href: number;
  /** Properties of one response, and elements in one property. */
  readonly parts: number;
}

export const defaultMultistatusLimits: MultistatusLimits = {
  bytes: 128 * 1024 * 1024,
  responses: 500_000,
  depth: 32,
  text: 250_000,
  href: 64 * 1024,
  parts: 10_000,
};

const prefixes: Readonly<Record<string, string>> = {
  'DAV:': 'd',
  'http://owncloud.org/ns': 'oc',
  'http://nextcloud.org/ns': 'nc',
};

const FALLBACK = 'x';
const MAX_PREFIXES = 1000;
const MAX_NAMES = 1000;

/**
 * Reads a 207 answer as it arrives and passes on each response, so that only one chunk at a time takes memory
 * and blocks the event loop. Document type declarations are refused, so there are no entities to expand.
 *
 * @throws AppError `invalid_response` when it is not well-formed, not a multistatus, truncated or over a limit
 */
export async function readMultistatus(
  body: Readable,
  onResponse: (response: ResourceResponse) => void,
  limits: MultistatusLimits = defaultMultistatusLimits,
): Promise<void> {
  const reader = new MultistatusReader(onResponse, limits);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (chunk?: Uint8Array): string => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch (cause) {
      throw malformedAnswer('it is not UTF-8', cause);
    }
  };
  let bytes = 0;
  for await (const chunk of inTimeSlices(body)) {
    bytes += chunk.length;
    if (bytes > limits.bytes) throw malformedAnswer(`it is longer than ${limits.bytes} bytes`);
    // The parser reports its events piece by piece, so that the limits stop it in time.
    for (let at = 0; at < chunk.length; at += PIECE) reader.write(decode(chunk.subarray(at, at + PIECE)));
  }
  reader.end(decode());
}

const PIECE = 64 * 1024;
const noChildren: ResourceProperty['children'] = [];

class MultistatusReader {
  readonly #markup: XmlStream;
  readonly #onResponse: (response: ResourceResponse) => void;
  readonly #limits: MultistatusLimits;
  readonly #stack: string[] = [];
  /** Prefixes in the document, and those used here. */
  readonly #prefixes = new Map<string, string>();
  /** Names in the document, and those used here. */
  readonly #names = new Map<string, string>();
  #count = 0;
  /** Characters since the last start or end of an element. */
  #pending = 0;
  #parts = 0;
  #text = '';
  #href = '';
  #status: number | undefined;
  #properties = new Map<string, ResourceProperty>();
  #propstat = new Map<string, ResourceProperty>();
  #propstatStatus = 0;
  #children: { name: string; text: string; attributes: StreamAttributes }[] = [];
  #attributes: StreamAttributes = {};
  #propertyText = '';

  constructor(onResponse: (response: ResourceResponse) => void, limits: MultistatusLimits) {
    this.#onResponse = onResponse;
    this.#limits = limits;
    this.#markup = new XmlStream({
      open: (name, attributes) => this.#open(name, attributes),
      close: () => this.#close(),
      text: (text) => this.#append(text),
    });
  }

  write(text: string): void {
    // The parser reports a text, a name or a comment once it is complete; until then it only grows.
    this.#pending += text.length;
    this.#markup.write(text);
    if (this.#pending > this.#limits.text + PIECE) throw malformedAnswer('a value in it is too long');
  }

  end(text: string): void {
    this.write(text);
    this.#markup.end();
  }

  #append(text: string): void {
    this.#text += text;
    if (this.#text.length > this.#limits.text) throw malformedAnswer('a value in it is too long');
  }

  #open(raw: string, attributes: Record<string, string>): void {
    this.#pending = 0;
    if (++this.#parts > this.#limits.parts) throw malformedAnswer('an entry in it has too many properties');
    for (const key in attributes) if (key.startsWith('xmlns')) this.#addPrefix(key, attributes[key] ?? '');
    const name = this.#canonical(raw);
    if (this.#stack.length === 0) {
      if (name !== 'd:multistatus')
        throw malformedAnswer(`its root is ${raw.slice(0, 50)} and not a multistatus`);
    }
    this.#stack.push(name);
    if (this.#stack.length > this.#limits.depth) throw malformedAnswer('it is nested too deeply');
    // multistatus > response > propstat > prop > PROPERTY > CHILD
    if (this.#stack.length === 6) {
      this.#propertyText += this.#text;
      this.#attributes = attributes;
    }
    this.#text = '';
  }

  #close(): void {
    this.#pending = 0;
    const name = this.#stack.pop() ?? '';
    const depth = this.#stack.length;
    const text = this.#text;
    this.#text = '';
    if (depth >= 5) {
      if (depth === 5) this.#children.push({ name, text: text.trim(), attributes: this.#attributes });
    } else if (depth === 4) this.#endProperty(name, text);
    else if (depth === 3 && name === 'd:status') this.#propstatStatus = statusOf(text);
    else if (depth === 2) this.#endPart(name, text);
    else if (depth === 1 && name === 'd:response') this.#endResponse();
  }

  #endProperty(name: string, text: string): void {
    const children = this.#children.length > 0 ? this.#children : noChildren;
    this.#propstat.set(name, { text: (this.#propertyText + text).trim(), children });
    if (this.#children.length > 0) this.#children = [];
    this.#propertyText = '';
  }

  #endPart(name: string, text: string): void {
    if (name === 'd:href') this.#endHref(text);
    else if (name === 'd:status') this.#status = statusOf(text);
    else if (name === 'd:propstat') {
      if (this.#propstatStatus === 200) {
        if (this.#properties.size === 0) this.#properties = this.#propstat;
        else for (const [key, value] of this.#propstat) this.#properties.set(key, value);
      }
      this.#propstat = new Map<string, ResourceProperty>();
      this.#propstatStatus = 0;
    }
  }

  #endHref(text: string): void {
    if (text.length > this.#limits.href) throw malformedAnswer('an href in it is too long');
    this.#href = text.trim();
  }

  #endResponse(): void {
    if (this.#href === '') throw malformedAnswer('a response in it has no href');
    if (++this.#count > this.#limits.responses)
      throw malformedAnswer(`it has more than ${this.#limits.responses} entries`);
    this.#onResponse({ href: this.#href, status: this.#status, properties: this.#properties });
    this.#parts = 0;
    this.#href = '';
    this.#status = undefined;
    this.#properties = new Map<string, ResourceProperty>();
  }

  #addPrefix(key: string, uri: string): void {
    const prefix = key === 'xmlns' ? '' : key.slice('xmlns:'.length);
    const canonical = prefixes[uri] ?? FALLBACK;
    this.#prefixes.set(prefix, canonical);
    this.#names.clear();
    if (this.#prefixes.size > MAX_PREFIXES) throw malformedAnswer('it has too many namespaces');
  }

  #canonical(raw: string): string {
    const known = this.#names.get(raw);
    if (known !== undefined) return known;
    const colon = raw.indexOf(':');
    const prefix = colon === -1 ? '' : raw.slice(0, colon);
    const canonical = `${this.#prefixes.get(prefix) ?? FALLBACK}:${raw.slice(colon + 1)}`;
    if (this.#names.size < MAX_NAMES) this.#names.set(raw, canonical);
    return canonical;
  }
}

const OK = 'HTTP/1.1 200 OK';

function statusOf(line: string): number {
  if (line === OK) return 200;
  return Number(/^\s*HTTP\/\S+ (\d{3})/.exec(line)?.[1] ?? 0);
}
