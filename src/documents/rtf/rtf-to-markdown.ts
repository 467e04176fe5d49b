import { decode } from '../kernel/encoding.ts';
import { limit } from '../kernel/document-error.ts';
import { hyperlinkTarget } from '../word/field-code.ts';
import { Markdown, type Style } from '../kernel/markdown.ts';
import type { RtfToken } from './rtf-tokens.ts';
import { RtfHeaderTables } from './rtf-header-tables.ts';
import { ignoredDestinations, symbols } from './rtf-control-words.ts';

const maxDepth = 1_000;

interface Group {
  style: Style;
  hidden: boolean;
  /** Where the text of the group goes: `text`, another destination that is kept, or `none`. */
  destination: string;
  charset: string;
  /** How many fallback bytes follow a Unicode character (`\uc`). */
  skip: number;
}

interface Paragraph {
  table: boolean;
  heading: number;
  level: number;
}

const emptyParagraph: Paragraph = { table: false, heading: 0, level: 0 };

/** Converts the tokens of an RTF file to Markdown. */
export class RtfToMarkdown {
  readonly facts: Record<string, string | number> = {};
  readonly lost = new Set<string>();
  /** Whether the outermost group has been closed. */
  isComplete = false;
  #out: Markdown;
  #maxCharacters: number;
  #group: Group = { style: {}, hidden: false, destination: 'text', charset: 'windows-1252', skip: 1 };
  #stack: Group[] = [];
  /** The last token was `\*`: the destination may be ignored. */
  #isOptional = false;
  #tables = new RtfHeaderTables();
  #paragraph: Paragraph = { ...emptyParagraph };
  /** The marker of the current list item as the file shows it. */
  #marker = '';
  /** The code of the current field. */
  #instruction = '';
  #links: { depth: number; href: string | undefined }[] = [];
  /** Fallback bytes still to skip. */
  #fallbackBytes = 0;
  #inTable = false;
  #inCell = false;
  #notes: string[] = [];
  /** The state of the text around the current footnote. */
  #outer: { out: Markdown; depth: number; paragraph: Paragraph }[] = [];

  constructor(maxCharacters: number) {
    this.#maxCharacters = maxCharacters;
    this.#out = new Markdown(maxCharacters);
  }

  take(token: RtfToken): void {
    if (token.kind === 'open') this.#open();
    else if (token.kind === 'close') this.#close();
    else if (token.kind === 'star') this.#isOptional = true;
    else if (token.kind === 'word') this.#word(token.word, token.value);
    else if (token.kind === 'symbol') this.#symbol(token.symbol);
    else this.#bytes(token.bytes);
  }

