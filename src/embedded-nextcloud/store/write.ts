import type { StoredContent } from './content.ts';
import type { FileNode } from './node.ts';
import { nowSeconds } from './node.ts';
import type { FolderNode } from './node.ts';
import type { FileTree } from './tree.ts';

/**
 * What is overwritten stays as a version, unless it was empty; several overwrites within a second make
 * one version (apps/files_versions/lib/Storage.php).
 */
export function keepVersion(file: FileNode): void {
  if (file.content.size === 0 || file.versions.some(({ at }) => at === file.mtime)) return;
  file.versions.push({ at: file.mtime, content: file.content });
}

export interface Written {
  mtime?: number | undefined;
  checksum?: string | undefined;
}

export function overwrite(
  tree: FileTree,
  file: FileNode,
  content: StoredContent,
  written: Written = {},
): void {
  keepVersion(file);
  file.torn = false;
  tree.setContent(file, content);
  file.mtime = written.mtime ?? nowSeconds();
  file.uploadTime = nowSeconds();
  file.checksum = written.checksum;
  file.forgetEtag();
  tree.touch(file.parent);
}

export function create(
  tree: FileTree,
  parent: FolderNode,
  name: string,
  content: StoredContent,
  written: Written = {},
): FileNode {
  const file = tree.file(name, content);
  file.mtime = written.mtime ?? nowSeconds();
  file.uploadTime = nowSeconds();
  file.checksum = written.checksum;
  tree.attach(parent, file);
  return file;
}
