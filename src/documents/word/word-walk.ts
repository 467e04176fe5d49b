import { hyperlink } from '../kernel/field.ts';
import type { Markdown, Style } from '../kernel/markdown.ts';
import type { Numbering } from './numbering.ts';
import type { Relation } from '../kernel/package.ts';
import type { WordStyles } from './word-styles.ts';
import type { XmlAttributes, XmlEvents } from '../kernel/xml.ts';

export interface WordContext {
  relations: ReadonlyMap<string, Relation>;
  styles: WordStyles | undefined;
  numbering: Numbering | undefined;
  /** What was met and not read, by kind. */
  met: Map<string, number>;
}

interface Paragraph {
  style: string;
  list: string | undefined;
  depth: number | undefined;
  outline: number | undefined;
}

const blank: Paragraph = { style: '', list: undefined, depth: undefined, outline: undefined };
const off = new Set(['0', 'false', 'off', 'none']);

/** Turns the body of a Word document, of a footnote or a comment into Markdown. */
export class WordWalk implements XmlEvents {
  #out: Markdown;
  #context: WordContext;
  #paragraphs: Paragraph[] = [];
  #path: string[] = [];
  #run: Style & { hidden?: boolean } = {};
  #links: (string | undefined)[] = [];
  #fields: { code: string; result: boolean }[] = [];
  /** Inside an element whose text is not the document's: deleted text, the fallback copy of a drawing. */
  #skip = 0;
  #text = false;
  #depths: number[] = [];
  #span = 1;

  constructor(out: Markdown, context: WordContext) {
    this.#out = out;
    this.#context = context;
  }

  open(name: string, attributes: XmlAttributes): void {
    const parent = this.#path.at(-1);
    this.#path.push(name);
    if (this.#skip > 0 || skipped.has(name)) {
      if (name === 'del' && this.#skip === 0) this.#meet('deleted');
      this.#skip++;
      return;
    }
    const paragraph = this.#paragraphs.at(-1) ?? { ...blank };
    const { val } = attributes;
    switch (name) {
      case 'p':
        if (this.#paragraphs.length > 0) this.#flush();
        this.#paragraphs.push({ ...blank });
        break;
      case 'pStyle':
        paragraph.style = val ?? '';
        break;
      case 'numId':
        if (parent === 'numPr') paragraph.list = val ?? '';
        break;
      case 'ilvl':
        paragraph.depth = Number(val);
        break;
      case 'outlineLvl':
        paragraph.outline = Number(val);
        break;
      case 'r':
        this.#run = {};
        break;
      case 't':
      case 'delText':
        this.#text = name === 't';
        break;
      case 'instrText':
        this.#text = true;
        break;
      case 'hyperlink':
        this.#links.push(this.#target(attributes));
        break;
      case 'fldSimple':
        this.#links.push(hyperlink(attributes['instr'] ?? ''));
        break;
      case 'fldChar':
        this.#field(attributes['fldCharType']);
        break;
      case 'tbl':
        this.#out.openTable();
        break;
      case 'tr':
        this.#out.openRow();
        break;
      case 'tc':
        this.#out.openCell();
        break;
      case 'gridSpan':
        this.#span = Number(val);
        break;
      default:
        if (parent === 'rPr' && this.#path.at(-3) === 'r') this.#format(name, val);
        else this.#sign(name, attributes);
    }
  }

  close(name: string): void {
    this.#path.pop();
    if (this.#skip > 0) {
      this.#skip--;
      return;
    }
    switch (name) {
      case 'p':
        this.#flush();
        this.#paragraphs.pop();
        break;
      case 't':
      case 'instrText':
        this.#text = false;
        break;
      case 'hyperlink':
      case 'fldSimple':
        this.#links.pop();
        break;
      case 'tc':
        this.#out.closeCell();
        for (; this.#span > 1; this.#span--) {
          this.#out.openCell();
          this.#out.closeCell();
        }
        break;
      case 'tbl':
        this.#out.closeTable();
        break;
      default:
    }
  }

  text(text: string): void {
    if (this.#skip > 0 || !this.#text) return;
    const field = this.#fields.at(-1);
    if (this.#path.at(-1) === 'instrText') {
      if (field) field.code += text;
      return;
    }
    this.#write(text);
  }

  #write(text: string): void {
    if (this.#run.hidden) {
      this.#meet('hidden');
      return;
    }
    const field = this.#fields.findLast((open) => open.result);
    const href = this.#links.at(-1) ?? (field ? hyperlink(field.code) : undefined);
    this.#out.write(text, href === undefined ? this.#run : { ...this.#run, href });
  }

  #sign(name: string, attributes: XmlAttributes): void {
    const { id } = attributes;
    if (name === 'tab' && this.#path.at(-2) === 'r') this.#write('\t');
    else if (name === 'br' || name === 'cr') this.#out.break();
    else if (name === 'noBreakHyphen') this.#write('-');
    else if (name === 'footnoteReference') this.#write(`[^${id}]`);
    else if (name === 'endnoteReference') this.#write(`[^e${id}]`);
    else if (name === 'commentReference') this.#write(`[^c${id}]`);
    else if (name === 'docPr' || name === 'imagedata')
      this.#picture(attributes['descr'] ?? attributes['title'] ?? '');
    else if (
      name === 'oMath' ||
      name === 'ins' ||
      name === 'altChunk' ||
      name === 'object' ||
      name === 'chart'
    )
      this.#meet(name);
    else if (name === 'sym') this.#symbol(attributes['char'] ?? '');
  }

  #symbol(code: string): void {
    const point = Number.parseInt(code, 16);
    // Symbol fonts live in the private area; what they show is not in the file.
    if (Number.isInteger(point))
      this.#write(point >= 0xf000 && point <= 0xf0ff ? '\u2022' : String.fromCodePoint(point));
  }

  #format(name: string, val: string | undefined): void {
    const on = val === undefined || !off.has(val);
    if (name === 'b') this.#run.bold = on;
    else if (name === 'i') this.#run.italic = on;
    else if (name === 'strike' || name === 'dstrike') this.#run.strike = on;
    else if (name === 'vanish') this.#run.hidden = on;
  }

  #picture(alt: string): void {
    const words = alt.replace(/\s+/g, ' ').trim().slice(0, 300);
    if (words !== '') this.#write(`[picture: ${words}]`);
  }

