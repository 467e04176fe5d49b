import { limit } from './failure.ts';

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

const space = /[\t\n\v\f\r \u00a0\u200b]+/g;
const lead = /^(#{1,6} |\||```|~~~)/;

/**
 * Builds Markdown from a stream of events: text with a style, ends of blocks, tables. A cell collects its own blocks,
 * which is how tables inside tables and lists inside cells come out as one line.
 */
export class Markdown {
  #frames: Frame[] = [{ blocks: [], table: undefined, span: 1 }];
  #spans: Span[] = [];
  #room: number;

  constructor(room = Number.POSITIVE_INFINITY) {
    this.#room = room;
  }

  get inTable(): boolean {
    return this.#frames.length > 1;
  }

  /** Whether the block being written has anything but space in it. */
  get blank(): boolean {
    return this.#spans.every((span) => span.text.trim() === '');
  }

  write(text: string, style: Style = {}): void {
    if (text === '') return;
    this.#room -= text.length;
    if (this.#room < 0) throw limit('Its text is longer than what is read of one document.');
    const marks = `${style.code ? '`' : ''}${style.strike ? '~' : ''}${style.bold ? 'b' : ''}${style.italic ? 'i' : ''}`;
    const href = style.href ?? '';
    const last = this.#spans.at(-1);
    if (last?.marks === marks && last.href === href) last.text += text;
    else this.#spans.push({ text, marks, href });
  }

  /** A line break inside the block. */
  break(): void {
    this.write('\n');
  }

  /** Ends the block. `prefix` is what makes it a heading, an item, a quotation. */
  end(prefix = ''): void {
    const plain = prefix.startsWith('#');
    const text = render(this.#spans, plain);
    this.#spans = [];
    if (text === '') return;
    const pad = /[-*+.)] $/.test(prefix) ? ' '.repeat(prefix.length) : prefix === '> ' ? prefix : '';
    const safe = prefix === '' && lead.test(text) ? `\\${text}` : text;
    this.#add(prefix + safe.replaceAll('\n', plain ? ' ' : `\n${pad}`));
  }

  /** The block as plain words, taken out instead of added. */
  take(): string {
    const text = render(this.#spans, true);
    this.#spans = [];
    return text.replaceAll('\n', ' ');
  }

  /** Text kept as it is. */
  code(text: string, language = ''): void {
    this.end();
    const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map((run) => run[0].length + 1)));
    this.#add(`${fence}${language}\n${text.replace(/\n+$/, '')}\n${fence}`);
  }

  /** A finished block. */
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

  closeCell(): void {
    this.end();
    const cell = this.#frames.pop();
    const row = this.#frames.at(-2)?.table?.at(-1);
    if (!cell || !row) return;
    row.push(cell.blocks.join('\n'));
    for (let i = 1; i < cell.span; i++) row.push('');
  }

  closeTable(): void {
    this.end();
    if (this.#frames.length < 2) return;
    this.#frames.pop();
    const rows = (this.#top.table ?? []).filter((row) => row.length > 0);
    this.#top.table = undefined;
    // A table inside a cell has no Markdown of its own: its rows become lines.
    if (this.inTable) this.#add(rows.map((row) => row.filter(Boolean).join('; ')).join('\n'));
    else if (rows.length > 0) this.#add(table(rows));
  }

  /** All blocks so far; a blank line between two, none between the items of a list. */
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

const item = /^ *([-*+]|\d+[.)]) /;

function join(blocks: readonly string[]): string {
  let text = '';
  let listed = false;
  for (const block of blocks) {
    const list = item.test(block);
    if (text !== '') text += list && listed ? '\n' : '\n\n';
    text += block;
    listed = list;
  }
  return text;
}

/** Rows as a Markdown table, the first as its head. */
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
    const body = span.text.replace(space, (gap) => (gap.includes('\n') ? '\n' : ' '));
    const core = body.trim();
    if (core === '') {
      text += body;
      continue;
    }
    const before = body.slice(0, body.indexOf(core));
    const after = body.slice(before.length + core.length);
    const marked = plain ? core : mark(core, span.marks);
    const linked = span.href && !sameTarget(core, span.href) ? `[${marked}](${target(span.href)})` : marked;
    // Two styles that meet inside a word would glue their marks together.
    const previous = spans[index - 1];
    const glued =
      !plain && before === '' && previous && previous.marks !== '' && span.marks !== '' && /\S$/.test(text);
    text += before + (glued && text.endsWith('*') && linked.startsWith('*') ? '\u200b' : '') + linked + after;
  }
  return text
    .replace(/ *\n */g, '\n')
    .replace(/ {2,}/g, ' ')
    .trim();
}

function mark(text: string, marks: string): string {
  if (marks.startsWith('`')) return `\`${text}\``;
  const sign = `${marks.includes('b') ? '**' : ''}${marks.includes('i') ? '*' : ''}`;
  const strike = marks.includes('~') ? '~~' : '';
  const wrap = strike + sign;
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
