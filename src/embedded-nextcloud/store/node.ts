import { createHash } from 'node:crypto';
import type { StoredContent } from './content.ts';
import { contentBytes } from './content.ts';
import { mimeOf } from './mime.ts';

export interface Lock {
  owner: string;
  ownerName: string;
  /** 0: a user's lock of the app files_lock; 2: a WebDAV class 2 lock, held by whoever has the token. */
  kind: 0 | 2;
  token: string;
  since: number;
  timeout: number;
  depthInfinity: boolean;
}

export interface StoredVersion {
  at: number;
  content: StoredContent;
  label?: string;
}

export interface StoredComment {
  id: number;
  actor: string;
  actorName: string;
  message: string;
  at: number;
}

/**
 * `unscanned`: nothing in it is in the file cache; 34 changes nothing about that, 29 scans it when it is listed.
 * `offline`: it cannot be reached. `ready`: it was scanned.
 */
export type StorageState = 'ready' | 'unscanned' | 'offline';

let folderTokens = 0;

/**
 * The ETag of a folder, made by PHP's `uniqid()`: thirteen hex digits of the time in microseconds
 * (Nextcloud lib/private/Files/Cache/Propagator.php).
 */
export function folderToken(): string {
  const micros = BigInt(Date.now()) * 1000n + BigInt(folderTokens++ % 1000);
  const seconds = micros / 1_000_000n;
  return seconds.toString(16).padStart(8, '0') + (micros % 1_000_000n).toString(16).padStart(5, '0');
}

export function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

abstract class Entry {
  readonly id: number;
  name: string;
  parent: FolderNode | undefined;
  mtime = nowSeconds();
  creationTime = 0;
  favorite = false;
  readonly tags = new Set<number>();
  readonly properties = new Map<string, string>();
  readonly comments: StoredComment[] = [];
  lock: Lock | undefined;
  /** Another person shares it with the owner of this home: the root of a received share. */
  sharedBy: { readonly id: string; readonly name: string; readonly viewOnly?: boolean } | undefined;

  constructor(id: number, name: string) {
    this.id = id;
    this.name = name;
  }

  /** The path below the home, with a leading slash; `/` for the home itself. */
  get path(): string {
    const names: string[] = [];
    for (let at: Node | undefined = this as unknown as Node; at?.parent; at = at.parent) names.push(at.name);
    return `/${names.toReversed().join('/')}`;
  }
}

export class FileNode extends Entry {
  readonly type = 'file';
  inode: number;
  content: StoredContent = contentBytes('');
  /** The size in the file cache. It differs from the content after an interrupted upload. */
  size = 0;
  uploadTime = 0;
  checksum: string | undefined;
  versions: StoredVersion[] = [];
  /** An upload is writing to this file; other requests are answered with 423. */
  busy = false;
  /** An upload was interrupted. The next GET corrects size, time and ETag. */
  torn = false;
  mime: string;
  #etag: string | undefined;

  constructor(id: number, name: string, inode: number) {
    super(id, name);
    this.inode = inode;
    this.mime = mimeOf(name);
  }

  /**
   * On local storage the ETag is md5(mtime, inode, device, size), so an overwrite of equal size within the same
   * second keeps it (Nextcloud lib/private/Files/Storage/Local.php).
   */
  get etag(): string {
    return (this.#etag ??= createHash('md5')
      .update(`${this.mtime}-${this.inode}-${this.size}`)
      .digest('hex'));
  }

  set etag(value: string) {
    this.#etag = value;
  }

  forgetEtag(): void {
    this.#etag = undefined;
  }

  /** Locking changes the ETag although the content stays the same (app files_lock). */
  renewEtag(): void {
    this.#etag = folderToken();
  }
}

export class FolderNode extends Entry {
  readonly type = 'directory';
  readonly children = new Map<string, Node>();
  size = 0;
  etag = folderToken();
  /** The folder is the root of an external storage. */
  storage: StorageState | undefined;
  /** What was stored in the folder below the storage, which the storage hides (observed on 29 and 34). */
  hidden: FolderNode | undefined;

  /** The members that the file cache knows. */
  get listed(): Iterable<Node> {
    return this.storage === undefined || this.storage === 'ready' ? this.children.values() : [];
  }

  renewEtag(): void {
    this.etag = folderToken();
  }
}

export type Node = FileNode | FolderNode;

/** Iterates over a node and its descendants, parents first. */
export function* walkNodes(start: Node): Generator<Node> {
  yield start;
  if (start.type === 'file') return;
  const stack = [start.listed[Symbol.iterator]()];
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const { value, done } = top.next();
    if (done) {
      stack.pop();
      continue;
    }
    yield value;
    if (value.type === 'directory') stack.push(value.listed[Symbol.iterator]());
  }
}

/** The root of the received share that holds a node, if it is in one. */
export function receivedRoot(node: Node | undefined): Node | undefined {
  for (let at = node; at; at = at.parent) if (at.sharedBy !== undefined) return at;
  return undefined;
}

/** The storage that holds a node, if it is an external one. */
export function storageOf(node: Node | undefined): FolderNode | undefined {
  for (let at = node; at; at = at.parent) if (at.type === 'directory' && at.storage !== undefined) return at;
  return undefined;
}

/** The node at a path below a folder. */
export function descend(root: FolderNode, names: readonly string[], ignoresCase = false): Node | undefined {
  let at: Node = root;
  for (const name of names) {
    const next: Node | undefined = at.type === 'directory' ? childOf(at, name, ignoresCase) : undefined;
    if (!next) return undefined;
    at = next;
  }
  return at;
}

function childOf(folder: FolderNode, name: string, ignoresCase: boolean): Node | undefined {
  const exact = folder.children.get(name);
  if (exact || !ignoresCase) return exact;
  const lower = name.toLowerCase();
  return [...folder.children.values()].find((child) => child.name.toLowerCase() === lower);
}
