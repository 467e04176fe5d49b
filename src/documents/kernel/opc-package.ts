import type { DocumentLimits } from './document.ts';
import { parse, type XmlEvents } from './xml.ts';
import { resolveMember, Zip } from './zip.ts';

/**
 * A package of the Open Packaging Conventions (ECMA-376 part 2), the container of DOCX, XLSX and PPTX: parts that refer
 * to each other by relationships, and document properties.
 */
export class OpcPackage {
  readonly zip: Zip;
  readonly limits: DocumentLimits;
  /** The name of the main part. */
  readonly main: string;
  /** The relationships of the main part by id. */
  readonly relations: ReadonlyMap<string, Relation>;

  private constructor(
    zip: Zip,
    limits: DocumentLimits,
    { main, relations }: { main: string; relations: ReadonlyMap<string, Relation> },
  ) {
    this.zip = zip;
    this.limits = limits;
    this.main = main;
    this.relations = relations;
  }

  /** Opens a package. `fallback` is the name of the main part when no relationship names it. */
  static async open(bytes: Uint8Array, limits: DocumentLimits, fallback: string): Promise<OpcPackage> {
    const zip = await Zip.open(bytes, limits);
    let main = fallback;
    for (const { type, target } of (await readRelations(zip, limits, '')).values()) {
      if (type !== 'officeDocument' || !zip.has(target)) continue;
      main = target;
      break;
    }
    return new OpcPackage(zip, limits, { main, relations: await readRelations(zip, limits, main) });
  }

  async walk(part: string, events: XmlEvents): Promise<void> {
    parse(await this.zip.text(part), events, this.limits.depth);
  }

  /** The part that the main part refers to by a relationship of this type. */
  part(type: string): string | undefined {
    return [...this.relations.values()].find(
      (relation) => relation.type === type && !relation.external && this.zip.has(relation.target),
    )?.target;
  }

  /** The relationships of a part by id. */
  relationsOf(part: string): Promise<Map<string, Relation>> {
    return readRelations(this.zip, this.limits, part);
  }

  /** The document properties: title, author, time of the last change. */
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
  /** The last segment of the type's URI, e.g. `styles`. */
  type: string;
  external: boolean;
  /** The name of a part, or a URL when external. */
  target: string;
}

async function readRelations(zip: Zip, limits: DocumentLimits, part: string): Promise<Map<string, Relation>> {
  const slash = part.lastIndexOf('/');
  const folder = part.slice(0, slash + 1);
  const name = `${folder}_rels/${part.slice(slash + 1)}.rels`;
  const found = new Map<string, Relation>();
  if (!zip.has(name)) return found;
  const open: XmlEvents['open'] = (element, { Id, Type, Target, TargetMode }) => {
    if (element !== 'Relationship' || Id === undefined || Target === undefined) return;
    const external = TargetMode === 'External';
    const type = Type?.split('/').at(-1) ?? '';
    found.set(Id, { type, external, target: external ? Target : resolveMember(folder, Target) });
  };
  parse(await zip.text(name), { open }, limits.depth);
  return found;
}
