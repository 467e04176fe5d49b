import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { RemotePath } from '../../path.ts';

/**
 * One step that takes a change back. It is data, because each layer that shows it has its own words: an
 * assistant calls tools, a person at a terminal finds the same in Nextcloud's own pages.
 */
export type UndoStep =
  | { readonly action: 'delete'; readonly paths: RemotePath | readonly RemotePath[] }
  | { readonly action: 'move'; readonly from: RemotePath; readonly to: RemotePath }
  /** `item` is the file id where it is known, else the path that it was deleted from. */
  | { readonly action: 'restore-from-trash'; readonly item: string; readonly path: RemotePath }
  /** `version` is the second in which the version was written. */
  | { readonly action: 'restore-version'; readonly path: RemotePath; readonly version: string }
  /** Nextcloud keeps no version of an empty file. */
  | { readonly action: 'write-empty'; readonly path: RemotePath }
  | {
      readonly action: 'set-tags';
      readonly path: RemotePath;
      readonly add: readonly string[];
      readonly remove: readonly string[];
    }
  | { readonly action: 'set-favorite'; readonly path: RemotePath; readonly favorite: boolean }
  | { readonly action: 'delete-comment'; readonly path: RemotePath }
  | { readonly action: 'delete-share'; readonly id: string }
  | {
      readonly action: 'update-share';
      readonly id: string;
      readonly can?: 'read' | 'edit';
      /** YYYY-MM-DD, empty for none. */
      readonly expires?: string;
      readonly note?: string;
      /** A password was set, and the one before it is not known. */
      readonly passwordLost: boolean;
    }
  | {
      readonly action: 'create-share';
      readonly path: string;
      readonly type: string;
      /** Whom it was shared with. A link is shared with nobody, and gets a new address. */
      readonly recipient?: string;
      readonly can: 'read' | 'edit';
      readonly expires?: string;
    }
  /** It was shared by another person, who still has it. */
  | { readonly action: 'ask-owner'; readonly owner: string; readonly path: RemotePath }
  /** It was an external storage, which still has its files. */
  | { readonly action: 'connect-storage'; readonly path: RemotePath }
  /** There is no trash at this place. */
  | { readonly action: 'impossible' };

/** What takes a change back, in this order. */
export type Undo = readonly UndoStep[];

/** What was made new goes into the trash. */
export function toTrash(path: RemotePath): Undo {
  return [{ action: 'delete', paths: path }];
}

/** What was in a share comes into the trash as a copy with another id (observed on 29 and 34). */
export function fromTrash({ path, fileId, permissions }: Resource): Undo {
  const isShared = permissions?.includes('S') ?? false;
  return [{ action: 'restore-from-trash', item: isShared ? path : (fileId ?? path), path }];
}

/** What was moved goes back. */
export function back(from: RemotePath, to: RemotePath): Undo {
  return [{ action: 'move', from: to, to: from }];
}

/** The contents before a change; Nextcloud names a version by the second it was written, and keeps no empty one. */
export function toVersion(
  path: RemotePath,
  before: { readonly modified?: number; readonly size?: number },
): Undo {
  if (before.size === 0) return [{ action: 'write-empty', path }];
  return [{ action: 'restore-version', path, version: String(Math.floor((before.modified ?? 0) / 1000)) }];
}
