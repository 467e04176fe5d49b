import { FileNode, FolderNode, folderToken, nowSeconds, walkNodes } from './node.ts';
import type { Node } from './node.ts';
import type { StoredContent } from './content.ts';

/** The file cache of an instance. It assigns file ids, keeps the sizes of folders and propagates ETags to parents. */
export class FileTree {
  readonly #byId = new Map<number, Node>();
  #lastId = 100;
  #lastInode = 500_000;

  nextId(): number {
    return ++this.#lastId;
  }

  nodeById(id: number): Node | undefined {
    return this.#byId.get(id);
  }

  folder(name: string): FolderNode {
    const node = new FolderNode(this.nextId(), name);
    this.#byId.set(node.id, node);
    return node;
  }

  file(name: string, content: StoredContent): FileNode {
    const node = new FileNode(this.nextId(), name, ++this.#lastInode);
    node.content = content;
    node.size = content.size;
    this.#byId.set(node.id, node);
    return node;
  }

  attach(parent: FolderNode, node: Node): void {
    parent.children.set(node.name, node);
    node.parent = parent;
    this.#grow(parent, node.size);
    this.touch(parent);
  }

  detach(node: Node): void {
    const { parent } = node;
    if (!parent) return;
    parent.children.delete(node.name);
    node.parent = undefined;
    this.#grow(parent, -node.size);
    this.touch(parent);
  }

  /** Removes the ids of a subtree that has been permanently deleted. */
  forget(node: Node): void {
    for (const each of walkNodes(node)) this.#byId.delete(each.id);
  }

  move(node: Node, parent: FolderNode, name: string): void {
    this.detach(node);
    node.name = name;
    this.attach(parent, node);
  }

  setContent(file: FileNode, content: StoredContent): void {
    file.content = content;
    this.setSize(file, content.size);
  }

  setSize(file: FileNode, size: number): void {
    if (file.parent) this.#grow(file.parent, size - file.size);
    file.size = size;
    file.forgetEtag();
  }

  /**
   * A change gives all ancestors the same new ETag and, if `withTime`, the current time
   * (Nextcloud lib/private/Files/Cache/Propagator.php).
   */
  touch(folder: FolderNode | undefined, withTime = true): void {
    const etag = folderToken();
    const now = nowSeconds();
    for (let at = folder; at; at = at.parent) {
      at.etag = etag;
      if (withTime && at.mtime < now) at.mtime = now;
    }
  }

  /** A copy has a new id and the ETag and time of its source, but not its favorite mark, checksum and properties. */
  copy(source: Node, name: string): Node {
    if (source.type === 'file') {
      const file = this.file(name, source.content);
      file.mtime = source.mtime;
      file.creationTime = source.creationTime;
      file.uploadTime = source.uploadTime;
      file.versions = source.versions.map((version) => ({ ...version }));
      file.etag = source.etag;
      return file;
    }
    const folder = this.folder(name);
    folder.creationTime = source.creationTime;
    for (const child of source.children.values()) {
      const copied = this.copy(child, child.name);
      folder.children.set(copied.name, copied);
      copied.parent = folder;
      folder.size += copied.size;
    }
    folder.mtime = source.mtime;
    folder.etag = source.etag;
    return folder;
  }

  /** Before version 30 a copy got the current time, and so an ETag of its own. */
  renewTimes(copied: Node): void {
    for (const node of walkNodes(copied)) {
      node.mtime = nowSeconds();
      if (node.type === 'file') {
        node.forgetEtag();
        node.uploadTime = 0; // observed on 29
      } else node.etag = folderToken();
    }
  }

  #grow(folder: FolderNode, delta: number): void {
    if (delta === 0) return;
    for (let at: FolderNode | undefined = folder; at; at = at.parent) at.size += delta;
  }
}
