import { Markdown, type Style } from '../kernel/markdown.ts';
import { OdfStyles } from './odf-styles.ts';
import type { XmlAttributes, XmlEvents } from '../kernel/xml.ts';

interface List {
  style: string;
  count: number;
}

const skipped = new Set([
  'tracked-changes',
  'forms',
  'sequence-decls',
  'scripts',
  'settings',
  'master-styles',
  'desc',
  'title',
]);

/** Converts the body of an OpenDocument text or presentation to Markdown. */
export class OdfToMarkdown implements XmlEvents {
  readonly notes: string[] = [];
  /** Kinds of content that were left out, as phrases for `DocumentSummary.lost`. */
  readonly omitted = new Set<string>();
  out: Markdown;
  #maxCharacters: number;
  #styles = new OdfStyles();
  #path: string[] = [];
  #spans: Style[] = [];
  #lists: List[] = [];
  /** The marker of the current list item. */
  #marker = '';
  #heading = 0;
  #style = '';
  /** The depth inside elements whose text is skipped. */
  #skip = 0;
  #inBody = false;
  #paragraphs = 0;
  /** The state of the text around the current note or comment. */
  #outer: { out: Markdown; label: string; paragraphs: number; lists: List[] }[] = [];
  #label = '';
  /** How many columns the current cell is repeated for. */
  #repeated = 1;

  constructor(out: Markdown, maxCharacters: number) {
    this.out = out;
    this.#maxCharacters = maxCharacters;
  }

  open(name: string, attributes: XmlAttributes): void {
    this.#path.push(name);
    if (name === 'body') this.#inBody = true;
    if (!this.#inBody) return this.#styles.open(name, attributes);
    if (name === 'tracked-changes') this.omitted.add('text deleted with tracked changes');
    if (this.#skip > 0 || (skipped.has(name) && this.#path.length > 3)) {
      this.#skip++;
      return;
    }
    switch (name) {
      case 'h':
      case 'p':
        this.#paragraphs++;
        this.#style = attributes['text:style-name'] ?? '';
        this.#heading =
          name === 'h' ? Number(attributes['outline-level'] ?? 1) : Number(this.#styles.isTitle(this.#style));
        this.#spans.push(this.#heading > 0 ? {} : this.#styles.text(this.#style));
        break;
      case 'span':
        this.#spans.push({
          ...this.#currentStyle,
          ...this.#styles.text(attributes['text:style-name'] ?? ''),
        });
        break;
      case 'a':
        this.#spans.push({ ...this.#currentStyle, href: attributes['href'] });
        break;
      case 's':
        this.out.write(' '.repeat(Math.min(8, Number(attributes['c'] ?? 1) || 1)), this.#currentStyle);
        break;
      case 'tab':
        this.out.write('\t', this.#currentStyle);
        break;
      case 'line-break':
        this.out.break();
        break;
      case 'list':
        this.#lists.push({ style: attributes['style-name'] ?? this.#lists.at(-1)?.style ?? '', count: 0 });
        break;
      case 'list-item':
        this.#marker = this.#nextMarker();
        break;
      case 'table':
        this.out.openTable();
        break;
      case 'table-row':
        this.out.openRow();
        break;
      case 'table-cell':
        this.out.openCell();
        this.#repeated = Math.min(64, Number(attributes['number-columns-repeated'] ?? 1) || 1);
        break;
      case 'covered-table-cell':
        this.out.openCell();
        this.#repeated = 1;
        break;
      case 'note':
      case 'annotation':
        this.#beginNote(name, attributes);
        break;
      case 'image':
      case 'object':
      case 'plugin':
        this.omitted.add(name === 'image' ? 'pictures' : 'embedded objects and charts');
        break;
      default:
    }
  }

  text(text: string): void {
    if (!this.#inBody || this.#skip > 0) return;
    const element = this.#path.at(-1);
    if (element === 'note-citation') {
      if (this.#label === '[^n]:') this.#label = `[^${text.trim()}]:`;
    } else if (element === 'creator' && this.#outer.length > 0)
      this.#label = this.#label.replace(':', `: Comment by ${text}`);
    else if (element === 'date' && this.#outer.length > 0) this.#label += ` (${text.slice(0, 10)}):`;
    else if (this.#paragraphs > 0) this.out.write(text, this.#currentStyle);
  }

  close(name: string): void {
    this.#path.pop();
    if (!this.#inBody) return;
    if (this.#skip > 0) {
      this.#skip--;
      return;
    }
    switch (name) {
      case 'h':
      case 'p':
        this.#paragraphs--;
        this.#spans.pop();
        this.#endParagraph();
        break;
      case 'span':
      case 'a':
        this.#spans.pop();
        break;
      case 'list':
        this.#lists.pop();
        break;
      case 'table-cell':
      case 'covered-table-cell':
        this.out.closeCell(this.#repeated);
        this.#repeated = 1;
        break;
      case 'table':
        this.out.closeTable();
        break;
      case 'note':
      case 'annotation':
        this.#endNote();
        break;
      default:
    }
  }

  get #currentStyle(): Style {
    return this.#spans.at(-1) ?? {};
  }

  #nextMarker(): string {
    const list = this.#lists.at(-1);
    if (!list) return '';
    list.count++;
    const depth = this.#lists.length;
    const marker = this.#styles.isNumbered(list.style, depth) ? `${list.count}. ` : '- ';
    return '   '.repeat(Math.min(depth - 1, 8)) + marker;
  }

  #endParagraph(): void {
    if (this.out.blank) {
      this.out.end();
      return;
    }
    if (this.#heading > 0 && !this.out.inTable) this.out.end(`${'#'.repeat(Math.min(6, this.#heading))} `);
    else if (this.#lists.length > 0) {
      // Further paragraphs of an item are indented below the first.
      this.out.end(this.#marker);
      this.#marker = this.#marker.replace(/\S/g, ' ');
    } else this.out.end(this.#styles.isQuote(this.#style) && !this.out.inTable ? '> ' : '');
  }

  #beginNote(name: string, attributes: XmlAttributes): void {
    this.#outer.push({ out: this.out, label: this.#label, paragraphs: this.#paragraphs, lists: this.#lists });
    const prefix = attributes['note-class'] === 'endnote' ? '[^e' : '[^';
    this.#label = name === 'annotation' ? `${prefix}c${this.notes.length + 1}]:` : '[^n]:';
    this.out = new Markdown(this.#maxCharacters);
    this.#paragraphs = 0;
    this.#lists = [];
    this.#spans.push({});
  }

  #endNote(): void {
    const body = this.out.toString().replace(/\s*\n\s*/g, ' ');
    const outer = this.#outer.pop();
    this.#spans.pop();
    if (!outer) return;
    if (body !== '') this.notes.push(`${this.#label} ${body}`);
    this.out = outer.out;
    this.#paragraphs = outer.paragraphs;
    this.#lists = outer.lists;
    if (body !== '') this.out.write(this.#label.slice(0, this.#label.indexOf(']') + 1));
    this.#label = outer.label;
  }
}
