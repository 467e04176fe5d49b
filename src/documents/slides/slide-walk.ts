import type { Markdown, Style } from '../kernel/markdown.ts';
import type { Relation } from '../kernel/package.ts';
import type { XmlAttributes, XmlEvents } from '../kernel/xml.ts';

/** Turns the shapes of one slide, or of its notes page, into Markdown in the order the file has them. */
export class SlideWalk implements XmlEvents {
  title = '';
  hidden = false;
  #out: Markdown;
  #relations: ReadonlyMap<string, Relation>;
  /** Only the placeholder of this type, for notes pages with their copies of the slide. */
  #only: string | undefined;
  #path: string[] = [];
  #holder = '';
  #run: Style = {};
  #level = 0;
  #list = false;
  #text = false;
  #skip = 0;

  constructor(out: Markdown, relations: ReadonlyMap<string, Relation>, only?: string) {
    this.#out = out;
    this.#relations = relations;
    this.#only = only;
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
        this.#holder = '';
        break;
      case 'ph':
        this.#holder = attributes['type'] ?? 'body';
        break;
      case 'cNvPr':
        this.#alt(attributes);
        break;
      case 'p':
        this.#level = 0;
        this.#list = /^(body|obj)$/.test(this.#holder) && this.#only === undefined;
        break;
      case 'pPr':
        this.#level = Number(attributes['lvl'] ?? 0);
        break;
      case 'buNone':
        this.#list = false;
        break;
      case 'buChar':
      case 'buAutoNum':
        this.#list = true;
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
        this.#text = true;
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
    if (!this.#text || this.#skip > 0) return;
    if (this.#only !== undefined && this.#holder !== this.#only) return;
    // Numbers, dates and footers that the layout repeats on every slide.
    if (/^(sldNum|dt|ftr|hdr)$/.test(this.#holder)) return;
    this.#out.write(text, this.#run);
  }

  close(name: string): void {
    this.#path.pop();
    if (this.#skip > 0) {
      this.#skip--;
      return;
    }
    if (name === 't') this.#text = false;
    else if (name === 'tc') this.#out.closeCell();
    else if (name === 'tbl') this.#out.closeTable();
    else if (name === 'p') this.#end();
    else if (name === 'sp') this.#holder = '';
  }

  #end(): void {
    if (/^(title|ctrTitle)$/.test(this.#holder) && !this.#out.blank) {
      const words = this.#out.take();
      this.title += this.title === '' ? words : ` ${words}`;
    } else if (this.#list && !this.#out.inTable) this.#out.end(`${'   '.repeat(Math.min(8, this.#level))}- `);
    else this.#out.end();
  }

  #alt({ descr }: XmlAttributes): void {
    const words = (descr ?? '').replace(/\s+/g, ' ').trim().slice(0, 300);
    if (words === '' || this.#only !== undefined) return;
    this.#out.block(`[picture: ${words}]`);
  }

  #link(id: string | undefined): void {
    const relation = id === undefined ? undefined : this.#relations.get(id);
    if (relation?.external) this.#run.href = relation.target;
  }
}
