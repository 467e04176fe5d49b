import type { Package } from '../kernel/package.ts';

export interface ParagraphStyle {
  name: string;
  /** 1 to 6, or 0 for a paragraph that is no heading. */
  heading: number;
  list: string;
  depth: number;
}

interface Raw {
  name: string;
  base: string;
  outline?: number;
  list?: string;
  depth?: number;
}

const none: ParagraphStyle = { name: '', heading: 0, list: '', depth: 0 };

/** The styles of a Word document, as far as they decide what a paragraph is. */
export class WordStyles {
  #styles = new Map<string, Raw>();

  static async load(source: Package, part: string): Promise<WordStyles> {
    const styles = new WordStyles();
    let style: Raw | undefined;
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
    if (!first) return none;
    const result = { ...none, name: first.name };
    let style: Raw | undefined = first;
    // Styles may inherit from each other in a circle.
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

function headingOf({ name, outline }: Raw): number {
  if (name === 'title') return 1;
  const level = /^heading (\d)/.exec(name)?.[1] ?? (outline !== undefined && outline < 9 ? outline + 1 : 0);
  return Math.min(6, Number(level));
}
