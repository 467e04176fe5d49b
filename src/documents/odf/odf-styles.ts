import type { Style } from '../kernel/markdown.ts';
import type { XmlAttributes } from '../kernel/xml.ts';

/** The styles of an OpenDocument file: text styles, parents of paragraph styles, and numbered lists. */
export class OdfStyles {
  #text = new Map<string, Style>();
  #parents = new Map<string, string>();
  #numbered = new Map<string, Set<number>>();
  /** The style and the list whose definition is being read. */
  #style = '';
  #list = '';

  open(name: string, attributes: XmlAttributes): void {
    if (name === 'style') {
      this.#style = attributes['style:name'] ?? '';
      this.#parents.set(this.#style, attributes['parent-style-name'] ?? '');
    } else if (name === 'text-properties' && this.#style !== '') {
      const style: Style = {};
      if (/^(bold|[6-9]00)$/.test(attributes['font-weight'] ?? '')) style.bold = true;
      if (attributes['font-style'] === 'italic') style.italic = true;
      const strike = attributes['text-line-through-style'] ?? attributes['text-line-through-type'] ?? 'none';
      if (strike !== 'none') style.strike = true;
      this.#text.set(this.#style, style);
    } else if (name === 'list-style') {
      this.#list = attributes['style:name'] ?? '';
      this.#numbered.set(this.#list, new Set());
    } else if (name === 'list-level-style-number' && (attributes['num-format'] ?? '') !== '') {
      this.#numbered.get(this.#list)?.add(Number(attributes['level']));
    }
  }

  text(name: string): Style {
    return this.#text.get(name) ?? {};
  }

  /** Whether the paragraph style is the title style or is derived from it. */
  isTitle(name: string): boolean {
    return name === 'Title' || this.#parents.get(name) === 'Title';
  }

  isQuote(name: string): boolean {
    return /^(Quot|Block_20_Text)/.test(name) || /^(Quot|Block_20_Text)/.test(this.#parents.get(name) ?? '');
  }

  isNumbered(list: string, level: number): boolean {
    return this.#numbered.get(list)?.has(level) ?? false;
  }
}
