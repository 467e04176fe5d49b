import { DocumentError } from './document-error.ts';

export interface Style {
  bold?: boolean;
  italic?: boolean;
  strike?: boolean;
  code?: boolean;
  href?: string | undefined;
}

interface Span {
  text: string;
  marks: string;
  href: string;
}

interface Frame {
  blocks: string[];
  table: string[][] | undefined;
  span: number;
}

const spaces = /[\t\n\v\f\r \u00a0\u200b]+/g;
const blockMarkers = /^(#{1,6} |\||```|~~~)/;

/** Thrown by `Markdown` when the text of a document exceeds `DocumentLimits.documentChars`. */
class TextLimitError extends DocumentError {
  constructor() {
    super(
      'limit',
      'The text is longer than the limit for one document.',
      'Download the file and open it with another program.',
    );
  }
}

/**
 * Runs a conversion to Markdown. Text beyond the limit is dropped; returns what was left out, for
 * `DocumentSummary.lost`.
 */
export async function convertUpToLimit(
  convert: () => Promise<void>,
  maxCharacters: number,
): Promise<string[]> {
  try {
    await convert();
    return [];
  } catch (error) {
    if (!(error instanceof TextLimitError)) throw error;
    return [`everything after the first ${maxCharacters} characters`];
  }
}

/** The description of a picture as text; empty when there is none. */
export function pictureText(description: string): string {
  const words = description.replace(/\s+/g, ' ').trim().slice(0, 300);
  return words === '' ? '' : `[picture: ${words}]`;
}

/**
 * Builds Markdown from a stream of events: styled text, ends of blocks, tables. Each cell collects blocks of its own,
 * so that lists and tables inside a cell become a single line.
 */
export class Markdown {
  #frames: Frame[] = [{ blocks: [], table: undefined, span: 1 }];
  #spans: Span[] = [];
  #remainingCharacters: number;

  constructor(maxCharacters = Number.POSITIVE_INFINITY) {
    this.#remainingCharacters = maxCharacters;
  }

  get inTable(): boolean {
    return this.#frames.length > 1;
  }

  /** Whether the current block has no text but white space. */
  get blank(): boolean {
    return this.#spans.every((span) => span.text.trim() === '');
  }

  write(text: string, style: Style = {}): void {
    if (text === '') return;
    this.#remainingCharacters -= text.length;
    if (this.#remainingCharacters < 0) throw new TextLimitError();
    const marks = `${style.code ? '`' : ''}${style.strike ? '~' : ''}${style.bold ? 'b' : ''}${style.italic ? 'i' : ''}`;
    const href = style.href ?? '';
    const last = this.#spans.at(-1);
    if (last?.marks === marks && last.href === href) last.text += text;
    else this.#spans.push({ text, marks, href });
  }

  /** Adds a line break inside the current block. */
  break(): void {
    this.write('\n');
  }

  /** Ends the current block. The prefix makes it a heading, a list item or a quotation. */
  end(prefix = ''): void {
    const plain = prefix.startsWith('#');
    const text = render(this.#spans, plain);
    this.#spans = [];
    if (text === '') return;
    const pad = /[-*+.)] $/.test(prefix) ? ' '.repeat(prefix.length) : prefix === '> ' ? prefix : '';
    const safe = prefix === '' && blockMarkers.test(text) ? `\\${text}` : text;
    this.#add(prefix + safe.replaceAll('\n', plain ? ' ' : `\n${pad}`));
  }

  /** Ends the current block and returns its plain text instead of adding it. */
  take(): string {
    const text = render(this.#spans, true);
    this.#spans = [];
    return text.replaceAll('\n', ' ');
  }

  /** Adds a fenced code block. */
  code(text: string, language = ''): void {
    this.end();
    const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map((run) => run[0].length + 1)));
    this.#add(`${fence}${language}\n${text.replace(/\n+$/, '')}\n${fence}`);
  }

  /** Adds a block that is Markdown already. */
  block(text: string): void {
    this.end();
    this.#add(text);
  }

  openTable(): void {
    this.end();
    this.#top.table ??= [];
    this.#frames.push({ blocks: [], table: undefined, span: 0 });
  }

  openRow(): void {
    this.#frames.at(-2)?.table?.push([]);
  }

  openCell(span = 1): void {
    this.end();
    this.#frames.push({ blocks: [], table: undefined, span: Math.min(Math.max(1, span), 64) });
  }

  /** Ends the cell. Its span, given here or when it was opened, adds empty cells after it. */
  closeCell(span = 1): void {
    this.end();
    const cell = this.#frames.pop();
    const row = this.#frames.at(-2)?.table?.at(-1);
    if (!cell || !row) return;
    row.push(cell.blocks.join('\n'));
    const columns = Math.max(cell.span, Math.min(span, 64));
    for (let i = 1; i < columns; i++) row.push('');
  }

  closeTable(): void {
    this.end();
    if (this.#frames.length < 2) return;
    this.#frames.pop();
    const rows = (this.#top.table ?? []).filter((row) => row.length > 0);
    this.#top.table = undefined;
    // Markdown has no tables inside cells: the rows of one become lines.
    if (this.inTable) this.#add(rows.map((row) => row.filter(Boolean).join('; ')).join('\n'));
    else if (rows.length > 0) this.#add(table(rows));
  }

  /** All blocks, with a blank line between two, but none between the items of a list. */
  toString(): string {
    this.end();
    while (this.#frames.length > 1) this.#frames.pop();
    return join(this.#top.blocks);
  }

  lines(): string[] {
    const text = this.toString();
    return text === '' ? [] : text.split('\n');
  }

  get #top(): Frame {
    const frame = this.#frames.at(-1);
    if (!frame) throw new Error('no frame');
    return frame;
  }

  #add(block: string): void {
    this.#top.blocks.push(block);
  }
}

const listItem = /^ *([-*+]|\d+[.)]) /;

function join(blocks: readonly string[]): string {
  let text = '';
  let afterItem = false;
  for (const block of blocks) {
    const isItem = listItem.test(block);
    if (text !== '') text += isItem && afterItem ? '\n' : '\n\n';
    text += block;
    afterItem = isItem;
  }
  return text;
}

/** A Markdown table. The first row is its header. */
export function table(rows: readonly (readonly string[])[]): string {
  const width = rows.reduce((most, row) => Math.max(most, row.length), 1);
  const line = (row: readonly string[]): string =>
    `| ${Array.from({ length: width }, (_, i) => cell(row[i] ?? '')).join(' | ')} |`;
  const [head = [], ...rest] = rows;
  return [line(head), `|${' --- |'.repeat(width)}`, ...rest.map((row) => line(row))].join('\n');
}

export function cell(text: string): string {
  return text
    .trim()
    .replaceAll('|', String.raw`\|`)
    .replace(/\s*\n\s*/g, '<br>');
}

function render(spans: readonly Span[], plain: boolean): string {
  let text = '';
  for (const [index, span] of spans.entries()) {
    const body = span.text.replace(spaces, (gap) => (gap.includes('\n') ? '\n' : ' '));
    const core = body.trim();
    if (core === '') {
      text += body;
      continue;
    }
    const before = body.slice(0, body.indexOf(core));
    const after = body.slice(before.length + core.length);
    const marked = plain ? core : mark(core, span.marks);
    const linked = span.href && !sameTarget(core, span.href) ? `[${marked}](${target(span.href)})` : marked;
    // Where two styles meet inside a word, a zero-width space keeps their marks apart.
    const previous = spans[index - 1];
    const adjoining =
      !plain && before === '' && previous && previous.marks !== '' && span.marks !== '' && /\S$/.test(text);
    text +=
      before + (adjoining && text.endsWith('*') && linked.startsWith('*') ? '\u200b' : '') + linked + after;
  }
  return text
    .replace(/ *\n */g, '\n')
    .replace(/ {2,}/g, ' ')
    .trim();
}

function mark(text: string, marks: string): string {
  if (marks.startsWith('`')) return `\`${text}\``;
  const emphasis = `${marks.includes('b') ? '**' : ''}${marks.includes('i') ? '*' : ''}`;
  const strike = marks.includes('~') ? '~~' : '';
  const wrap = strike + emphasis;
  if (wrap === '') return text;
  return text
    .split('\n')
    .map((line) =>
      line.trim() === '' ? line : `${wrap}${line.trim()}${wrap.split('').toReversed().join('')}`,
    )
    .join('\n');
}

function sameTarget(text: string, href: string): boolean {
  return href === text || href === `mailto:${text}` || href === `${text}/`;
}

function target(href: string): string {
  return href.replace(/[\s()<>]/g, (sign) =>
    encodeURIComponent(sign).replace('(', '%28').replace(')', '%29'),
  );
}
