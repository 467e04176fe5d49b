import { decode } from '../kernel/encoding.ts';
import { limit } from '../kernel/failure.ts';
import { hyperlink } from '../kernel/field.ts';
import { Markdown, type Style } from '../kernel/markdown.ts';
import type { RtfToken } from './rtf-token.ts';
import { RtfTables } from './rtf-table.ts';
import { ignored, symbols } from './rtf-word.ts';

const deepest = 1_000;

interface Group {
  style: Style;
  hidden: boolean;
  /** What the group is for: the text, something else that is kept, or nothing. */
  to: string;
  charset: string;
  /** How many bytes stand in for a Unicode character. */
  skip: number;
}

interface Paragraph {
  table: boolean;
  heading: number;
  level: number;
}

const empty: Paragraph = { table: false, heading: 0, level: 0 };

/** Turns the tokens of an RTF file into Markdown. */
export class RtfWalk {
  readonly facts: Record<string, string | number> = {};
  readonly lost = new Set<string>();
  closed = false;
  #out: Markdown;
  #room: number;
  #group: Group = { style: {}, hidden: false, to: 'text', charset: 'windows-1252', skip: 1 };
  #stack: Group[] = [];
  #star = false;
  #tables = new RtfTables();
  #paragraph: Paragraph = { ...empty };
  #mark = '';
  #instruction = '';
  #links: { depth: number; href: string | undefined }[] = [];
  #pending = 0;
  #rows = false;
  #cell = false;
  #notes: string[] = [];
  #outer: { out: Markdown; depth: number; paragraph: Paragraph }[] = [];

  constructor(room: number) {
    this.#room = room;
    this.#out = new Markdown(room);
  }

  take(token: RtfToken): void {
    if (token.kind === 'open') this.#open();
    else if (token.kind === 'close') this.#close();
    else if (token.kind === 'star') this.#star = true;
    else if (token.kind === 'word') this.#word(token.word, token.value);
    else if (token.kind === 'symbol') this.#symbol(token.symbol);
    else this.#bytes(token.bytes);
  }

  lines(): string[] {
    this.#end();
    this.#endTable();
    const text = [this.#out.toString(), ...this.#notes].filter(Boolean).join('\n\n');
    return text === '' ? [] : text.split('\n');
  }

  #open(): void {
    if (this.#stack.length > deepest) throw limit(`Its groups are nested more than ${deepest} deep.`);
    this.#stack.push(this.#group);
    this.#group = { ...this.#group, style: { ...this.#group.style } };
    this.#star = false;
  }

  #close(): void {
    const depth = this.#stack.length;
    if (this.#group.to === 'stylesheet') this.#tables.endStyle();
    if (this.#links.at(-1)?.depth === depth) this.#links.pop();
    const outer = this.#outer.at(-1);
    if (outer?.depth === depth) {
      this.#outer.pop();
      const note = this.#out.toString().replaceAll('\n', ' ');
      this.#notes.push(`[^${this.#notes.length + 1}]: ${note}`);
      this.#out = outer.out;
      this.#paragraph = outer.paragraph;
      this.#out.write(`[^${this.#notes.length}]`);
    }
    this.#group = this.#stack.pop() ?? this.#group;
    if (this.#stack.length === 0) this.closed = true;
  }

  #word(word: string, value: number | undefined): void {
    const group = this.#group;
    const star = this.#star;
    this.#star = false;
    if (group.to === 'none') return;
    if (ignored.has(word)) {
      if (word === 'pict') this.lost.add('pictures');
      if (word.startsWith('head') || word.startsWith('foot')) this.lost.add('page headers and footers');
      if (word === 'object') this.lost.add('embedded objects');
      else group.to = 'none';
      return;
    }
    if (this.#destination(word)) return;
    if (star && word !== 'shppict') {
      group.to = 'none';
      return;
    }
    const text = symbols[word];
    if (text !== undefined) this.#write(text);
    else if (word === 'u') this.#unicode(value ?? 0);
    else this.#property(word, value, group);
  }

  #destination(word: string): boolean {
    const group = this.#group;
    if (word === 'fonttbl' || word === 'stylesheet' || word === 'info') group.to = word;
    else if (group.to === 'info' && /^(title|author)$/.test(word)) {
      group.to = `info:${word}`;
      delete this.facts[word];
    } else if (group.to === 'info' && word !== 'info') group.to = 'none';
    else if (word === 'pntext' || word === 'listtext') {
      group.to = 'mark';
      this.#mark = '';
    } else if (word === 'fldinst') {
      group.to = 'instruction';
      this.#instruction = '';
    } else if (word === 'fldrslt') {
      const href = hyperlink(this.#instruction);
      this.#links.push({ depth: this.#stack.length, href });
      group.to = 'text';
    } else if (word === 'footnote') {
      this.#outer.push({ out: this.#out, depth: this.#stack.length, paragraph: this.#paragraph });
      this.#out = new Markdown(this.#room);
      this.#paragraph = { ...empty };
      group.style = {};
    } else if (/^(annotation|atnauthor|atnid)$/.test(word)) {
      group.to = 'none';
      this.lost.add('comments');
    } else return false;
    return true;
  }

  #property(word: string, value: number | undefined, group: Group): void {
    const on = value !== 0;
    const { style } = group;
    // The mark of an item is laid out like a paragraph of its own.
    if (group.to === 'mark' && /^(pard|par|ilvl|outlinelevel|s|intbl)$/.test(word)) return;
    if (word === 'par' || word === 'sect' || word === 'page') this.#end();
    else if (word === 'pard') this.#paragraph = { ...empty };
    else if (word === 'plain') group.style = {};
    else if (word === 'b') style.bold = on;
    else if (word === 'i') style.italic = on;
    else if (word === 'strike') style.strike = on;
    else if (word === 'v') group.hidden = on;
    else if (word === 'uc') group.skip = Math.min(Math.max(0, value ?? 1), 8);
    else if (word === 'intbl') this.#paragraph.table = true;
    else if (word === 'outlinelevel' && (value ?? 9) < 6) this.#paragraph.heading = (value ?? 0) + 1;
    else if (word === 'ilvl') this.#paragraph.level = Math.min(8, Math.max(0, value ?? 0));
    else if (word === 's' && group.to === 'stylesheet') this.#tables.style = value ?? 0;
    else if (word === 's')
      this.#paragraph.heading = this.#tables.heading(value ?? 0) ?? this.#paragraph.heading;
    else if (word === 'cell' || word === 'nestcell') this.#endCell();
    else if (word === 'row') this.#endRow();
    else if (word === 'f' && group.to === 'fonttbl') this.#tables.font = value ?? 0;
    else if (word === 'f') group.charset = this.#tables.charset(value ?? 0);
    else if (word === 'fcharset' && group.to === 'fonttbl') this.#tables.setCharset(value ?? 0);
    else if (word === 'ansicpg') group.charset = this.#tables.setDefault(value ?? 1252);
    else if (word === 'mac') group.charset = this.#tables.setDefault(10_000);
  }

  #unicode(value: number): void {
    this.#write(String.fromCharCode(value < 0 ? value + 65_536 : value));
    this.#pending = this.#group.skip;
  }

  #symbol(symbol: string): void {
    if (symbol === '~') this.#write('\u00a0');
    else if (symbol === '_') this.#write('-');
    else if (symbol === '\n' || symbol === '\r') this.#end();
    else if ('\\{}'.includes(symbol)) this.#write(symbol);
  }

