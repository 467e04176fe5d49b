import type { OpcPackage } from '../kernel/opc-package.ts';

interface Level {
  format: string;
  start: number;
}

/** The numbering definitions of a Word document (`numbering.xml`) and the current count of each list. */
export class Numbering {
  #definitions = new Map<string, Map<number, Level>>();
  #lists = new Map<string, string>();
  #counts = new Map<string, number[]>();

  static async load(source: OpcPackage, part: string): Promise<Numbering> {
    const numbering = new Numbering();
    let id = '';
    let list = '';
    let level: Level | undefined;
    await source.walk(part, {
      open: (element, attributes) => {
        const { val } = attributes;
        if (element === 'abstractNum') {
          id = attributes['abstractNumId'] ?? '';
          numbering.#definitions.set(id, new Map());
        } else if (element === 'lvl') {
          level = { format: 'decimal', start: 1 };
          numbering.#definitions.get(id)?.set(Number(attributes['ilvl']), level);
        } else if (element === 'numFmt' && level) level.format = val ?? 'decimal';
        else if (element === 'start' && level) level.start = Number(val);
        else if (element === 'num') list = attributes['numId'] ?? '';
        else if (element === 'abstractNumId' && list !== '') numbering.#lists.set(list, val ?? '');
      },
      close: (element) => {
        if (element === 'lvl') level = undefined;
        if (element === 'abstractNum') id = '';
      },
    });
    return numbering;
  }

  /** The Markdown marker of the next item of a list; empty for a paragraph outside of lists. */
  nextMarker(list: string, depth: number): string {
    if (list === '' || list === '0') return '';
    const key = this.#lists.get(list) ?? list;
    const level = this.#definitions.get(key)?.get(depth);
    if (level?.format === 'none') return '';
    if (level === undefined || level.format === 'bullet') return '- ';
    const counts = this.#counts.get(key) ?? [];
    this.#counts.set(key, counts);
    counts.length = Math.min(counts.length, depth + 1);
    const next = counts[depth] === undefined ? level.start : counts[depth] + 1;
    counts[depth] = next;
    return `${next}. `;
  }
}
