import type { DocumentLimits, Reader } from '../kernel/document.ts';
import { Markdown } from '../kernel/markdown.ts';
import type { UnitText } from '../kernel/unit-range.ts';
import type { XmlAttributes, XmlEvents } from '../kernel/xml.ts';
import { openOdf } from '../odf/odf-package.ts';
import { OdfToMarkdown } from '../odf/odf-to-markdown.ts';
import { deckReader, slideText } from './slide-deck.ts';

/** Opens an OpenDocument presentation (ODP). All slides are in one XML part, so they are converted together. */
export async function openOdp(bytes: Uint8Array, limits: DocumentLimits): Promise<Reader> {
  const source = await openOdf(bytes, limits);
  const events = new PageEvents(limits.documentChars);
  await source.walk(events);
  source.close();
  const { slides, omitted } = events;
  const lost = ['layout, animations and pictures', ...[...omitted].filter((kind) => kind !== 'pictures')];
  const get = (number: number): UnitText => ({ text: slides[number - 1] ?? '' });
  return deckReader({ format: 'odp', total: slides.length, get, facts: source.facts, lost }, limits);
}

/** Directs the output of the converter: to the slide, its notes, its title, or to nowhere for repeated fields. */
class PageEvents implements XmlEvents {
  readonly slides: string[] = [];
  #converter: OdfToMarkdown;
  #maxCharacters: number;
  #title = '';
  #notes: Markdown | undefined;
  #page: Markdown | undefined;
  #depth = 0;
  /** The depth of the current title frame, or 0. */
  #titleDepth = 0;
  /** The depth of the current frame of a page number, date, header or footer, or 0. */
  #fieldDepth = 0;

  constructor(maxCharacters: number) {
    this.#maxCharacters = maxCharacters;
    this.#converter = new OdfToMarkdown(new Markdown(maxCharacters), maxCharacters);
  }

  get omitted(): ReadonlySet<string> {
    return this.#converter.omitted;
  }

  open(name: string, attributes: XmlAttributes): void {
    this.#depth++;
    const frameClass = name === 'frame' ? (attributes['presentation:class'] ?? '') : '';
    if (name === 'page') {
      this.#page = this.#redirect();
      this.#notes = undefined;
      this.#title = '';
    } else if (name === 'notes' && this.#page) {
      this.#page.end();
      this.#notes = this.#redirect();
    } else if (frameClass === 'title' && this.#title === '') {
      this.#titleDepth = this.#depth;
      this.#redirect();
    } else if (/^(page-number|date-time|footer|header)$/.test(frameClass)) {
      this.#fieldDepth = this.#depth;
      this.#redirect();
    }
    this.#converter.open(name, attributes);
  }

  text(text: string): void {
    this.#converter.text(text);
  }

  close(name: string): void {
    this.#converter.close(name);
    if (this.#depth === this.#titleDepth) {
      this.#title = this.#converter.out.toString().replace(/\s+/g, ' ');
      this.#titleDepth = 0;
      this.#restoreOutput();
    } else if (this.#depth === this.#fieldDepth) {
      this.#fieldDepth = 0;
      this.#restoreOutput();
    }
    this.#depth--;
    if (name !== 'page' || !this.#page) return;
    const content = { title: this.#title, body: this.#page.toString(), notes: this.#notes?.toString() };
    this.slides.push(slideText(this.slides.length + 1, content));
    this.#page = undefined;
  }

  #redirect(): Markdown {
    return (this.#converter.out = new Markdown(this.#maxCharacters));
  }

  #restoreOutput(): void {
    const out = this.#notes ?? this.#page;
    if (out) this.#converter.out = out;
  }
}
