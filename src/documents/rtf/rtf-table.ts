import { known } from '../kernel/encoding.ts';
import { charsets, codepages } from './rtf-word.ts';

/** What the head of an RTF file says of its fonts and styles, as far as it decides how text is read. */
export class RtfTables {
  /** The font and the style being described. */
  font = 0;
  style = 0;
  name = '';
  #default = 'windows-1252';
  #fonts = new Map<number, string>();
  #headings = new Map<number, number>();

  setDefault(page: number): string {
    const name = codepages[page] ?? `windows-${page}`;
    if (known(name)) this.#default = name;
    return this.#default;
  }

  setCharset(charset: number): void {
    const name = charsets[charset];
    if (name !== undefined) this.#fonts.set(this.font, name);
  }

  charset(font: number): string {
    return this.#fonts.get(font) ?? this.#default;
  }

  /** Styles are known by their names, which end with the group that describes them. */
  endStyle(): void {
    const level = /heading (\d)/i.exec(this.name)?.[1];
    if (level !== undefined) this.#headings.set(this.style, Math.min(6, Number(level)));
    else if (/^title;/i.test(this.name.trim())) this.#headings.set(this.style, 1);
    this.name = '';
  }

  heading(style: number): number | undefined {
    return this.#headings.get(style);
  }
}
