import { Markdown, type Style } from '../kernel/markdown.ts';
import { OdfStyles } from './odf-style.ts';
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

/** Turns the body of an OpenDocument text or presentation into Markdown. */
export class OdfWalk implements XmlEvents {
  readonly notes: string[] = [];
  readonly met = new Set<string>();
  out: Markdown;
  #room: number;
  #styles = new OdfStyles();
  #path: string[] = [];
  #spans: Style[] = [];
  #lists: List[] = [];
  #item = '';
  #heading = 0;
  #style = '';
  #skip = 0;
  #body = false;
  #paragraphs = 0;
  /** The text that a note interrupts. */
  #outer: { out: Markdown; label: string; paragraphs: number; lists: List[] }[] = [];
  #label = '';
  #covered = 1;

  constructor(out: Markdown, room: number) {
    this.out = out;
    this.#room = room;
  }

  open(name: string, attributes: XmlAttributes): void {
    this.#path.push(name);
    if (name === 'body') this.#body = true;
    if (!this.#body) return this.#styles.open(name, attributes);
    if (name === 'tracked-changes') this.met.add('text deleted with tracked changes');
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
        this.#spans.push({ ...this.#now, ...this.#styles.text(attributes['text:style-name'] ?? '') });
        break;
      case 'a':
        this.#spans.push({ ...this.#now, href: attributes['href'] });
        break;
      case 's':
        this.out.write(' '.repeat(Math.min(8, Number(attributes['c'] ?? 1) || 1)), this.#now);
        break;
      case 'tab':
        this.out.write('\t', this.#now);
        break;
      case 'line-break':
        this.out.break();
        break;
      case 'list':
        this.#lists.push({ style: attributes['style-name'] ?? this.#lists.at(-1)?.style ?? '', count: 0 });
        break;
      case 'list-item':
        this.#item = this.#mark();
        break;
      case 'table':
        this.out.openTable();
        break;
      case 'table-row':
        this.out.openRow();
        break;
      case 'table-cell':
        this.out.openCell();
        this.#covered = Math.min(64, Number(attributes['number-columns-repeated'] ?? 1) || 1);
        break;
      case 'covered-table-cell':
        this.out.openCell();
        this.#covered = 1;
        break;
      case 'note':
      case 'annotation':
        this.#enter(name, attributes);
        break;
      case 'image':
      case 'object':
      case 'plugin':
        this.met.add(name === 'image' ? 'pictures' : 'embedded objects and charts');
        break;
      default:
    }
  }

  text(text: string): void {
    if (!this.#body || this.#skip > 0) return;
    const inside = this.#path.at(-1);
    if (inside === 'note-citation') {
      if (this.#label === '[^n]:') this.#label = `[^${text.trim()}]:`;
    } else if (inside === 'creator' && this.#outer.length > 0)
      this.#label = this.#label.replace(':', `: Comment by ${text}`);
    else if (inside === 'date' && this.#outer.length > 0) this.#label += ` (${text.slice(0, 10)}):`;
    else if (this.#paragraphs > 0) this.out.write(text, this.#now);
  }

  close(name: string): void {
    this.#path.pop();
    if (!this.#body) return;
    if (this.#skip > 0) {
      this.#skip--;
      return;
    }
    switch (name) {
      case 'h':
      case 'p':
        this.#paragraphs--;
        this.#spans.pop();
        this.#end();
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
        this.out.closeCell();
        for (; this.#covered > 1; this.#covered--) {
          this.out.openCell();
          this.out.closeCell();
        }
        break;
      case 'table':
        this.out.closeTable();
        break;
      case 'note':
      case 'annotation':
        this.#leave();
        break;
      default:
    }
  }

  get #now(): Style {
    return this.#spans.at(-1) ?? {};
  }

  #mark(): string {
    const list = this.#lists.at(-1);
    if (!list) return '';
    list.count++;
    const depth = this.#lists.length;
    const sign = this.#styles.isNumbered(list.style, depth) ? `${list.count}. ` : '- ';
    return '   '.repeat(Math.min(depth - 1, 8)) + sign;
  }

  #end(): void {
    if (this.out.blank) {
      this.out.end();
      return;
    }
    if (this.#heading > 0 && !this.out.inTable) this.out.end(`${'#'.repeat(Math.min(6, this.#heading))} `);
    else if (this.#lists.length > 0) {
      // The second paragraph of an item stands under the first.
      this.out.end(this.#item);
      this.#item = this.#item.replace(/\S/g, ' ');
    } else this.out.end(this.#styles.isQuote(this.#style) && !this.out.inTable ? '> ' : '');
  }

  #enter(name: string, attributes: XmlAttributes): void {
    this.#outer.push({ out: this.out, label: this.#label, paragraphs: this.#paragraphs, lists: this.#lists });
    const sign = attributes['note-class'] === 'endnote' ? '[^e' : '[^';
    this.#label = name === 'annotation' ? `${sign}c${this.notes.length + 1}]:` : '[^n]:';
    this.out = new Markdown(this.#room);
    this.#paragraphs = 0;
    this.#lists = [];
    this.#spans.push({});
  }

  #leave(): void {
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
