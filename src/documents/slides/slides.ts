import type { DocumentLimits, UnitRange, Reader } from '../kernel/document.ts';
import { damaged } from '../kernel/failure.ts';
import { Markdown } from '../kernel/markdown.ts';
import { openOdf } from '../odf/odf.ts';
import { OdfWalk } from '../odf/odf-walk.ts';
import { Package } from '../kernel/package.ts';
import { SlideWalk } from './slide-walk.ts';
import { readSpan, type UnitText } from '../kernel/span.ts';
import type { XmlAttributes, XmlEvents } from '../kernel/xml.ts';
import { Zip } from '../kernel/zip.ts';

/** PPTX: slide by slide, each with its notes; a slide is read when it is asked for. */
export async function openSlides(bytes: Uint8Array, limits: DocumentLimits): Promise<Reader> {
  const zip = await Zip.open(bytes, limits);
  const source = new Package(zip, limits);
  const main = await source.main('ppt/presentation.xml');
  const relations = await source.relations(main);
  const parts: string[] = [];
  await source.walk(main, {
    open: (name, attributes) => {
      const relation = name === 'sldId' ? relations.get(attributes['r:id'] ?? '') : undefined;
      if (relation?.type === 'slide') parts.push(relation.target);
    },
  });
  if (parts.length === 0 && !zip.has(main)) throw damaged('It has no presentation in it.');
  const cache = new Map<number, UnitText>();
  const get = async (number: number): Promise<UnitText> => {
    const known = cache.get(number) ?? (await readSlide(source, parts[number - 1] ?? '', number));
    cache.set(number, known);
    return known;
  };
  const lost = ['layout, animations and pictures (their descriptions are kept)'];
  const names = [...zip.entries.keys()];
  if (names.some((name) => name.startsWith('ppt/charts/chart'))) lost.push('charts');
  if (names.some((name) => name.startsWith('ppt/diagrams/data'))) lost.push('the layout of diagrams');
  return deck('pptx', parts.length, get, await source.facts(), lost, limits, () => zip.close());
}

async function readSlide(source: Package, part: string, number: number): Promise<UnitText> {
  if (!source.zip.has(part)) throw damaged(`The slide ${number} is missing in the file.`);
  const relations = await source.relations(part);
  const out = new Markdown(source.limits.documentChars);
  const walk = new SlideWalk(out, relations);
  await source.walk(part, walk);
  let text = out.toString();
  for (const { type, target, external } of relations.values()) {
    if (external || !source.zip.has(target)) continue;
    const more = new Markdown(source.limits.documentChars);
    // The words of a diagram are in a part of their own.
    if (type === 'diagramData') await source.walk(target, new SlideWalk(more, new Map()));
    const words = more.toString();
    if (words !== '') text += `\n\n${words}`;
  }
  const notes = [...relations.values()].find(
    ({ type, target }) => type === 'notesSlide' && source.zip.has(target),
  );
  if (notes) {
    const spoken = new Markdown(source.limits.documentChars);
    await source.walk(notes.target, new SlideWalk(spoken, await source.relations(notes.target), 'body'));
    const words = spoken.toString();
    if (words !== '') text += `\n\nNotes: ${words}`;
  }
  return { text: slideText(number, walk.title, text, walk.hidden) };
}

/** ODP: the same from one stream of XML. */
export async function openPresentation(bytes: Uint8Array, limits: DocumentLimits): Promise<Reader> {
  const source = await openOdf(bytes, limits);
  const events = new PageEvents(limits.documentChars);
  await source.walk(events);
  source.close();
  const lost = [
    'layout, animations and pictures',
    ...[...events.walk.met].filter((what) => what !== 'pictures'),
  ];
  const get = (number: number): UnitText => ({ text: events.slides[number - 1] ?? '' });
  return deck('odp', events.slides.length, get, source.facts, lost, limits);
}

class PageEvents implements XmlEvents {
  readonly slides: string[] = [];
  readonly walk: OdfWalk;
  #room: number;
  #title = '';
  #titled = 0;
  #spoken: Markdown | undefined;
  #page: Markdown | undefined;
  #depth = 0;
  #small = 0;

  constructor(room: number) {
    this.#room = room;
    this.walk = new OdfWalk(new Markdown(room), room);
  }

  open(name: string, attributes: XmlAttributes): void {
    this.#depth++;
    if (name === 'page') {
      this.#page = new Markdown(this.#room);
      this.#spoken = undefined;
      this.#title = '';
      this.walk.out = this.#page;
    } else if (name === 'notes' && this.#page) {
      this.#page.end();
      this.#spoken = new Markdown(this.#room);
      this.walk.out = this.#spoken;
    } else if (name === 'frame' && attributes['presentation:class'] === 'title' && this.#title === '') {
      this.#titled = this.#depth;
      this.walk.out = new Markdown(this.#room);
    } else if (
      name === 'frame' &&
      /^(page-number|date-time|footer|header)$/.test(attributes['presentation:class'] ?? '')
    ) {
      this.#small = this.#depth;
      this.walk.out = new Markdown(this.#room);
    }
    this.walk.open(name, attributes);
  }

  text(text: string): void {
    this.walk.text(text);
  }

  close(name: string): void {
    this.walk.close(name);
    if (this.#depth === this.#titled) {
      this.#title = this.walk.out.toString().replace(/\s+/g, ' ');
      this.#titled = 0;
      this.#back();
    } else if (this.#depth === this.#small) {
      this.#small = 0;
      this.#back();
    }
    this.#depth--;
    if (name !== 'page' || !this.#page) return;
    const spoken = this.#spoken?.toString() ?? '';
    const body = this.#page.toString() + (spoken === '' ? '' : `\n\nNotes: ${spoken}`);
    this.slides.push(slideText(this.slides.length + 1, this.#title, body));
    this.#page = undefined;
  }

  #back(): void {
    const out = this.#spoken ?? this.#page;
    if (out) this.walk.out = out;
  }
}

function slideText(number: number, title: string, body: string, hidden = false): string {
  const head = `## Slide ${number}${title === '' ? '' : `: ${title}`}${hidden ? ' (hidden)' : ''}`;
  return `${head}\n\n${body.trim()}`.trim();
}

function deck(
  format: string,
  total: number,
  get: (number: number) => UnitText | Promise<UnitText>,
  facts: Reader['facts'],
  lost: string[],
  limits: DocumentLimits,
  close?: () => void,
): Reader {
  const source = { unit: 'slide' as const, total, between: '\n\n', get };
  const reader: Reader = {
    family: 'slides',
    format,
    unit: 'slide',
    total,
    facts,
    lost,
    read: (range: UnitRange) => readSpan(source, range, limits),
  };
  return close ? { ...reader, close } : reader;
}
