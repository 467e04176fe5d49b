import * as z from 'zod';
import type { Address } from '../../nextcloud/address.ts';
import type { Detail, Pending, Resource } from '../../nextcloud/dav/resource.ts';
import { some } from '../../nextcloud/dav/resource.ts';
import type { DavOutcome } from '../../nextcloud/dav/dav-request.ts';
import { baseName } from '../../path.ts';
import type { RemotePath } from '../../path.ts';

/**
 * A file or folder as every tool shows it. Keys without a value are left out. `size` in bytes, for a
 * folder all below it; `modified` in ISO 8601, UTC.
 */
export const entrySchema = z.object({
  name: z.string(),
  path: z.string(),
  type: z.enum(['file', 'directory']).optional(),
  size: z.number().optional(),
  /** Why a folder has no size. */
  state: z.string().optional(),
  modified: z.string().optional(),
  mime_type: z.string().optional(),
  etag: z.string().optional(),
  file_id: z.string().optional(),
});

export type Entry = z.infer<typeof entrySchema>;

/** Everything known about one entry. Times are ISO 8601 in UTC. */
export interface DetailedEntry extends Entry {
  created?: string;
  uploaded?: string;
  permissions?: string[];
  owner?: string;
  favorite?: boolean;
  tags?: string[];
  checksums?: string[];
  shares?: string[];
  shared_with?: string[];
  /** Direct children of a folder. */
  files?: number;
  folders?: number;
  lock?: string;
  mount?: string;
  has_preview?: boolean;
  note?: string;
  web_url?: string;
}

export function toEntry(resource: Resource): Entry {
  return {
    ...toRow(resource),
    ...some('mime_type', resource.mime),
    ...some('etag', resource.etag),
    ...some('file_id', resource.fileId),
  };
}

/**
 * One line of a listing: what its text shows. Type by content and etag are one get_file_info away; here
 * they would make up for a third of what the assistant has to read.
 */
export const entryRowSchema = entrySchema.pick({
  name: true,
  path: true,
  type: true,
  size: true,
  state: true,
  modified: true,
});

export type EntryRow = z.infer<typeof entryRowSchema>;

export function toRow(resource: Resource): EntryRow {
  return {
    name: baseName(resource.path) || '/',
    path: resource.path,
    type: resource.folder ? 'directory' : 'file',
    ...some('size', resource.size),
    ...some('state', resource.pending && states[resource.pending]),
    ...some('modified', iso(resource.modified)),
  };
}

const states: Readonly<Record<Pending, string>> = {
  uncounted: 'size not known yet',
  unscanned: 'not scanned yet',
  offline: 'cannot be reached',
};

export function toDetailedEntry(resource: Resource, address: Address): DetailedEntry {
  const { detail = {}, fileId } = resource;
  const owner =
    detail.ownerName && detail.ownerId && detail.ownerName !== detail.ownerId
      ? `${detail.ownerName} (${detail.ownerId})`
      : detail.ownerId;
  return {
    ...toEntry(resource),
    ...some('created', iso(detail.created)),
    ...some('uploaded', iso(detail.uploaded)),
    ...some(
      'permissions',
      resource.permissions === undefined
        ? undefined
        : [
            ...inWords(resource.permissions, resource.folder),
            ...(detail.viewOnly ? ['view only: the owner does not allow to download or copy it'] : []),
          ],
    ),
    ...some('owner', owner),
    ...some('favorite', detail.favorite),
    ...some('tags', detail.tags?.slice()),
    ...some('checksums', detail.checksums?.slice()),
    ...some(
      'shares',
      detail.shareTypes?.map((type) => shareWords[type] ?? `type ${type}`),
    ),
    ...some('shared_with', detail.sharees?.slice()),
    ...some('files', detail.files),
    ...some('folders', detail.folders),
    ...some('lock', detail.lock && lockWords(detail.lock)),
    ...some('mount', detail.mountType),
    ...some('has_preview', detail.hasPreview),
    ...some('note', detail.note),
    ...some('web_url', fileId === undefined ? undefined : address.webUrl(fileId)),
  };
}

/** Sums over a folder's contents would tell of what is out of bounds in it. */
export function withoutSums(entry: DetailedEntry): DetailedEntry {
  if (entry.type === 'file') return entry;
  const { size: _, files: __, folders: ___, ...rest } = entry;
  return rest;
}

/** What the headers of a change tell about the entry (OC-FileId: zero-padded id and instance id). */
export function newEntry(
  path: RemotePath,
  type: 'file' | 'directory' | undefined,
  headers: DavOutcome['headers'],
): Entry {
  const fileId = /^0*(\d+?)oc/.exec(headers.get('oc-fileid') ?? '')?.[1];
  return {
    name: baseName(path),
    path,
    ...some('type', type),
    ...some('etag', headers.get('oc-etag')?.replace(/"/g, '')),
    ...some('file_id', fileId),
  };
}

/** ISO 8601 in UTC to the second, which is what Nextcloud keeps. */
export function iso(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

// OCP\Share\IShare::TYPE_*
const shareWords: Readonly<Record<number, string>> = {
  0: 'user',
  1: 'group',
  3: 'public link',
  4: 'e-mail',
  6: 'other server',
  7: 'team',
  10: 'conversation',
};

// Nextcloud, lib/public/Files/DavUtil.php
function inWords(letters: string, folder: boolean): string[] {
  const words: [string, string][] = [
    ['G', 'read'],
    ['W', 'write'],
    ...(folder
      ? ([
          ['C', 'create files'],
          ['K', 'create folders'],
        ] satisfies [string, string][])
      : []),
    ['D', 'delete'],
    ['N', 'rename'],
    ['V', 'move'],
    ['R', 'share'],
    ['S', 'shared with you'],
    ['M', 'external storage'],
  ];
  return words.filter(([letter]) => letters.includes(letter)).map(([, word]) => word);
}

function sinceWords(since: number | undefined): string {
  return since === undefined ? '' : ` since ${iso(since) ?? ''}`;
}

/** Who holds a lock, and since when: `locked by Bob since ...`. */
export function lockWords({ owner, since, kind }: NonNullable<Detail['lock']>): string {
  const from = sinceWords(since);
  if (kind === 'app') return `open in ${owner}${from}: it can be changed once that editor is closed`;
  if (kind === 'token')
    return `locked by a program of ${owner}${from}: it can be changed once that program gives it free`;
  return `locked by ${owner}${from}`;
}
