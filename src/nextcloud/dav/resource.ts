import type { RemotePath } from '../../path.ts';
import type { ResourceProperty, ResourceResponse } from './multistatus.ts';

/** A file or folder as the server describes it. Properties that were not requested or are not known are absent. */
export interface Resource {
  readonly path: RemotePath;
  readonly folder: boolean;
  /** Without quotes. Changes when anything below a folder changes. */
  readonly etag?: string;
  /** Bytes; for a folder the sum of everything in it. Absent when the server does not know it yet. */
  readonly size?: number;
  /** What the server does not know of a folder yet, see {@link Pending}. */
  readonly pending?: Pending;
  /** Letters of `oc:permissions` (Nextcloud, lib/public/Files/DavUtil.php). */
  readonly permissions?: string;
  /** Milliseconds since 1970. */
  readonly modified?: number;
  readonly mime?: string;
  readonly fileId?: string;
  readonly ownerId?: string;
  readonly detail?: Detail;
}

/**
 * `uncounted`: Nextcloud has not looked into the folder, so its contents are missing from deep listings; listing the
 * folder itself makes it look. `unscanned`: the same for a whole storage, where listing changes nothing
 * (observed on 34). `offline`: the storage of the folder cannot be reached.
 */
export type Pending = 'uncounted' | 'unscanned' | 'offline';

export type LockKind = 'person' | 'app' | 'token';

/** Properties that a listing leaves out and the details of a single file include. */
export interface Detail {
  readonly created?: number;
  readonly uploaded?: number;
  readonly ownerId?: string;
  readonly ownerName?: string;
  readonly favorite?: boolean;
  readonly tags?: readonly string[];
  readonly checksums?: readonly string[];
  readonly shareTypes?: readonly number[];
  readonly sharees?: readonly string[];
  readonly files?: number;
  readonly folders?: number;
  readonly quotaUsed?: number;
  /** Bytes. Negative when there is no limit (-3) or it is not known (-1, -2). */
  readonly quotaAvailable?: number;
  /** `kind`: a person, an app in whose editor the file is open, or a program with a lock token. */
  readonly lock?: { readonly owner: string; readonly since?: number; readonly kind?: LockKind };
  readonly mountType?: string;
  /** The person who shares it does not allow to download or copy it. */
  readonly viewOnly?: boolean;
  /** It is where a share or a storage is mounted. 28 does not tell. */
  readonly mountRoot?: boolean;
  readonly hasPreview?: boolean;
  readonly note?: string;
}

export const listingProperties = [
  'd:getetag',
  'd:getlastmodified',
  'd:getcontenttype',
  'd:resourcetype',
  'oc:size',
  'oc:fileid',
  'oc:permissions',
] as const;

export const detailProperties = [
  ...listingProperties,
  'oc:owner-id',
  'oc:owner-display-name',
  'oc:favorite',
  'oc:checksums',
  'oc:share-types',
  'd:quota-used-bytes',
  'd:quota-available-bytes',
  'nc:sharees',
  'nc:system-tags',
  'nc:creation_time',
  'nc:upload_time',
  'nc:contained-file-count',
  'nc:contained-folder-count',
  'nc:lock',
  'nc:lock-owner-displayname',
  'nc:lock-owner',
  'nc:lock-owner-type',
  'nc:lock-time',
  'nc:mount-type',
  'nc:is-mount-root',
  'nc:share-attributes',
  'nc:has-preview',
  'nc:note',
] as const;

/** For everything in a folder that is to be moved, copied or deleted: who it is shared with. */
export const surveyProperties = [
  ...listingProperties,
  'oc:share-types',
  'nc:sharees',
  'nc:is-mount-root',
  'oc:owner-id',
  'oc:owner-display-name',
] as const;

export type PropertyName = (typeof listingProperties)[number] | (typeof detailProperties)[number];

type Properties = ResourceResponse['properties'];

export function toResource(path: RemotePath, properties: Properties, detailed: boolean): Resource {
  const folder =
    properties.get('d:resourcetype')?.children.some(({ name }) => name === 'd:collection') ?? false;
  const text = (name: PropertyName): string | undefined => properties.get(name)?.text || undefined;
  const found: { -readonly [K in keyof Resource]: Resource[K] } = { path, folder };
  // Assigned one by one: reading ten thousand of these with spreads takes a third longer.
  const etag = unquoted(text('d:getetag'));
  if (etag) found.etag = etag;
  const size = whole(text('oc:size'));
  const pending = folder ? pendingOf(etag, size, properties) : undefined;
  if (pending !== undefined) found.pending = pending;
  else if (size !== undefined && size >= 0) found.size = size;
  const modified = date(text('d:getlastmodified'));
  if (modified !== undefined) found.modified = modified;
  const mime = folder ? undefined : text('d:getcontenttype');
  if (mime !== undefined) found.mime = interned(mime);
  const fileId = text('oc:fileid');
  if (fileId !== undefined && fileId !== NO_ID) found.fileId = fileId;
  const ownerId = text('oc:owner-id');
  if (ownerId !== undefined) found.ownerId = ownerId;
  const permissions = text('oc:permissions');
  if (permissions !== undefined) found.permissions = interned(permissions);
  if (detailed) found.detail = toDetail(properties, text);
  return found;
}