  lines(): string[] {
    this.#endParagraph();
    this.#endTable();
    const text = [this.#out.toString(), ...this.#notes].filter(Boolean).join('\n\n');
    return text === '' ? [] : text.split('\n');
  }

  #open(): void {
    if (this.#stack.length > maxDepth)
      throw limit(`The RTF groups are nested more than ${maxDepth} levels deep.`);
    this.#stack.push(this.#group);
    this.#group = { ...this.#group, style: { ...this.#group.style } };
    this.#isOptional = false;
  }

  #close(): void {
    const depth = this.#stack.length;
    if (this.#group.destination === 'stylesheet') this.#tables.endStyle();
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
    if (this.#stack.length === 0) this.isComplete = true;
  }

  #word(word: string, value: number | undefined): void {
    const group = this.#group;
    const isOptional = this.#isOptional;
    this.#isOptional = false;
    if (group.destination === 'none') return;
    if (ignoredDestinations.has(word)) {
      if (word === 'pict') this.lost.add('pictures');
      if (word.startsWith('head') || word.startsWith('foot')) this.lost.add('page headers and footers');
      if (word === 'object') this.lost.add('embedded objects');
      else group.destination = 'none';
      return;
    }
    if (this.#destination(word)) return;
    if (isOptional && word !== 'shppict') {
      group.destination = 'none';
      return;
    }
    const text = symbols[word];
    if (text !== undefined) this.#write(text);
    else if (word === 'u') this.#unicode(value ?? 0);
    else this.#property(word, value, group);
  }

  #destination(word: string): boolean {
    const group = this.#group;
    if (word === 'fonttbl' || word === 'stylesheet' || word === 'info') group.destination = word;
    else if (group.destination === 'info' && /^(title|author)$/.test(word)) {
      group.destination = `info:${word}`;
      delete this.facts[word];
    } else if (group.destination === 'info' && word !== 'info') group.destination = 'none';
    else if (word === 'pntext' || word === 'listtext') {
      group.destination = 'marker';
      this.#marker = '';
    } else if (word === 'fldinst') {
      group.destination = 'instruction';
      this.#instruction = '';
    } else if (word === 'fldrslt') {
      const href = hyperlinkTarget(this.#instruction);
      this.#links.push({ depth: this.#stack.length, href });
      group.destination = 'text';
    } else if (word === 'footnote') {
      this.#outer.push({ out: this.#out, depth: this.#stack.length, paragraph: this.#paragraph });
      this.#out = new Markdown(this.#maxCharacters);
      this.#paragraph = { ...emptyParagraph };
      group.style = {};
    } else if (/^(annotation|atnauthor|atnid)$/.test(word)) {
      group.destination = 'none';
      this.lost.add('comments');
    } else return false;
    return true;
  }

  #property(word: string, value: number | undefined, group: Group): void {
    const on = value !== 0;
    const { style } = group;
    // The marker of a list item is formatted like a paragraph of its own.
    if (group.destination === 'marker' && /^(pard|par|ilvl|outlinelevel|s|intbl)$/.test(word)) return;
    if (word === 'par' || word === 'sect' || word === 'page') this.#endParagraph();
    else if (word === 'pard') this.#paragraph = { ...emptyParagraph };
    else if (word === 'plain') group.style = {};
    else if (word === 'b') style.bold = on;
    else if (word === 'i') style.italic = on;
    else if (word === 'strike') style.strike = on;
    else if (word === 'v') group.hidden = on;
    else if (word === 'uc') group.skip = Math.min(Math.max(0, value ?? 1), 8);
    else if (word === 'intbl') this.#paragraph.table = true;
    else if (word === 'outlinelevel' && (value ?? 9) < 6) this.#paragraph.heading = (value ?? 0) + 1;
    else if (word === 'ilvl') this.#paragraph.level = Math.min(8, Math.max(0, value ?? 0));
    else if (word === 's' && group.destination === 'stylesheet') this.#tables.style = value ?? 0;
    else if (word === 's')
      this.#paragraph.heading = this.#tables.heading(value ?? 0) ?? this.#paragraph.heading;
    else if (word === 'cell' || word === 'nestcell') this.#endCell();
    else if (word === 'row') this.#endRow();
    else if (word === 'f' && group.destination === 'fonttbl') this.#tables.font = value ?? 0;
    else if (word === 'f') group.charset = this.#tables.charset(value ?? 0);
    else if (word === 'fcharset' && group.destination === 'fonttbl') this.#tables.setCharset(value ?? 0);
    else if (word === 'ansicpg') group.charset = this.#tables.setDefault(value ?? 1252);
    else if (word === 'mac') group.charset = this.#tables.setDefault(10_000);
  }

  #unicode(value: number): void {
    this.#write(String.fromCharCode(value < 0 ? value + 65_536 : value));
    this.#fallbackBytes = this.#group.skip;
  }

  #symbol(symbol: string): void {
    if (symbol === '~') this.#write('\u00a0');
    else if (symbol === '_') this.#write('-');
    else if (symbol === '\n' || symbol === '\r') this.#endParagraph();
    else if ('\\{}'.includes(symbol)) this.#write(symbol);
  }

  #bytes(bytes: Uint8Array): void {
    // The bytes after a Unicode character are a fallback for readers without Unicode.
    const from = Math.min(this.#fallbackBytes, bytes.length);
    this.#fallbackBytes -= from;
    if (from < bytes.length) this.#write(decode(bytes.subarray(from), this.#group.charset));
  }

  #write(text: string): void {
    const { destination, style, hidden } = this.#group;
    this.#fallbackBytes = 0;
    if (destination === 'marker') this.#marker += text;
    else if (destination === 'instruction') this.#instruction += text;
    else if (destination === 'stylesheet') this.#tables.name += text;
    else if (destination.startsWith('info:'))
      this.facts[destination.slice(5)] = `${this.facts[destination.slice(5)] ?? ''}${text}`.slice(0, 200);
    else if (destination === 'text' && !hidden) {
      if (this.#paragraph.table) this.#openCell();
      else this.#endTable();
      const href = this.#links.at(-1)?.href;
      this.#out.write(text, href === undefined ? style : { ...style, href });
    }
  }

  #openCell(): void {
    if (!this.#inTable) {
      this.#out.openTable();
      this.#out.openRow();
      this.#inTable = true;
    }
    if (!this.#inCell) this.#out.openCell();
    this.#inCell = true;
  }

  #endCell(): void {
    this.#openCell();
    this.#out.closeCell();
    this.#inCell = false;
  }

  #endRow(): void {
    if (this.#inTable) this.#out.openRow();
  }

  #endTable(): void {
    if (!this.#inTable) return;
    if (this.#inCell) this.#endCell();
    this.#inTable = false;
    this.#out.closeTable();
  }

  #endParagraph(): void {
    if (this.#group.destination !== 'text') return;
    if (this.#out.blank && !this.#inCell) {
      this.#out.end();
      return;
    }
    const { heading, level } = this.#paragraph;
    const number = /^\s*(\d+)[.)]/.exec(this.#marker)?.[1];
    const item = this.#marker.trim() === '' ? '' : number === undefined ? '- ' : `${number}. `;
    this.#marker = '';
    this.#out.end(
      heading > 0 && !this.#inCell ? `${'#'.repeat(heading)} ` : item && '   '.repeat(level) + item,
    );
  }
}
