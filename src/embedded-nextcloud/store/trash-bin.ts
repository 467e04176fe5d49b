import { nowSeconds } from './node.ts';
import type { FolderNode, Node } from './node.ts';
import type { FileTree } from './tree.ts';

export interface StoredTrashItem {
  readonly node: Node;
  readonly name: string;
  readonly deletedAt: number;
  /** The original path below the home, without a leading slash. */
  readonly location: string;
}

/** The deleted items of a user, by their keys `name.d<seconds>`. */
export class TrashBin {
  readonly entries = new Map<string, StoredTrashItem>();
  readonly #home: FolderNode;
  readonly #tree: FileTree;

  constructor(home: FolderNode, tree: FileTree) {
    this.#home = home;
    this.#tree = tree;
  }

  /**
   * Moves a node to the trash. A second deletion of the same name within a second permanently deletes the first item
   * (Nextcloud apps/files_trashbin/lib/Trashbin.php).
   */
  put(node: Node): void {
    const location = node.path.slice(1);
    this.#tree.detach(node);
    const deletedAt = nowSeconds();
    const key = `${node.name}.d${deletedAt}`;
    const lost = this.entries.get(key);
    if (lost) this.#tree.forget(lost.node);
    this.entries.set(key, { node, name: node.name, deletedAt, location });
  }

  /**
   * Restores an item to its original folder, or to the home if that folder is gone. When the name is taken, the item
   * gets a new one.
   */
  restore(key: string): Node | undefined {
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    this.entries.delete(key);
    const parent = this.#parentOf(entry.location);
    this.#resource(entry.node, entry.name, parent);
    return entry.node;
  }

  /** Restores a single descendant of a deleted folder. */
  restoreInside(key: string, inside: readonly string[], node: Node): void {
    const entry = this.entries.get(key);
    this.#tree.detach(node);
    const location = [entry?.location ?? '', ...inside].join('/');
    this.#resource(node, node.name, this.#parentOf(location));
  }

  remove(key: string): boolean {
    const entry = this.entries.get(key);
    if (!entry) return false;
    this.entries.delete(key);
    this.#tree.forget(entry.node);
    return true;
  }

  empty(): void {
    for (const key of this.entries.keys()) this.remove(key);
  }

  #resource(node: Node, name: string, parent: FolderNode): void {
    node.name = freeName(parent, name);
    this.#tree.attach(parent, node);
  }

  #parentOf(location: string): FolderNode {
    let at: FolderNode = this.#home;
    for (const part of location.split('/').slice(0, -1)) {
      const next = at.children.get(part);
      if (next?.type !== 'directory') return this.#home;
      at = next;
    }
    return at;
  }
}

function freeName(parent: FolderNode, name: string): string {
  if (!parent.children.has(name)) return name;
  const dot = name.lastIndexOf('.');
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  for (let n = 1; ; n++) {
    const candidate = `${stem} (restored${n > 1 ? ` ${n}` : ''})${ending}`;
    if (!parent.children.has(candidate)) return candidate;
  }
}
