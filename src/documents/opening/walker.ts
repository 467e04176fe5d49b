import type { ArchiveEntry, Container } from '../archive/archive.ts';
import { detect } from '../kernel/detect.ts';
import type {
  DocumentLimits,
  Hint,
  Reader,
  UnitRow,
  WalkGap,
  WalkPlace,
  WalkStep,
  WalkText,
} from '../kernel/document.ts';
import { serializeError } from '../kernel/document-error.ts';
import { formatOfName, formats } from '../kernel/format.ts';
import { openArchive } from './open-archive.ts';
import { openDocument } from './open-document.ts';

/** A step ends after this long, so that others get a turn of the thread. */
const STEP_MS = 250;
/** Phrases of `DocumentSummary.lost` that tell of text that is not read. */
const lostText =
  /everything after|the end of|more entries|headers and footers|comments|inserted documents|hidden text|embedded object/;
const PAGE_MARK = /^<!-- page \d+ -->\s*/;

/** A document, or an entry of an archive in it, that has been opened. */
interface Node {
  readonly bytes: Uint8Array;
  readonly hint: Hint;
  readonly reader: Reader;
  /** The files in it, once they are known. */
  container?: Promise<Contents>;
}

interface Contents {
  readonly container: Container;
  readonly files: readonly ArchiveEntry[];
}

/**
 * Goes through all texts of a document: its pages, sheets and rows, and for an archive or a message what is in it. A
 * step begins at any place, so that a walk goes on in another thread after this one was ended by a hostile entry.
 */
export class Walker {
  readonly #root: Node;
  readonly #limits: DocumentLimits;
  /** The open entries from the document inwards, each with its index. */
  #open: { readonly index: number; readonly node: Node }[] = [];

  /** @param root the document itself, which is closed by whoever opened it */
  constructor(root: Node, limits: DocumentLimits) {
    this.#root = root;
    this.#limits = limits;
  }

  /** The next texts, up to the characters of one answer. */
  async step(from: WalkPlace): Promise<WalkStep> {
    const until = performance.now() + STEP_MS;
    const step = new StepBuilder(this.#limits.outputChars);
    let place: WalkPlace | undefined = from;
    while (place && !step.isFull && performance.now() < until) place = await this.#visit(place, step);
    return { texts: step.texts, gaps: step.gaps, ...(place ? { next: place } : {}) };
  }

  async close(): Promise<void> {
    await this.#closeFrom(0);
    const contents = await this.#root.container?.catch(() => undefined);
    contents?.container.close();
  }

  /** @returns where to go on */
  async #visit(place: WalkPlace, step: StepBuilder): Promise<WalkPlace | undefined> {
    try {
      const node = await this.#node(place, step);
      if (node === 'left out') return await this.#after(place);
      if (!node) return await this.#after({ ...place, entries: place.entries.slice(0, -1) });
      const known = place.path === undefined ? { ...place, ...this.#pathOf(place) } : place;
      return (await readSome(node.reader, known, step)) ?? (await this.#into(node, known, step));
    } catch (error) {
      // What is damaged or protected inside of an archive does not keep the rest from being read.
      if (place.entries.length === 0) throw error;
      step.gap({ ...entryOf(place), reason: reasonOf(error) });
      return this.#after(place);
    }
  }

  /** The document at a place; undefined behind the last entry of an archive. */
  async #node(place: WalkPlace, step: StepBuilder): Promise<Node | 'left out' | undefined> {
    let parent = this.#root;
    for (const [depth, index] of place.entries.entries()) {
      const known = this.#open[depth];
      if (known?.index !== index) {
        const { container, files } = await this.#contents(parent);
        const entry = files[index];
        if (!entry) return undefined;
        if (familyOf(entry) === 'image') {
          step.gap({ ...entryOf(place), reason: 'pictures' });
          return 'left out';
        }
        await this.#closeFrom(depth);
        const [bytes, hint] = [await container.read(entry.name), { name: entry.name }];
        const reader = await openDocument(bytes, hint, this.#limits, depth + 1);
        this.#open.push({ index, node: { bytes, hint, reader } });
      }
      parent = this.#open[depth]?.node ?? parent;
    }
    if (parent.reader.family !== 'image') return parent;
    step.gap({ ...entryOf(place), reason: 'pictures' });
    return 'left out';
  }

  /** The first entry in what was read as a whole, or what comes after it. */
  async #into(node: Node, place: WalkPlace, step: StepBuilder): Promise<WalkPlace | undefined> {
    for (const what of node.reader.lost.filter((phrase) => lostText.test(phrase)))
      step.gap({ ...entryOf(place), reason: what.replace(/ \(.*\)$/, '') });
    const { family, unit } = node.reader;
    const holdsFiles = family === 'mail' || (family === 'archive' && unit === 'entry');
    if (!holdsFiles) return this.#after(place);
    const { files } = await this.#contents(node);
    if (files.length === 0) return this.#after(place);
    if (place.entries.length >= this.#limits.nesting) {
      step.gap({ ...entryOf(place), reason: `archives inside ${this.#limits.nesting} others` });
      return this.#after(place);
    }
    return this.#placeOf([...place.entries, 0]);
  }

  /** The entry after one, or after the archive that it is the last of. */
  async #after({ entries }: WalkPlace): Promise<WalkPlace | undefined> {
    const last = entries.at(-1);
    return last === undefined ? undefined : this.#placeOf([...entries.slice(0, -1), last + 1]);
  }

