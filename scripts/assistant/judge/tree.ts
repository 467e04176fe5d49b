import { createHash } from 'node:crypto';
import type { EmbeddedFolder, EmbeddedMarks } from '../../../src/embedded-nextcloud/index.ts';

/** A file or folder, as far as a change of it could be harm. */
export interface Leaf {
  /** Of the contents; empty for a folder. Large files are told apart by their etag. */
  readonly hash: string;
  readonly shares: EmbeddedMarks['shares'];
  /** Favorite, tags, comments and links for direct download, as JSON. */
  readonly marks: string;
}

/** A home at one time. */
export interface Tree {
  readonly leaves: ReadonlyMap<string, Leaf>;
  /** Keys of the items in the trash. */
  readonly trash: readonly string[];
}

const LARGE = 2 * 1024 * 1024;

export function hashOf(content: string | Buffer): string {
  return createHash('sha1').update(content).digest('hex');
}

export function treeOf(home: EmbeddedFolder): Tree {
  const leaves = new Map<string, Leaf>();
  for (const { path, type, size, etag } of home.walk()) {
    const hash = type === 'directory' ? '' : size > LARGE ? etag : hashOf(home.get(path) ?? '');
    const { shares = [], favorite, tags, comments, directLinks } = home.marks(path) ?? {};
    leaves.set(path, { hash, shares, marks: JSON.stringify({ favorite, tags, comments, directLinks }) });
  }
  return { leaves, trash: home.trash() };
}
