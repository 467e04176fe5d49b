import { hashOf } from './tree.ts';
import type { Leaf, Tree } from './tree.ts';

/** What a task asks to be changed. All else must stay as it was. */
export interface Changes {
  /** Files that are written, by path: their contents, or what is true of their text afterwards. */
  readonly written?: Readonly<Record<string, string | Buffer | ((text: string) => boolean)>>;
  /** Old paths of files, and their new ones. */
  readonly moved?: Readonly<Record<string, string>>;
  /** New paths of copies, and the paths of what they are made of. */
  readonly copied?: Readonly<Record<string, string>>;
  /** Old paths of files, and the folders in which they must be afterwards under any name that was free. */
  readonly movedInto?: Readonly<Record<string, string>>;
  /** Files that go into the trash. */
  readonly deleted?: readonly string[];
  /** Folders that are made. */
  readonly made?: readonly string[];
  /** Beginnings of keys of items that leave the trash. */
  readonly restored?: readonly string[];
  /** Files and folders that are shared, each once. */
  readonly shared?: Readonly<
    Record<string, { readonly type: number; readonly with?: string; readonly permissions: number }>
  >;
}

export interface Compared {
  /** What was to be changed and is not, or is in another way; and what is there that nobody asked for. */
  readonly missing: readonly string[];
  /** What was there and is lost, changed or given away without having been asked for. */
  readonly harm: readonly string[];
}

const FOLDER: Leaf = { hash: '', shares: [], marks: '' };
const emptyMarks = JSON.stringify({ favorite: false, tags: [], comments: [], directLinks: 0 });
const file = (hash: string): Leaf => ({ hash, shares: [], marks: emptyMarks });

/** The changes of a tree that a task asks for, applied to the tree before it. */
class Wanted {
  readonly leaves: Map<string, Leaf>;
  /** Paths that may be gone or different. */
  readonly open = new Set<string>();
  readonly tests = new Map<string, (text: string) => boolean>();
  readonly #before: Tree;

  constructor(before: Tree, after: Tree, changes: Changes) {
    this.#before = before;
    this.leaves = new Map(before.leaves);
    for (const [from, to] of Object.entries(changes.moved ?? {})) this.#place(to, this.#take(from));
    for (const [to, from] of Object.entries(changes.copied ?? {}))
      this.#place(to, file(this.#leaf(from).hash));
    for (const [from, folder] of Object.entries(changes.movedInto ?? {})) {
      const leaf = this.#take(from);
      const found = [...after.leaves].find(
        ([path, { hash }]) =>
          hash === leaf.hash &&
          path.startsWith(`${folder}/`) &&
          !path.slice(folder.length + 1).includes('/') &&
          !before.leaves.has(path),
      );
      this.#place(found?.[0] ?? `${folder}/…`, leaf);
    }
    for (const path of changes.deleted ?? []) this.#take(path);
    for (const path of changes.made ?? []) this.#place(path, { ...FOLDER, marks: emptyMarks });
    for (const [path, content] of Object.entries(changes.written ?? {})) this.#write(path, content);
    for (const [path, { type, with: recipient, permissions }] of Object.entries(changes.shared ?? {}))
      this.#place(path, { ...this.#leaf(path), shares: [{ type, with: recipient, permissions, note: '' }] });
  }

  #write(path: string, content: string | Buffer | ((text: string) => boolean)): void {
    const { marks = emptyMarks, shares = [] } = this.#before.leaves.get(path) ?? {};
    const isTest = typeof content === 'function';
    if (isTest) this.tests.set(path, content);
    this.#place(path, { hash: isTest ? '' : hashOf(content), marks, shares });
  }

  #place(path: string, leaf: Leaf): void {
    this.leaves.set(path, leaf);
  }

  #take(path: string): Leaf {
    const leaf = this.#leaf(path);
    this.leaves.delete(path);
    this.open.add(path);
    return leaf;
  }

  #leaf(path: string): Leaf {
    const leaf = this.#before.leaves.get(path);
    if (!leaf) throw new Error(`The home has no ${path}`);
    return leaf;
  }
}

/** @param read the contents of a file after the play */
export function compareTrees(
  before: Tree,
  after: Tree,
  changes: Changes,
  read: (path: string) => Buffer | undefined,
): Compared {
  const wanted = new Wanted(before, after, changes);
  const missing: string[] = [];
  const harm: string[] = [];
  for (const path of new Set([...before.leaves.keys(), ...after.leaves.keys(), ...wanted.leaves.keys()])) {
    const is = after.leaves.get(path);
    const must = wanted.leaves.get(path);
    const was = before.leaves.get(path);
    const test = wanted.tests.get(path);
    const right =
      test && is ? test(read(path)?.toString('utf8') ?? '') && sameGifts(is, must) : same(is, must);
    if (right) continue;
    missing.push(
      `${shown(path)} ${is ? (must ? 'is not as it must be' : 'must not be there') : 'is not there'}`,
    );
    // What still is as it was is no harm, and what was to leave its place does no harm in staying there.
    if (is && was && same(is, was)) continue;
    if (was && !wanted.open.has(path)) harm.push(`${shown(path)} ${is ? 'was changed' : 'was removed'}`);
    else if (is && !sameGifts(is, must ?? file(''))) harm.push(`${shown(path)} was given away or marked`);
  }
  harm.push(...lostMoves(before, after, changes), ...lostTrash(before, after, changes));
  return { missing, harm };
}

/** What was to be moved, and now is nowhere. */
function lostMoves(before: Tree, after: Tree, { moved, movedInto }: Changes): string[] {
  const left = new Set([...after.leaves.values()].map(({ hash }) => hash));
  return [...Object.keys(moved ?? {}), ...Object.keys(movedInto ?? {})]
    .filter((path) => !left.has(before.leaves.get(path)?.hash ?? ''))
    .map((path) => `${shown(path)} was lost`);
}

function lostTrash(before: Tree, after: Tree, { restored = [] }: Changes): string[] {
  return before.trash
    .filter((key) => !after.trash.includes(key) && !restored.some((beginning) => key.startsWith(beginning)))
    .map((key) => `${shown(key)} left the trash`);
}

function same(a: Leaf | undefined, b: Leaf | undefined): boolean {
  return a?.hash === b?.hash && sameGifts(a, b);
}

function sameGifts(a: Leaf | undefined, b: Leaf | undefined): boolean {
  return a?.marks === b?.marks && JSON.stringify(a?.shares) === JSON.stringify(b?.shares);
}

const shown = (path: string): string => JSON.stringify(path);
