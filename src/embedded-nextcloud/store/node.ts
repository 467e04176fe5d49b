import { createHash } from 'node:crypto';
import type { StoredContent } from './content.ts';
import { contentBytes } from './content.ts';
import { mimeOf } from './mime.ts';

export interface Lock {
  owner: string;
  ownerName: string;
  /** 0: taken by a user through files_lock; 2: a WebDAV class 2 lock held by whoever has the token. */
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

let folderTokens = 0;

/**
 * Folders carry PHP's `uniqid()` as their etag: thirteen hex digits of time
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

  constructor(id: number, name: string) {
    this.id = id;
    this.name = name;
  }

  /** Path below the home, beginning with a slash; `/` for the home itself. */
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
  /** What the file cache believes; differs from the content after an upload that broke off. */
  size = 0;
  uploadTime = 0;
  checksum: string | undefined;
  versions: StoredVersion[] = [];
  /** An upload is writing into this file; everyone else gets 423. */
  busy = false;
  /** Broken upload: the next GET finds out and repairs size, time and etag. */
  torn = false;
  mime: string;
  #etag: string | undefined;

  constructor(id: number, name: string, inode: number) {
    super(id, name);
    this.inode = inode;
    this.mime = mimeOf(name);
  }

  /**
   * On a local disk the etag is md5(mtime, inode, device, size): an overwrite of equal size within the
   * same second keeps it (Nextcloud lib/private/Files/Storage/Local.php).
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

  /** Locking changes an etag although the bytes stay the same (files_lock). */
  renewEtag(): void {
    this.#etag = folderToken();
  }
}

export class FolderNode extends Entry {
  readonly type = 'directory';
  readonly children = new Map<string, Node>();
  size = 0;
  etag = folderToken();

  renewEtag(): void {
    this.etag = folderToken();
  }
}

export type Node = FileNode | FolderNode;

/** The node itself and everything below it, parents first. */
export function* walkNodes(start: Node): Generator<Node> {
  yield start;
  if (start.type === 'file') return;
  const stack = [start.children.values()];
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const { value, done } = top.next();
    if (done) {
      stack.pop();
      continue;
    }
    yield value;
    if (value.type === 'directory') stack.push(value.children.values());
  }
}

/** The node at a path below a folder. */
export function descend(root: FolderNode, names: readonly string[]): Node | undefined {
  let at: Node = root;
  for (const name of names) {
    const next: Node | undefined = at.type === 'directory' ? at.children.get(name) : undefined;
    if (!next) return undefined;
    at = next;
  }
  return at;
}
