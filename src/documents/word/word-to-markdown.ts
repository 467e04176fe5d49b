import { FieldStack, hyperlinkTarget } from './field-code.ts';
import { pictureText, type Markdown, type Style } from '../kernel/markdown.ts';
import type { Numbering } from './numbering.ts';
import type { Relation } from '../kernel/opc-package.ts';
import type { WordStyles } from './word-styles.ts';
import type { XmlAttributes, XmlEvents } from '../kernel/xml.ts';

export interface WordContext {
  relations: ReadonlyMap<string, Relation>;
  styles: WordStyles | undefined;
  numbering: Numbering | undefined;
  /** How often each kind of content was left out. */
  omitted: Map<string, number>;
}

interface Paragraph {
  style: string;
  list: string | undefined;
  depth: number | undefined;
  outline: number | undefined;
}

const emptyParagraph: Paragraph = { style: '', list: undefined, depth: undefined, outline: undefined };
const offValues = new Set(['0', 'false', 'off', 'none']);

/** Converts the body of a Word document, a footnote or a comment to Markdown. */
export class WordToMarkdown implements XmlEvents {
  #out: Markdown;
  #context: WordContext;
  #paragraphs: Paragraph[] = [];
  #path: string[] = [];
  #run: Style & { hidden?: boolean } = {};
  #links: (string | undefined)[] = [];
  #fields = new FieldStack();
  /** The depth inside elements whose text is skipped, e.g. deleted text or the fallback copy of a drawing. */
  #skip = 0;
  #inText = false;
  /** The list levels of the current item and those it is nested in. */
  #levels: number[] = [];
  #span = 1;

  constructor(out: Markdown, context: WordContext) {
    this.#out = out;
    this.#context = context;
  }

  open(name: string, attributes: XmlAttributes): void {
    const parent = this.#path.at(-1);
    this.#path.push(name);
    if (this.#skip > 0 || skipped.has(name)) {
      if (name === 'del' && this.#skip === 0) this.#omit('deleted');
      this.#skip++;
      return;
    }
    const paragraph = this.#paragraphs.at(-1) ?? { ...emptyParagraph };
    const { val } = attributes;
    switch (name) {
      case 'p':
        if (this.#paragraphs.length > 0) this.#endParagraph();
        this.#paragraphs.push({ ...emptyParagraph });
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
        this.#inText = name === 't';
        break;
      case 'instrText':
        this.#inText = true;
        break;
      case 'hyperlink':
        this.#links.push(this.#target(attributes));
        break;
      case 'fldSimple':
        this.#links.push(hyperlinkTarget(attributes['instr'] ?? ''));
        break;
      case 'fldChar':
        this.#fields.mark(attributes['fldCharType']);
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
        else this.#inline(name, attributes);
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
        this.#endParagraph();
        this.#paragraphs.pop();
        break;
      case 't':
      case 'instrText':
        this.#inText = false;
        break;
      case 'hyperlink':
      case 'fldSimple':
        this.#links.pop();
        break;
      case 'tc':
        this.#out.closeCell(this.#span);
        this.#span = 1;
        break;
      case 'tbl':
        this.#out.closeTable();
        break;
      default:
    }
  }

  text(text: string): void {
    if (this.#skip > 0 || !this.#inText) return;
    if (this.#path.at(-1) === 'instrText') this.#fields.addCode(text);
    else this.#write(text);
  }

  #write(text: string): void {
    if (this.#run.hidden) {
      this.#omit('hidden');
      return;
    }
    const href = this.#links.at(-1) ?? this.#fields.href;
    this.#out.write(text, href === undefined ? this.#run : { ...this.#run, href });
  }

  #inline(name: string, attributes: XmlAttributes): void {
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
      this.#omit(name);
    else if (name === 'sym') this.#symbol(attributes['char'] ?? '');
  }

  #symbol(code: string): void {
    const point = Number.parseInt(code, 16);
    // Symbol fonts use the private use area. The file does not say which characters they show.
    if (Number.isInteger(point))
      this.#write(point >= 0xf000 && point <= 0xf0ff ? '\u2022' : String.fromCodePoint(point));
  }

  #format(name: string, val: string | undefined): void {
    const on = val === undefined || !offValues.has(val);
    if (name === 'b') this.#run.bold = on;
    else if (name === 'i') this.#run.italic = on;
    else if (name === 'strike' || name === 'dstrike') this.#run.strike = on;
    else if (name === 'vanish') this.#run.hidden = on;
  }

  #picture(alt: string): void {
    const text = pictureText(alt);
    if (text !== '') this.#write(text);
  }

  #target({ id, anchor }: XmlAttributes): string | undefined {
    const relation = id === undefined ? undefined : this.#context.relations.get(id);
    if (relation?.external) return relation.target;
    return anchor === undefined ? undefined : `#${anchor}`;
  }

  #endParagraph(): void {
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
    const mark = this.#context.numbering?.nextMarker(list, paragraph.depth ?? style?.depth ?? 0) ?? '';
    const indent = '   '.repeat(this.#level(mark === '' ? -1 : (paragraph.depth ?? style?.depth ?? 0)));
    const quote =
      mark === '' && style !== undefined && /quot(e|ation)|block text/.test(style.name) && !this.#out.inTable;
    this.#out.end(quote ? '> ' : mark === '' ? '' : indent + mark);
  }

  /** The nesting level of a list item, relative to the items before it: some programs start lists at the third level. */
  #level(depth: number): number {
    while (this.#levels.length > 0 && (this.#levels.at(-1) ?? 0) > depth) this.#levels.pop();
    if (depth >= 0 && this.#levels.at(-1) !== depth) this.#levels.push(depth);
    return Math.min(8, Math.max(0, this.#levels.length - 1));
  }

  #omit(kind: string): void {
    this.#context.omitted.set(kind, (this.#context.omitted.get(kind) ?? 0) + 1);
  }
}

const skipped = new Set(['del', 'moveFrom', 'Fallback', 'rPrChange', 'pPrChange', 'tblGrid']);
