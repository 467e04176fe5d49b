import type { OpcPackage } from '../kernel/opc-package.ts';

export interface ParagraphStyle {
  name: string;
  /** The heading level from 1 to 6; 0 when the style is not a heading. */
  heading: number;
  /** The id of the list, or an empty string. */
  list: string;
  /** The level in the list, from 0. */
  depth: number;
}

/** A style as defined, before it inherits from the style it is based on. */
interface StyleDefinition {
  name: string;
  base: string;
  outline?: number;
  list?: string;
  depth?: number;
}

const noStyle: ParagraphStyle = { name: '', heading: 0, list: '', depth: 0 };

/** The paragraph styles of a Word document, reduced to what affects the Markdown. */
export class WordStyles {
  #styles = new Map<string, StyleDefinition>();

  static async load(source: OpcPackage, part: string): Promise<WordStyles> {
    const styles = new WordStyles();
    let style: StyleDefinition | undefined;
    await source.walk(part, {
      open: (element, attributes) => {
        const { val } = attributes;
        if (element === 'style') {
          style = { name: '', base: '' };
          styles.#styles.set(attributes['styleId'] ?? '', style);
        } else if (!style || val === undefined) return;
        else if (element === 'name') style.name = val.toLowerCase();
        else if (element === 'basedOn') style.base = val;
        else if (element === 'outlineLvl') style.outline = Number(val);
        else if (element === 'numId') style.list = val;
        else if (element === 'ilvl') style.depth = Number(val);
      },
      close: (element) => {
        if (element === 'style') style = undefined;
      },
    });
    return styles;
  }

  get(id: string): ParagraphStyle {
    const first = this.#styles.get(id);
    if (!first) return noStyle;
    const result = { ...noStyle, name: first.name };
    let style: StyleDefinition | undefined = first;
    // The number of steps is limited, because styles can inherit from each other in a cycle.
    for (let i = 0; style && i < 12; i++) {
      if (result.heading === 0) result.heading = headingOf(style);
      if (result.list === '' && style.list !== undefined) {
        result.list = style.list;
        result.depth = style.depth ?? 0;
      }
      style = style.base === '' ? undefined : this.#styles.get(style.base);
    }
    return result;
  }
}

function headingOf({ name, outline }: StyleDefinition): number {
  if (name === 'title') return 1;
  const level = /^heading (\d)/.exec(name)?.[1] ?? (outline !== undefined && outline < 9 ? outline + 1 : 0);
  return Math.min(6, Number(level));
}