  #pathOf({ entries }: WalkPlace): { path?: string } {
    return entries.length === 0 ? {} : { path: this.#open.map(({ node }) => node.hint.name).join('!/') };
  }

  async #placeOf(entries: number[]): Promise<WalkPlace> {
    const names: string[] = [];
    let parent: Node | undefined = this.#root;
    for (const [depth, index] of entries.entries()) {
      const contents: Contents | undefined = parent && (await this.#contents(parent));
      names.push(contents?.files[index]?.name ?? '');
      parent = this.#open[depth]?.index === index ? this.#open[depth]?.node : undefined;
    }
    return { entries, ...(names.length > 0 ? { path: names.join('!/') } : {}), sheet: 0, unit: 1 };
  }

  async #contents(node: Node): Promise<Contents> {
    const { bytes, hint } = node;
    node.container ??= openArchive(bytes, detect(bytes, hint.name, hint.mimeType), this.#limits).then(
      (container) => ({ container, files: container.entries.filter(({ folder }) => !folder) }),
    );
    return node.container;
  }

  async #closeFrom(depth: number): Promise<void> {
    for (const { node } of this.#open.splice(depth)) {
      const contents = await node.container?.catch(() => undefined);
      contents?.container.close();
      await node.reader.close?.();
    }
  }
}

/** Collects the texts of one step. */
class StepBuilder {
  readonly texts: WalkText[] = [];
  readonly gaps: WalkGap[] = [];
  #charsLeft: number;

  constructor(chars: number) {
    this.#charsLeft = chars;
  }

  get isFull(): boolean {
    return this.#charsLeft <= 0;
  }

  gap(gap: WalkGap): void {
    this.gaps.push(gap);
  }

  add(text: WalkText): void {
    this.texts.push(text);
    for (const row of text.rows) this.#charsLeft -= row.text.length + 1;
  }
}

/** Reads units of one document. @returns the place to go on in it; undefined at its end */
async function readSome(reader: Reader, place: WalkPlace, step: StepBuilder): Promise<WalkPlace | undefined> {
  const { unit, sheets = [] } = reader;
  if (unit === 'entry') return undefined;
  const known = { ...entryOf(place), unit };
  if (unit === 'row' && reader.rows) {
    if (place.sheet >= sheets.length) return undefined;
    const name = sheets[place.sheet]?.name ?? '';
    const { rows, next } = await reader.rows(place.sheet, place.unit);
    step.add({ ...known, ...(sheets.length > 1 ? { sheet: name } : {}), rows });
    if (next !== undefined) return { ...place, unit: next };
    return place.sheet + 1 < sheets.length ? { ...place, sheet: place.sheet + 1, unit: 1 } : undefined;
  }
  const isLine = unit === 'line';
  const part = await reader.read({ offset: place.unit, ...(isLine ? {} : { limit: 1 }) });
  if (part.first === 0) return undefined;
  step.add({ ...known, rows: isLine ? linesOf(part.text, part.first) : [onePage(part.text, part.first)] });
  for (const note of part.notes) step.gap({ ...entryOf(place), reason: gapOf(note) });
  const total = part.total ?? reader.total ?? 0;
  return part.last < total ? { ...place, unit: part.last + 1 } : undefined;
}

function linesOf(text: string, first: number): UnitRow[] {
  return text.split('\n').map((line, index) => ({ at: first + index, text: line }));
}

function onePage(text: string, at: number): UnitRow {
  return { at, text: text.replace(PAGE_MARK, '') };
}

// Without the numbers, so that the same can be said once for many pages.
function gapOf(note: string): string {
  if (note.startsWith('No text on')) return 'pages without text, most likely scanned';
  if (note.startsWith('Not read because of damage')) return 'damaged pages';
  if (/ is cut: /.test(note) || note.startsWith('Only the first')) return 'the rest of long lines or pages';
  return note.replace(/\.$/, '');
}

function entryOf({ path }: WalkPlace): { entry?: string } {
  return path === undefined ? {} : { entry: path };
}

function familyOf({ name }: ArchiveEntry): string | undefined {
  return formats.get(formatOfName(name) ?? '')?.family;
}

function reasonOf(error: unknown): string {
  const { code, message } = serializeError(error);
  if (code === 'encrypted') return 'protected with a password';
  return /contain no text/.test(message) ? 'not text' : message.replace(/\.$/, '');
}
