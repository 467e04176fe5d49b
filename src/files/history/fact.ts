import type { RemotePath } from '../../path.ts';

/** What a share allows, as it is compared and put back. */
export interface NotedTerms {
  readonly can: 'read' | 'edit';
  /** YYYY-MM-DD, empty for none. */
  readonly expires: string;
  readonly note: string;
}

/** The path in a folder, the file id and the etag. */
export type NotedFile = readonly [path: string, fileId: string, etag: string];

/**
 * One thing that a tool changes. It is noted before the change is made, so it holds what tells later whether the
 * change was made. File ids and etags are noted beside it, because they change when contents come back.
 */
export type Fact =
  | {
      readonly kind: 'made';
      readonly path: RemotePath;
      readonly folder: boolean;
      readonly how: 'written' | 'copied' | 'restored';
      /** Bytes, and seconds since 1970, of a file that is written. */
      readonly size?: number;
      readonly modified?: number;
      /** What is copied, and its etag where it is known: a copy has the same. */
      readonly from?: RemotePath;
      /** What is in it is not noted one by one, so it must have the noted etag. */
      readonly whole?: true;
    }
  | {
      readonly kind: 'replaced';
      readonly path: RemotePath;
      /** Bytes, and milliseconds since 1970, before the change. */
      readonly oldSize?: number;
      readonly oldModified?: number;
      /** Bytes, and seconds since 1970, after it. */
      readonly size: number;
      readonly modified: number;
    }
  | { readonly kind: 'moved'; readonly from: RemotePath; readonly to: RemotePath }
  | {
      readonly kind: 'removed';
      readonly path: RemotePath;
      readonly folder: boolean;
      /** In a share, what comes into the trash is a copy with another id (observed on 29 and 34). */
      readonly shared: boolean;
      /** The files in a folder, by their paths in it: 34 gives some of them another etag when they come back. */
      readonly inside?: readonly NotedFile[];
    }
  | {
      readonly kind: 'tagged';
      readonly path: RemotePath;
      readonly added: readonly string[];
      readonly removed: readonly string[];
    }
  | {
      readonly kind: 'favorite';
      readonly path: RemotePath;
      readonly favorite: boolean;
      readonly was: boolean;
    }
  | {
      readonly kind: 'commented';
      readonly path: RemotePath;
      /** Of its text, which is nobody's business. */
      readonly digest: string;
      /** The ids of the comments before. */
      readonly known: readonly string[];
    }
  | {
      readonly kind: 'shared';
      readonly path: RemotePath;
      readonly type: string;
      /** Absent for a link. */
      readonly recipient?: string;
      /** The ids of the shares before. */
      readonly known: readonly string[];
    }
  | {
      readonly kind: 'share-changed';
      readonly path: RemotePath;
      readonly id: string;
      readonly before: NotedTerms;
      readonly after: NotedTerms;
      /** A password was set or removed, and the one before it is not known. */
      readonly password: boolean;
    }
  | {
      readonly kind: 'final';
      readonly path: RemotePath;
      readonly why: FinalReason;
      /** Who has it now, where it was shared by another person. */
      readonly owner?: string;
    };

/** Why a change cannot be taken back. */
export type FinalReason =
  'no-trash' | 'share-left' | 'storage-removed' | 'share-ended' | 'link-made' | 'comment-deleted';

export type FactOf<K extends Fact['kind']> = Extract<Fact, { kind: K }>;

/** Where what is changed is now, or was. */
export function placesOf(fact: Fact): readonly RemotePath[] {
  return fact.kind === 'moved' ? [fact.from, fact.to] : [fact.path];
}
