import { isSupportedEncoding } from '../kernel/encoding.ts';
import { charsets, codepages } from './rtf-control-words.ts';

/** The font and style tables of an RTF header: the charsets of fonts and the heading levels of styles. */
export class RtfHeaderTables {
  /** The font and the style that are being defined. */
  font = 0;
  style = 0;
  name = '';
  #default = 'windows-1252';
  #fonts = new Map<number, string>();
  #headings = new Map<number, number>();

  /** Sets the default code page and returns its encoding. */
  setDefault(codepage: number): string {
    const name = codepages[codepage] ?? `windows-${codepage}`;
    if (isSupportedEncoding(name)) this.#default = name;
    return this.#default;
  }

  setCharset(charset: number): void {
    const name = charsets[charset];
    if (name !== undefined) this.#fonts.set(this.font, name);
  }

  charset(font: number): string {
    return this.#fonts.get(font) ?? this.#default;
  }

  /** Ends the definition of a style. Its name, which tells a heading, is complete at the end of the group. */
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
