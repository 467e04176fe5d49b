import { pictureText, type Markdown, type Style } from '../kernel/markdown.ts';
import type { Relation } from '../kernel/opc-package.ts';
import type { XmlAttributes, XmlEvents } from '../kernel/xml.ts';

/** Converts the shapes of a slide, or of its notes page, to Markdown, in file order. */
export class SlideToMarkdown implements XmlEvents {
  title = '';
  hidden = false;
  #out: Markdown;
  #relations: ReadonlyMap<string, Relation>;
  /** Convert only placeholders of this type. Notes pages contain a copy of the slide as well. */
  #onlyPlaceholder: string | undefined;
  #path: string[] = [];
  /** The placeholder type of the current shape. */
  #placeholder = '';
  #run: Style = {};
  #level = 0;
  #inList = false;
  #inText = false;
  /** The depth inside elements whose text is skipped. */
  #skip = 0;

  constructor(out: Markdown, relations: ReadonlyMap<string, Relation>, onlyPlaceholder?: string) {
    this.#out = out;
    this.#relations = relations;
    this.#onlyPlaceholder = onlyPlaceholder;
  }

  open(name: string, attributes: XmlAttributes): void {
    this.#path.push(name);
    if (this.#skip > 0 || name === 'Fallback') {
      this.#skip++;
      return;
    }
    switch (name) {
      case 'sld':
        this.hidden = attributes['show'] === '0';
        break;
      case 'sp':
      case 'graphicFrame':
      case 'pic':
        this.#placeholder = '';
        break;
      case 'ph':
        this.#placeholder = attributes['type'] ?? 'body';
        break;
      case 'cNvPr':
        this.#picture(attributes);
        break;
      case 'p':
        this.#level = 0;
        this.#inList = /^(body|obj)$/.test(this.#placeholder) && this.#onlyPlaceholder === undefined;
        break;
      case 'pPr':
        this.#level = Number(attributes['lvl'] ?? 0);
        break;
      case 'buNone':
        this.#inList = false;
        break;
      case 'buChar':
      case 'buAutoNum':
        this.#inList = true;
        break;
      case 'rPr':
        this.#run = { bold: attributes['b'] === '1', italic: attributes['i'] === '1' };
        if ((attributes['strike'] ?? 'noStrike') !== 'noStrike') this.#run.strike = true;
        break;
      case 'hlinkClick':
        if (this.#path.at(-2) === 'rPr') this.#link(attributes['r:id']);
        break;
      case 'r':
      case 'fld':
        this.#run = {};
        break;
      case 't':
        this.#inText = true;
        break;
      case 'br':
        this.#out.break();
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
      default:
    }
  }

  text(text: string): void {
    if (!this.#inText || this.#skip > 0) return;
    if (this.#onlyPlaceholder !== undefined && this.#placeholder !== this.#onlyPlaceholder) return;
    // Skip slide numbers, dates, headers and footers, which the layout repeats on every slide.
    if (/^(sldNum|dt|ftr|hdr)$/.test(this.#placeholder)) return;
    this.#out.write(text, this.#run);
  }

  close(name: string): void {
    this.#path.pop();
    if (this.#skip > 0) {
      this.#skip--;
      return;
    }
    if (name === 't') this.#inText = false;
    else if (name === 'tc') this.#out.closeCell();
    else if (name === 'tbl') this.#out.closeTable();
    else if (name === 'p') this.#endParagraph();
    else if (name === 'sp') this.#placeholder = '';
  }

  #endParagraph(): void {
    if (/^(title|ctrTitle)$/.test(this.#placeholder) && !this.#out.blank) {
      const words = this.#out.take();
      this.title += this.title === '' ? words : ` ${words}`;
    } else if (this.#inList && !this.#out.inTable)
      this.#out.end(`${'   '.repeat(Math.min(8, this.#level))}- `);
    else this.#out.end();
  }

  #picture({ descr }: XmlAttributes): void {
    const text = pictureText(descr ?? '');
    if (text !== '' && this.#onlyPlaceholder === undefined) this.#out.block(text);
  }

  #link(id: string | undefined): void {
    const relation = id === undefined ? undefined : this.#relations.get(id);
    if (relation?.external) this.#run.href = relation.target;
  }
}
