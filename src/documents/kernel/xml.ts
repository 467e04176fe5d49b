import { SaxesParser } from 'saxes';
import { damaged, limit } from './failure.ts';

export type XmlAttributes = Readonly<Record<string, string>>;

/** Element and attribute names come without their prefix; an attribute of a namespace also with it (`r:id`). */
export interface XmlEvents {
  open?(name: string, attributes: XmlAttributes, depth: number): void;
  close?(name: string): void;
  text?(text: string): void;
}

/**
 * A streaming XML reader. Entities that a DTD declares are never expanded (the parser does not read declarations), so
 * that an entity bomb stays a few bytes; depth is bounded because readers keep a stack.
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
      if (this.#depth > maxDepth) throw limit(`Its XML is nested more than ${maxDepth} deep.`);
      this.#events.open?.(local(tag.name), plain(tag.attributes as Record<string, string>), this.#depth);
    });
    this.#parser.on('closetag', (tag) => {
      this.#depth--;
      this.#events.close?.(local(tag.name));
    });
    this.#parser.on('text', (text) => this.#events.text?.(text));
    this.#parser.on('cdata', (text) => this.#events.text?.(text));
    // An unknown entity is the mark of an XHTML file without its DTD, not of a damaged one.
    this.#parser.on('error', (error) => {
      if (!/undefined entity|unbound namespace/.test(error.message)) this.#error ??= error;
    });
  }

  write(chunk: string): void {
    this.#parser.write(chunk);
    if (this.#error) throw damaged(`Its XML is not well-formed (${this.#error.message.slice(0, 120)}).`);
  }

  end(): void {
    this.#parser.close();
    if (this.#error) throw damaged(`Its XML is not well-formed (${this.#error.message.slice(0, 120)}).`);
  }
}

/** A whole XML text in one go. */
export function parse(text: string, events: XmlEvents, maxDepth: number): void {
  const xml = new Xml(events, maxDepth);
  xml.write(text);
  xml.end();
}

function local(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
}

function plain(attributes: Record<string, string>): Record<string, string> {
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
