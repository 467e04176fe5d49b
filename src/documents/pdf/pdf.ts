import type { getDocument, PDFDocumentProxy, PDFPageProxy } from 'unpdf/pdfjs';
import type { DocumentLimits, Part, UnitRange, Reader } from '../kernel/document.ts';
import { damaged, encrypted } from '../kernel/failure.ts';
import { pageText, type Glyphs } from './pdf-page.ts';
import { readSpan, type UnitText } from '../kernel/span.ts';

/** Characters of pages that were read, for whoever asks again. */
const kept = 3_000_000;
/** Runs of text of one page: a poster has some thousands, a trap has millions. */
const most = 100_000;

/** The library is larger than all the rest together: it is loaded for the first PDF, or when one is announced. */
export function pdfLibrary(): Promise<Library> {
  return import('unpdf/pdfjs');
}

type Library = { getDocument: typeof getDocument };

/** PDF: the text of a range of pages. Pages are read when they are asked for. */
export async function openPdf(bytes: Uint8Array, limits: DocumentLimits): Promise<Reader> {
  const library = await pdfLibrary();
  const missing = new Set<string>();
  const task = library.getDocument({
    // The library takes the buffer for itself.
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
      // Tables of character codes and stand-in fonts are not shipped: most files bring what they need.
      async fetch({ kind, filename }: { kind: string; filename: string }): Promise<never> {
        if (kind === 'cMapUrl') missing.add(filename);
        throw new Error(`${filename} is not shipped`);
      }
    },
  });
  let pdf: PDFDocumentProxy;
  try {
    pdf = await task.promise;
  } catch (error) {
    await task.destroy();
    throw refusal(error);
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
    const part = await readSpan({ unit: 'page', total, between: '\n\n', get }, range, limits);
    const within = (pages: readonly number[]): number[] => pages.filter((page) => page <= part.last);
    const empty = within(this.#empty);
    const broken = within(this.#broken);
    if (empty.length > 0)
      part.notes.push(
        `No text on ${listed(empty)}: what is there is a picture, most likely a scan, or nothing.`,
      );
    if (broken.length > 0) part.notes.push(`Damaged and not read: ${listed(broken)}.`);
    const cut = within(this.#cut);
    if (cut.length > 0) part.notes.push(`Only the first ${most} pieces of text are read of ${listed(cut)}.`);
    if (this.#missing.size > 0)
      part.notes.push('Text in East Asian fonts that the file does not bring along is missing.');
    return part;
  }

  async #page(number: number): Promise<UnitText> {
    let text = this.#texts.get(number);
    if (text === undefined) {
      text = await this.#extract(number);
      this.#size += text.length;
      if (this.#size > kept) {
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
      const glyphs = await this.#glyphs(page, number);
      page.cleanup();
      return pageText(glyphs);
    } catch {
      // One page that cannot be read is no reason to keep the others back.
      this.#broken.push(number);
      return '(this page is damaged)';
    }
  }

  async #glyphs(page: PDFPageProxy, number: number): Promise<Glyphs[]> {
    const glyphs: Glyphs[] = [];
    const options = { includeMarkedContent: false, disableNormalization: false };
    const reader = (page.streamTextContent(options) as ReadableStream<{ items: Glyphs[] }>).getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return glyphs;
      // A loop, because a spread of very many arguments fails.
      for (const item of value.items) glyphs.push(item);
      if (glyphs.length < most) continue;
      this.#cut.push(number);
      await reader.cancel(new Error('enough'));
      return glyphs;
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
    // The properties are an extra.
  }
  return known;
}

function day(date: string): string {
  const [, year, month = '01', dayOfMonth = '01'] = /^D?:?(\d{4})(\d\d)?(\d\d)?/.exec(date) ?? [];
  return year === undefined ? date.slice(0, 40) : `${year}-${month}-${dayOfMonth}`;
}

function refusal(error: unknown): Error {
  const name = error instanceof Error ? error.name : '';
  if (name === 'PasswordException') return encrypted('It is protected with a password.');
  return damaged(
    `The PDF cannot be read (${error instanceof Error ? error.message.slice(0, 120) : 'unknown'}).`,
    error,
  );
}

/** 1-3, 5 */
function listed(pages: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const page of pages) {
    const last = runs.at(-1);
    if (last && page === last[1] + 1) last[1] = page;
    else runs.push([page, page]);
  }
  const words = runs.slice(0, 20).map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`));
  return `${pages.length === 1 ? 'page' : 'pages'} ${words.join(', ')}${runs.length > 20 ? ', ...' : ''}`;
}