  #bytes(bytes: Uint8Array): void {
    // What follows a Unicode character is its stand-in for older readers.
    const from = Math.min(this.#pending, bytes.length);
    this.#pending -= from;
    if (from < bytes.length) this.#write(decode(bytes.subarray(from), this.#group.charset));
  }

  #write(text: string): void {
    const { to, style, hidden } = this.#group;
    this.#pending = 0;
    if (to === 'mark') this.#mark += text;
    else if (to === 'instruction') this.#instruction += text;
    else if (to === 'stylesheet') this.#tables.name += text;
    else if (to.startsWith('info:'))
      this.facts[to.slice(5)] = `${this.facts[to.slice(5)] ?? ''}${text}`.slice(0, 200);
    else if (to === 'text' && !hidden) {
      if (this.#paragraph.table) this.#inCell();
      else this.#endTable();
      const href = this.#links.at(-1)?.href;
      this.#out.write(text, href === undefined ? style : { ...style, href });
    }
  }

  #inCell(): void {
    if (!this.#rows) {
      this.#out.openTable();
      this.#out.openRow();
      this.#rows = true;
    }
    if (!this.#cell) this.#out.openCell();
    this.#cell = true;
  }

  #endCell(): void {
    this.#inCell();
    this.#out.closeCell();
    this.#cell = false;
  }

  #endRow(): void {
    if (this.#rows) this.#out.openRow();
  }

  #endTable(): void {
    if (!this.#rows) return;
    if (this.#cell) this.#endCell();
    this.#rows = false;
    this.#out.closeTable();
  }

  #end(): void {
    if (this.#group.to !== 'text') return;
    if (this.#out.blank && !this.#cell) {
      this.#out.end();
      return;
    }
    const { heading, level } = this.#paragraph;
    const number = /^\s*(\d+)[.)]/.exec(this.#mark)?.[1];
    const item = this.#mark.trim() === '' ? '' : number === undefined ? '- ' : `${number}. `;
    this.#mark = '';
    this.#out.end(
      heading > 0 && !this.#cell ? `${'#'.repeat(heading)} ` : item && '   '.repeat(level) + item,
    );
  }
}
