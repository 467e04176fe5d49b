import { SaxesParser } from 'saxes';
import { damaged, limit } from './document-error.ts';

export type XmlAttributes = Readonly<Record<string, string>>;

/** Names come without their namespace prefix. An attribute with a prefix is there under both names (`r:id`, `id`). */
export interface XmlEvents {
  open?(name: string, attributes: XmlAttributes, depth: number): void;
  close?(name: string): void;
  text?(text: string): void;
}

/**
 * A streaming XML parser. It reads no DTD declarations, so entities are never expanded and an entity bomb stays a few
 * bytes. The depth is limited because event handlers keep a stack.
 */
export class Xml {
  #parser = new SaxesParser({ fragment: false });
  #depth = 0;
  #events: XmlEvents;
  #error: Error | undefined;

  constructor(events: XmlEvents, maxDepth: number) {
    this.#events = events;
    this.#parser.on('opentag', (tag) => {
      this.#depth++;
      if (this.#depth > maxDepth)
        throw limit(`The XML elements are nested more than ${maxDepth} levels deep.`);
      this.#events.open?.(
        localName(tag.name),
        withLocalNames(tag.attributes as Record<string, string>),
        this.#depth,
      );
    });
    this.#parser.on('closetag', (tag) => {
      this.#depth--;
      this.#events.close?.(localName(tag.name));
    });
    this.#parser.on('text', (text) => this.#events.text?.(text));
    this.#parser.on('cdata', (text) => this.#events.text?.(text));
    // XHTML without its DTD has unknown entities; that is no damage.
    this.#parser.on('error', (error) => {
      if (!/undefined entity|unbound namespace/.test(error.message)) this.#error ??= error;
    });
  }

  write(chunk: string): void {
    this.#parser.write(chunk);
    if (this.#error) throw damaged(`The XML is not well-formed (${this.#error.message.slice(0, 120)}).`);
  }

  end(): void {
    this.#parser.close();
    if (this.#error) throw damaged(`The XML is not well-formed (${this.#error.message.slice(0, 120)}).`);
  }
}

/** Parses a complete XML text. */
export function parse(text: string, events: XmlEvents, maxDepth: number): void {
  const xml = new Xml(events, maxDepth);
  xml.write(text);
  xml.end();
}

function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
}

function withLocalNames(attributes: Record<string, string>): Record<string, string> {
  const result: Record<string, string> = { __proto__: null } as unknown as Record<string, string>;
  for (const name in attributes) {
    const value = attributes[name] ?? '';
    const colon = name.indexOf(':');
    if (colon < 0) result[name] = value;
    else {
      result[name] = value;
      result[name.slice(colon + 1)] ??= value;
    }
  }
  return result;
}
