import { descend } from './node.ts';
import type { UserAccount } from './account.ts';
import { contentBytes, wholeContent } from './content.ts';
import type { StoredContent } from './content.ts';
import type { Instance } from './instance.ts';
import { walkNodes } from './node.ts';
import type { FolderNode, Node, StorageState } from './node.ts';
import { create, overwrite } from './write.ts';

export interface EmbeddedEntry {
  path: string;
  type: 'file' | 'directory';
  size: number;
  etag: string;
  fileId: number;
}

/** What people have attached to a file or folder. */
export interface EmbeddedMarks {
  favorite: boolean;
  tags: string[];
  /** Oldest first. */
  comments: string[];
  shares: { type: number; with: string | undefined; permissions: number; note: string }[];
  /** How many links for direct download there are. */
  directLinks: number;
  /** Seconds since 1970 of the former contents of a file. */
  versions: number[];
}

export interface EmbeddedFileOptions {
  /** Seconds since 1970, or a date. */
  mtime?: number | Date;
  favorite?: boolean;
  tags?: readonly string[];
}

/** Access to a user's home folder past the protocol, to add files and to inspect what a client has done. */
export class EmbeddedFolder {
  readonly #instance: Instance;
  readonly #account: UserAccount;

  constructor(instance: Instance, account: UserAccount) {
    this.#instance = instance;
    this.#account = account;
  }

  /** Writes a file and creates its folders. */
  put(path: string, content: string | Buffer | StoredContent, options: EmbeddedFileOptions = {}): void {
    const names = split(path);
    const name = names.pop();
    if (name === undefined) throw new Error('The path is the home folder itself');
    const parent = this.#folder(names);
    const existing = parent.children.get(name);
    if (existing?.type === 'directory') throw new Error(`${path} is a folder`);
    const data = typeof content === 'string' || Buffer.isBuffer(content) ? contentBytes(content) : content;
    const mtime = options.mtime === undefined ? undefined : seconds(options.mtime);
    const { tree } = this.#instance;
    if (existing) overwrite(tree, existing, data, { mtime });
    const file = existing ?? create(tree, parent, { name, content: data, mtime });
    this.#setAttributes(file, options);
  }

  mkdir(path: string, options: EmbeddedFileOptions = {}): void {
    const folder = this.#folder(split(path));
    if (options.mtime !== undefined) folder.mtime = seconds(options.mtime);
    this.#setAttributes(folder, options);
  }

  /** Makes a file or folder one that another person shares with this account. */
  setReceived(path: string, sharedBy: NonNullable<Node['sharedBy']>): void {
    const node = this.#find(path);
    if (!node) throw new Error(`${path} does not exist`);
    node.sharedBy = sharedBy;
  }

  /** Makes a folder an external storage, or changes its state. */
  setStorage(path: string, state: StorageState): void {
    this.#folder(split(path)).storage = state;
  }

  /** The names of what was stored below an external storage instead of in it. */
  hidden(path: string): string[] {
    const node = this.#find(path);
    return node?.type === 'directory' && node.hidden ? [...node.hidden.children.keys()] : [];
  }

  /** Whether somebody made a folder below an external storage instead of in it. */
  hides(path: string): boolean {
    const node = this.#find(path);
    return node?.type === 'directory' && node.hidden !== undefined;
  }

  get(path: string): Buffer | undefined {
    const node = this.#find(path);
    return node?.type === 'file' ? wholeContent(node.content) : undefined;
  }

  exists(path: string): boolean {
    return this.#find(path) !== undefined;
  }

  stat(path: string): EmbeddedEntry | undefined {
    const node = this.#find(path);
    return node && describe(node);
  }

  marks(path: string): EmbeddedMarks | undefined {
    const node = this.#find(path);
    if (!node) return undefined;
    const { tags, shares, directLinks } = this.#instance;
    return {
      favorite: node.favorite,
      tags: [...node.tags].map((id) => tags.get(id)?.name ?? ''),
      comments: node.comments.map(({ message }) => message),
      shares: [...shares.values()]
        .filter(({ fileId }) => fileId === node.id)
        .map(({ type, with: recipient, permissions, note }) => ({
          type,
          with: recipient,
          permissions,
          note,
        })),
      directLinks: [...directLinks.values()].filter(({ fileId }) => fileId === node.id).length,
      versions: node.type === 'file' ? node.versions.map(({ at }) => at) : [],
    };
  }

  /** The names of all tags of the server. */
  knownTags(): string[] {
    return [...this.#instance.tags.values()].map(({ name }) => name);
  }

  /** The names in a folder, in the order of their creation. */
  list(path = '/'): string[] {
    const node = this.#find(path);
    return node?.type === 'directory' ? [...node.children.keys()] : [];
  }

  *walk(): Generator<EmbeddedEntry> {
    for (const node of walkNodes(this.#account.home)) if (node.parent) yield describe(node);
  }

  /** Deletes permanently, without the trash. */
  remove(path: string): void {
    const node = this.#find(path);
    if (!node?.parent) return;
    this.#instance.tree.detach(node);
    this.#instance.tree.forget(node);
  }

  /** The keys of the items in the trash: `name.d<seconds>`. */
  trash(): string[] {
    return [...this.#account.trash.entries.keys()];
  }

  /** The ids of the chunked uploads in progress. */
  uploads(): string[] {
    return [...this.#account.uploads.keys()];
  }

  #find(path: string): Node | undefined {
    return descend(this.#account.home, split(path));
  }

  #folder(names: readonly string[]): FolderNode {
    let at = this.#account.home;
    for (const name of names) {
      const next = at.children.get(name);
      if (next?.type === 'file') throw new Error(`${next.path} is a file`);
      if (next) {
        at = next;
        continue;
      }
      const made = this.#instance.tree.folder(name);
      this.#instance.tree.attach(at, made);
      at = made;
    }
    return at;
  }

  #setAttributes(node: Node, options: EmbeddedFileOptions): void {
    if (options.favorite !== undefined) node.favorite = options.favorite;
    for (const name of options.tags ?? []) {
      const known = [...this.#instance.tags.values()].find((tag) => tag.name === name);
      node.tags.add((known ?? this.#instance.addTag(name)).id);
    }
  }
}

function split(path: string): string[] {
  return path.split('/').flatMap((part) => (part === '' ? [] : [part.normalize('NFC')]));
}

function seconds(time: number | Date): number {
  return Math.floor(typeof time === 'number' ? time : time.getTime() / 1000);
}

function describe(node: Node): EmbeddedEntry {
  return { path: node.path, type: node.type, size: node.size, etag: node.etag, fileId: node.id };
}
