import * as fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { XmlStream } from '../../src/nextcloud/dav/xml-stream.ts';
import type { StreamEvents } from '../../src/nextcloud/dav/xml-stream.ts';
import { part, TIMEOUT } from './runs.ts';

type Event = readonly [kind: string, value?: string, attributes?: Record<string, string>];

// Where a text is cut does not matter.
class Heard {
  readonly events: Event[] = [];
  #text = '';

  add(...event: Event): void {
    if (this.#text !== '') this.events.push(['text', this.#text]);
    this.#text = '';
    this.events.push(event);
  }

  text(text: string): void {
    this.#text += text;
  }
}

function ours(pieces: readonly string[]): Event[] | AppError {
  const heard = new Heard();
  const events: StreamEvents = {
    open: (name, attributes) => heard.add('open', name, { ...attributes }),
    close: () => heard.add('close'),
    text: (text) => heard.text(text),
  };
  const markup = new XmlStream(events);
  try {
    for (const piece of pieces) markup.write(piece);
    markup.end();
    return heard.events;
  } catch (error) {
    if (error instanceof AppError && error.code === 'invalid_response') return error;
    throw error;
  }
}

/** A parser that looks at every character, and what it finds wrong. */
function saxes(xml: string): { events: Event[]; wrong: string[] } {
  const heard = new Heard();
  const wrong: string[] = [];
  let depth = 0;
  const parser = new SaxesParser({ position: false, xmlns: false } as const);
  parser.on('opentag', ({ name, attributes }) => {
    depth++;
    heard.add('open', name, { ...attributes });
  });
  parser.on('closetag', () => {
    depth--;
    heard.add('close');
  });
  parser.on('text', (text) => depth > 0 && heard.text(text));
  parser.on('cdata', (text) => heard.text(text));
  parser.on('error', (error) => wrong.push(error.message));
  parser.on('doctype', () => wrong.push('doctype'));
  parser.write(xml).close();
  return { events: heard.events, wrong };
}

const name = fc.constantFrom('d:prop', 'a', 'oc:size', 'x-y', 'é', '_1.2');
const text = fc
  .array(
    fc.constantFrom('a', ' ', '\n', '\r\n', '&amp;', '&lt;', '&quot;', '&#233;', '&#x1F600;', 'é', '>', '"'),
  )
  .map((parts) => parts.join(''));
const value = text.map((part) => `"${part.replaceAll('"', "'").replace(/\s/g, ' ')}"`);
const attributes = fc
  .uniqueArray(fc.tuple(name, value), { maxLength: 3, selector: ([key]) => key })
  .map((pairs) => pairs.map(([key, quoted]) => ` ${key}=${quoted}`).join(''));
const { element } = fc.letrec<{ element: string; inner: string }>((tie) => ({
  element: fc.oneof(
    { maxDepth: 4 },
    fc.tuple(name, attributes).map(([tag, more]) => `<${tag}${more}/>`),
    fc
      .tuple(name, attributes, fc.array(tie('inner'), { maxLength: 4 }), fc.constantFrom('', ' '))
      .map(([tag, more, inner, blank]) => `<${tag}${more}${blank}>${inner.join('')}</${tag}${blank}>`),
  ),
  inner: fc.oneof(
    text,
    tie('element'),
    fc.constantFrom('<!-- a > b -->', '<![CDATA[<a>&amp;]]>', '<?php echo ?>', '<![CDATA[]]>'),
  ),
}));
const document = fc
  .tuple(
    fc.constantFrom('', '<?xml version="1.0"?>\n', '<!-- -->'),
    element,
    fc.constantFrom('', '\n', '<!--x-->'),
  )
  .map((parts) => parts.join(''));
const cuts = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 });

function cut(xml: string, sizes: readonly number[]): string[] {
  const pieces: string[] = [];
  for (let at = 0, turn = 0; at < xml.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    pieces.push(xml.slice(at, at + size));
    at += size;
  }
  return pieces;
}

const damage = [
  '<',
  '>',
  '/',
  '"',
  "'",
  '&',
  ';',
  '=',
  ' ',
  '<a>',
  '</a>',
  '<!',
  '-->',
  ']]>',
  '<a b="c" b="d"/>',
];
/** What is let through: it does no harm, and a listing of 10,000 entries is not to wait for a look at it. */
const harmless = /disallowed character|\]\]>/;

describe('the reader of markup', { timeout: TIMEOUT }, () => {
  test('hears what a whole parser hears, however a document is cut', () => {
    fc.assert(
      fc.property(document, cuts, (xml, sizes) => {
        const { events, wrong } = saxes(xml);
        expect(wrong).toEqual([]);
        expect(ours(cut(xml, sizes))).toEqual(events);
      }),
      part(0.05),
    );
  });

  test('refuses what is damaged', () => {
    const change = fc.tuple(fc.nat(), fc.nat({ max: 6 }), fc.constantFrom('', ...damage));
    let refused = 0;
    fc.assert(
      fc.property(
        document,
        fc.array(change, { minLength: 1, maxLength: 3 }),
        cuts,
        (whole, changes, sizes) => {
          let xml = whole;
          for (const [where, length, insert] of changes) {
            const at = where % (xml.length + 1);
            xml = xml.slice(0, at) + insert + xml.slice(at + length);
          }
          const heard = ours(cut(xml, sizes));
          if (heard instanceof AppError) return void refused++;
          // What stands in comments and instructions is skipped unread.
          if (/<[?!]/.test(xml)) return undefined;
          const { events, wrong } = saxes(xml);
          const serious = wrong.filter((message) => !harmless.test(message));
          if (serious.length > 0) throw new Error(`Taken: ${serious.join(', ')}`);
          if (wrong.length === 0) expect(heard).toEqual(events);
          return undefined;
        },
      ),
      part(0.05),
    );
    expect(refused).toBeGreaterThan(100);
  });
});
