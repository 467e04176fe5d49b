import type { DocumentLimits } from './document.ts';
import { parse, type XmlEvents } from './xml.ts';
import type { Zip } from './zip.ts';

/** What Office Open XML files have in common: parts that refer to each other by relations, and properties. */
export class Package {
  readonly zip: Zip;
  readonly limits: DocumentLimits;

  constructor(zip: Zip, limits: DocumentLimits) {
    this.zip = zip;
    this.limits = limits;
  }

  async walk(part: string, events: XmlEvents): Promise<void> {
    parse(await this.zip.text(part), events, this.limits.depth);
  }

  /** The relations of a part by id. */
  async relations(part: string): Promise<Map<string, Relation>> {
    const slash = part.lastIndexOf('/');
    const folder = part.slice(0, slash + 1);
    const name = `${folder}_rels/${part.slice(slash + 1)}.rels`;
    const found = new Map<string, Relation>();
    if (!this.zip.has(name)) return found;
    await this.walk(name, {
      open: (element, { Id, Type, Target, TargetMode }) => {
        if (element !== 'Relationship' || Id === undefined || Target === undefined) return;
        const external = TargetMode === 'External';
        const type = Type?.split('/').at(-1) ?? '';
        found.set(Id, { type, external, target: external ? Target : resolve(folder, Target) });
      },
    });
    return found;
  }

  /** The part that the whole package is about. */
  async main(fallback: string): Promise<string> {
    for (const { type, target } of (await this.relations('')).values()) {
      if (type === 'officeDocument' && this.zip.has(target)) return target;
    }
    return fallback;
  }

  async facts(): Promise<Record<string, string | number>> {
    const facts: Record<string, string | number> = {};
    const names: Record<string, string> = {
      title: 'title',
      creator: 'author',
      modified: 'modified',
      Application: 'program',
      Pages: 'pages',
    };
    for (const part of ['docProps/core.xml', 'docProps/app.xml']) {
      if (!this.zip.has(part)) continue;
      let text = '';
      await this.walk(part, {
        open: () => void (text = ''),
        text: (more) => void (text += more),
        close: (element) => {
          const name = names[element];
          if (name !== undefined && text.trim() !== '') facts[name] = text.trim().slice(0, 200);
          text = '';
        },
      });
    }
    return facts;
  }
}

export interface Relation {
  type: string;
  external: boolean;
  target: string;
}

/** A path inside the package, relative to a folder of it. */
export function resolve(folder: string, target: string): string {
  const segments = target.startsWith('/') ? [] : folder.split('/').filter(Boolean);
  for (const segment of target.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return segments.join('/');
}
