import type { getDocument, PDFDocumentProxy, PDFPageProxy } from 'unpdf/pdfjs';
import type { DocumentLimits, Part, UnitRange, Reader } from '../kernel/document.ts';
import { damaged, encrypted } from '../kernel/document-error.ts';
import { pageText, type TextRun } from './page-text.ts';
import { readUnits, type UnitText } from '../kernel/unit-range.ts';

/** The number of characters of pages to cache. */
const cacheCharacters = 3_000_000;
/** The number of text runs read of one page. A poster has some thousands; only a malicious file has millions. */
const maxRuns = 100_000;

/**
 * Loads the PDF library. It is larger than all other readers together, so it is loaded only for the first PDF or when one
 * is about to be read.
 */
export function pdfLibrary(): Promise<Library> {
  return import('unpdf/pdfjs');
}

type Library = { getDocument: typeof getDocument };

/** Opens a PDF. Its units are pages; the text of a page is extracted when it is read. */
export async function openPdf(bytes: Uint8Array, limits: DocumentLimits): Promise<Reader> {
  const library = await pdfLibrary();
  const missing = new Set<string>();
  const task = library.getDocument({
    // A copy, because the library takes ownership of the buffer.
    data: new Uint8Array(bytes),
    verbosity: 0,
    disableFontFace: true,
    useSystemFonts: false,
    useWorkerFetch: false,
    useWasm: false,
    isOffscreenCanvasSupported: false,
    isImageDecoderSupported: false,
    maxImageSize: 1,
    BinaryDataFactory: class {
      // Character maps and substitute fonts are not shipped, because most files embed what they need.
      async fetch({ kind, filename }: { kind: string; filename: string }): Promise<never> {
        if (kind === 'cMapUrl') missing.add(filename);
        throw new Error(`${filename} is not included`);
      }
    },
  });
  let pdf: PDFDocumentProxy;
  try {
    pdf = await task.promise;
  } catch (error) {
    await task.destroy();
    throw openError(error);
  }
  const pages = new Pages(pdf, missing);
  return {
    family: 'pdf',
    format: 'pdf',
    unit: 'page',
    total: pdf.numPages,
    facts: await facts(pdf),
    lost: ['pictures, layout, the targets of links, the values of form fields'],
    read: (range) => pages.read(range, limits),
    close: () => task.destroy(),
  };
}

class Pages {
  #pdf: PDFDocumentProxy;
  #missing: Set<string>;
  #texts = new Map<number, string>();
  #size = 0;
  #empty: number[] = [];
  #broken: number[] = [];
  #cut: number[] = [];

  constructor(pdf: PDFDocumentProxy, missing: Set<string>) {
    this.#pdf = pdf;
    this.#missing = missing;
  }

  async read(range: UnitRange, limits: DocumentLimits): Promise<Part> {
    this.#empty = [];
    this.#broken = [];
    this.#cut = [];
    const total = this.#pdf.numPages;
    const get = (number: number): Promise<UnitText> => this.#page(number);
    const part = await readUnits({ unit: 'page', total, between: '\n\n', get }, range, limits);
    const within = (pages: readonly number[]): number[] => pages.filter((page) => page <= part.last);
    const empty = within(this.#empty);
    const broken = within(this.#broken);
    if (empty.length > 0) part.notes.push(`No text on ${pageList(empty)}: most likely scanned, or empty.`);
    if (broken.length > 0) part.notes.push(`Not read because of damage: ${pageList(broken)}.`);
    const cut = within(this.#cut);
    if (cut.length > 0) part.notes.push(`Only the first ${maxRuns} text runs of ${pageList(cut)} are read.`);
    if (this.#missing.size > 0)
      part.notes.push('Text in East Asian fonts that are not embedded in the file is missing.');
    return part;
  }

  async #page(number: number): Promise<UnitText> {
    let text = this.#texts.get(number);
    if (text === undefined) {
      text = await this.#extract(number);
      this.#size += text.length;
      if (this.#size > cacheCharacters) {
        this.#texts.clear();
        this.#size = text.length;
      }
      this.#texts.set(number, text);
    }
    if (text === '') this.#empty.push(number);
    return { text: `<!-- page ${number} -->\n\n${text}`.trim() };
  }

  async #extract(number: number): Promise<string> {
    try {
      const page = await this.#pdf.getPage(number);
      const runs = await this.#textRuns(page, number);
      page.cleanup();
      return pageText(runs);
    } catch {
      // A damaged page does not prevent reading the others.
      this.#broken.push(number);
      return '(this page is damaged)';
    }
  }

  async #textRuns(page: PDFPageProxy, number: number): Promise<TextRun[]> {
    const runs: TextRun[] = [];
    const options = { includeMarkedContent: false, disableNormalization: false };
    const reader = (page.streamTextContent(options) as ReadableStream<{ items: TextRun[] }>).getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return runs;
      // Not `push(...items)`: it fails for very many arguments.
      for (const item of value.items) runs.push(item);
      if (runs.length < maxRuns) continue;
      this.#cut.push(number);
      await reader.cancel(new Error('too many text runs'));
      return runs;
    }
  }
}

async function facts(pdf: PDFDocumentProxy): Promise<Record<string, string | number>> {
  const known: Record<string, string | number> = { pages: pdf.numPages };
  try {
    const { info } = (await pdf.getMetadata()) as unknown as { info: Record<string, unknown> };
    const names = {
      Title: 'title',
      Author: 'author',
      Creator: 'program',
      Producer: 'producer',
      CreationDate: 'created',
    };
    for (const [key, name] of Object.entries(names)) {
      const value = info[key];
      if (typeof value === 'string' && value.trim() !== '')
        known[name] =
          name === 'created'
            ? day(value)
            : value
                .replace(/[\x00-\x1f\x7f]/g, ' ')
                .trim()
                .slice(0, 200);
    }
  } catch {
    // A document is readable without its properties.
  }
  return known;
}

function day(date: string): string {
  const [, year, month = '01', dayOfMonth = '01'] = /^D?:?(\d{4})(\d\d)?(\d\d)?/.exec(date) ?? [];
  return year === undefined ? date.slice(0, 40) : `${year}-${month}-${dayOfMonth}`;
}

function openError(error: unknown): Error {
  const name = error instanceof Error ? error.name : '';
  if (name === 'PasswordException') return encrypted('The document is protected with a password.');
  return damaged(
    `The PDF cannot be read (${error instanceof Error ? error.message.slice(0, 120) : 'unknown'}).`,
    error,
  );
}

/** Page numbers as a list of ranges: `pages 1-3, 5`. */
function pageList(pages: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const page of pages) {
    const last = ranges.at(-1);
    if (last && page === last[1] + 1) last[1] = page;
    else ranges.push([page, page]);
  }
  const texts = ranges.slice(0, 20).map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`));
  return `${pages.length === 1 ? 'page' : 'pages'} ${texts.join(', ')}${ranges.length > 20 ? ', ...' : ''}`;
}