  #field(type: string | undefined): void {
    const field = this.#fields.at(-1);
    if (type === 'begin') this.#fields.push({ code: '', result: false });
    else if (type === 'separate' && field) field.result = true;
    else if (type === 'end') this.#fields.pop();
  }

  #target({ id, anchor }: XmlAttributes): string | undefined {
    const relation = id === undefined ? undefined : this.#context.relations.get(id);
    if (relation?.external) return relation.target;
    return anchor === undefined ? undefined : `#${anchor}`;
  }

  #flush(): void {
    const paragraph = this.#paragraphs.at(-1);
    if (!paragraph || this.#out.blank) {
      this.#out.end();
      return;
    }
    const style = this.#context.styles?.get(paragraph.style);
    const outline = paragraph.outline !== undefined && paragraph.outline < 9 ? paragraph.outline + 1 : 0;
    const heading = Math.min(6, outline || (style?.heading ?? 0));
    if (heading > 0) {
      this.#out.end(this.#out.inTable ? '' : `${'#'.repeat(heading)} `);
      return;
    }
    const list = paragraph.list ?? style?.list ?? '';
    const mark = this.#context.numbering?.mark(list, paragraph.depth ?? style?.depth ?? 0) ?? '';
    const indent = '   '.repeat(this.#level(mark === '' ? -1 : (paragraph.depth ?? style?.depth ?? 0)));
    const quote =
      mark === '' && style !== undefined && /quot(e|ation)|block text/.test(style.name) && !this.#out.inTable;
    this.#out.end(quote ? '> ' : mark === '' ? '' : indent + mark);
  }

  /** How deep an item stands in the items before it: some programs start their lists at the third level. */
  #level(depth: number): number {
    while (this.#depths.length > 0 && (this.#depths.at(-1) ?? 0) > depth) this.#depths.pop();
    if (depth >= 0 && this.#depths.at(-1) !== depth) this.#depths.push(depth);
    return Math.min(8, Math.max(0, this.#depths.length - 1));
  }

  #meet(kind: string): void {
    this.#context.met.set(kind, (this.#context.met.get(kind) ?? 0) + 1);
  }
}

const skipped = new Set(['del', 'moveFrom', 'Fallback', 'rPrChange', 'pPrChange', 'tblGrid']);
