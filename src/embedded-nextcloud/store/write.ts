import type { StoredContent } from './content.ts';
import type { FileNode } from './node.ts';
import { nowSeconds } from './node.ts';
import type { FolderNode } from './node.ts';
import type { FileTree } from './tree.ts';

/**
 * Keeps the current content as a version, unless it is empty. Several overwrites within a second make one version
 * (apps/files_versions/lib/Storage.php).
 */
export function keepVersion(file: FileNode): void {
  if (file.content.size === 0 || file.versions.some(({ at }) => at === file.mtime)) return;
  file.versions.push({ at: file.mtime, content: file.content });
}

export interface WriteOptions {
  /** Seconds since 1970; the current time when absent. */
  mtime?: number | undefined;
  checksum?: string | undefined;
}

export interface NewFile extends WriteOptions {
  name: string;
  content: StoredContent;
}

/** Replaces the content of a file and keeps the old one as a version. */
export function overwrite(
  tree: FileTree,
  file: FileNode,
  content: StoredContent,
  options: WriteOptions = {},
): void {
  keepVersion(file);
  file.torn = false;
  tree.setContent(file, content);
  file.mtime = options.mtime ?? nowSeconds();
  file.uploadTime = nowSeconds();
  file.checksum = options.checksum;
  file.forgetEtag();
  tree.touch(file.parent);
}

/** Creates a file in a folder. */
export function create(
  tree: FileTree,
  parent: FolderNode,
  { name, content, mtime, checksum }: NewFile,
): FileNode {
  const file = tree.file(name, content);
  file.mtime = mtime ?? nowSeconds();
  file.uploadTime = nowSeconds();
  file.checksum = checksum;
  tree.attach(parent, file);
  return file;
}