/** Nextcloud stores one for each algorithm that a client has used. */
const MAX_CHECKSUMS = 20;

/** The id of what has no entry in Nextcloud's file cache. */
const NO_ID = '-1';

function pendingOf(
  etag: string | undefined,
  size: number | undefined,
  properties: Properties,
): Pending | undefined {
  if (!etag && properties.has('oc:fileid'))
    return properties.get('oc:fileid')?.text === NO_ID ? 'offline' : 'unscanned';
  return size !== undefined && size < 0 ? 'uncounted' : undefined;
}

function unquoted(etag: string | undefined): string | undefined {
  return etag?.startsWith('"') && etag.endsWith('"') ? etag.slice(1, -1) : etag?.replace(/^(W\/)?"|"$/g, '');
}

const MAX_INTERNED = 1000;
const texts = new Map<string, string>();

// A slice of a long string keeps the whole string in memory. There are few types, so one copy of each is kept.
function interned(text: string): string {
  const known = texts.get(text);
  if (known !== undefined) return known;
  const copy = Buffer.from(text).toString();
  if (texts.size < MAX_INTERNED) texts.set(copy, copy);
  return copy;
}

function toDetail(properties: Properties, text: (name: PropertyName) => string | undefined): Detail {
  const children = (name: PropertyName): ResourceProperty['children'] => properties.get(name)?.children ?? [];
  const texts = (name: PropertyName): string[] =>
    children(name)
      .map((child) => child.text)
      .filter(Boolean);
  const sharees =
    properties
      .get('nc:sharees')
      ?.children.map((child) => child.text)
      .filter(Boolean) ?? [];
  const lockOwner = text('nc:lock-owner-displayname') ?? text('nc:lock-owner');
  const lock =
    text('nc:lock') === '1'
      ? {
          owner: lockOwner ?? 'somebody',
          ...some('since', seconds(text('nc:lock-time'))),
          ...some('kind', lockKinds[text('nc:lock-owner-type') ?? '']),
        }
      : undefined;
  return {
    ...some('created', seconds(text('nc:creation_time'))),
    ...some('uploaded', seconds(text('nc:upload_time'))),
    ...some('ownerId', text('oc:owner-id')),
    ...some('ownerName', text('oc:owner-display-name')),
    ...some('favorite', text('oc:favorite') === undefined ? undefined : text('oc:favorite') === '1'),
    ...some('tags', nonEmpty(texts('nc:system-tags'))),
    ...some('checksums', nonEmpty(texts('oc:checksums').flatMap((line) => line.split(/\s+/, MAX_CHECKSUMS)))),
    ...some('shareTypes', nonEmpty(texts('oc:share-types').map(Number))),
    ...some('sharees', nonEmpty(sharees)),
    ...some('files', whole(text('nc:contained-file-count'))),
    ...some('folders', whole(text('nc:contained-folder-count'))),
    ...some('quotaUsed', whole(text('d:quota-used-bytes'))),
    ...some('quotaAvailable', whole(text('d:quota-available-bytes'))),
    ...some('lock', lock),
    ...some('mountType', text('nc:mount-type')),
    ...some('viewOnly', isViewOnly(text('nc:share-attributes')) ? true : undefined),
    ...some('mountRoot', truth(text('nc:is-mount-root'))),
    ...some('hasPreview', text('nc:has-preview') === 'true' ? true : undefined),
    ...some('note', text('nc:note')),
  };
}

/** An object with the key, or without it when the value is undefined. */
export function some<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V });
}

/** OCP\Files\Lock\ILock::TYPE_* */
const lockKinds: Readonly<Record<string, LockKind>> = { 0: 'person', 1: 'app', 2: 'token' };

/** The attributes of a share as JSON: `value` since 30, `enabled` before. Looked at one by one, since they can be many. */
function isViewOnly(attributes = ''): boolean {
  for (const [attribute] of attributes.matchAll(/\{[^{}]*/g))
    if (attribute.includes('"key":"download"') && /"(value|enabled)":(false|0|null)/.test(attribute))
      return true;
  return false;
}

function truth(text: string | undefined): boolean | undefined {
  return text === undefined ? undefined : text === 'true' || text === '1';
}

function nonEmpty<T>(items: readonly T[]): readonly T[] | undefined {
  return items.length === 0 ? undefined : items;
}

function whole(text: string | undefined): number | undefined {
  const number = text !== undefined && /^-?\d{1,16}$/.test(text) ? Number(text) : undefined;
  return Number.isSafeInteger(number) ? number : undefined;
}

function date(text: string | undefined): number | undefined {
  const time = text === undefined ? NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

// Nextcloud writes 0 for a time that was never set.
function seconds(text: string | undefined): number | undefined {
  const value = whole(text);
  return value === undefined || value <= 0 ? undefined : value * 1000;
}
