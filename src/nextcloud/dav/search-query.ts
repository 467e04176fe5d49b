import type { RemotePath } from '../../path.ts';
import { ROOT } from '../../path.ts';
import { listingProperties } from './resource.ts';
import { escapeXmlText, NAMESPACES, propElement } from './xml-request.ts';

/** The conditions, order and page of a SEARCH. Times in milliseconds since 1970, sizes in bytes. */
export interface SearchQuery {
  readonly folder: RemotePath;
  /** `like` patterns escaped with {@link like}, one of which the name must match; empty for any name. */
  readonly names: readonly string[];
  readonly type?: 'file' | 'directory';
  /** `image/*` or a full type, in lower case. */
  readonly mime?: string;
  readonly minSize?: number;
  readonly maxSize?: number;
  readonly after?: number;
  readonly before?: number;
  readonly favorite?: boolean;
  readonly fileId?: string;
  /** Ask for the owner of each hit as well. */
  readonly withOwner?: boolean;
  readonly sortBy: 'name' | 'modified' | 'size';
  readonly order: 'asc' | 'desc';
  readonly limit: number;
  readonly offset: number;
}

const sortProperties = { name: 'd:displayname', modified: 'd:getlastmodified', size: 'oc:size' } as const;
const sorts = ['name', 'modified', 'size'] as const;

/**
 * The body of a SEARCH (RFC 5323) in the form that Nextcloud's SearchDAV understands: the scope is not
 * percent-encoded, `firstresult` has a namespace of its own, and an empty `and` matches everything.
 */
export function searchBody(query: SearchQuery, userId: string): string {
  const conditions = [
    ...oneOf(query.names.map((pattern) => compare('like', 'd:displayname', pattern))),
    ...(query.type === 'directory' ? ['<d:is-collection/>'] : []),
    ...(query.type === 'file' ? ['<d:not><d:is-collection/></d:not>'] : []),
    ...(query.mime === undefined ? [] : [mimeCondition(query.mime)]),
    ...(query.minSize === undefined ? [] : [compare('gte', 'oc:size', String(query.minSize))]),
    ...(query.maxSize === undefined ? [] : [compare('lte', 'oc:size', String(query.maxSize))]),
    ...(query.after === undefined ? [] : [compare('gte', 'd:getlastmodified', seconds(query.after))]),
    ...(query.before === undefined ? [] : [compare('lt', 'd:getlastmodified', seconds(query.before))]),
    ...(query.favorite ? [compare('eq', 'oc:favorite', '1')] : []),
    ...(query.fileId === undefined ? [] : [compare('eq', 'oc:fileid', query.fileId)]),
  ];
  const [only] = conditions;
  const where =
    conditions.length === 1 && only !== undefined ? only : `<d:and>${conditions.join('')}</d:and>`;
  const scope = `/files/${userId}${query.folder === ROOT ? '' : query.folder}`;
  const properties = [...listingProperties, ...(query.withOwner ? (['oc:owner-id'] as const) : [])];
  return `<?xml version="1.0" encoding="utf-8"?><d:searchrequest ${NAMESPACES}><d:basicsearch><d:select>${propElement(properties)}</d:select><d:from><d:scope><d:href>${escapeXmlText(scope)}</d:href><d:depth>infinity</d:depth></d:scope></d:from><d:where>${where}</d:where><d:orderby>${orders(query)}</d:orderby><d:limit><d:nresults>${query.limit}</d:nresults><x:firstresult xmlns:x="https://github.com/icewind1991/SearchDAV/ns">${query.offset}</x:firstresult></d:limit></d:basicsearch></d:searchrequest>`;
}

// Hits that are equal in one property are ordered by the others, so that pages do not overlap.
function orders({ sortBy, order }: SearchQuery): string {
  return [sortBy, ...sorts.filter((sort) => sort !== sortBy)]
    .map((sort) => {
      const direction = sort === sortBy && order === 'desc' ? 'descending' : 'ascending';
      return `<d:order><d:prop><${sortProperties[sort]}/></d:prop><d:${direction}/></d:order>`;
    })
    .join('');
}

function oneOf(conditions: readonly string[]): string[] {
  return conditions.length > 1 ? [`<d:or>${conditions.join('')}</d:or>`] : [...conditions];
}

/** Escapes a literal for `like`, so that `%`, `_` and `\` stand for themselves. */
export function like(text: string): string {
  return text.normalize('NFC').replace(/[\\%_]/g, '\\$&');
}

function compare(
  operator: 'like' | 'eq' | 'gt' | 'gte' | 'lt' | 'lte',
  property: string,
  literal: string,
): string {
  return `<d:${operator}><d:prop><${property}/></d:prop><d:literal>${escapeXmlText(literal)}</d:literal></d:${operator}>`;
}

// Nextcloud accepts `image/%` or a full type, and answers other wildcards with 500 (observed on 34).
function mimeCondition(mime: string): string {
  return mime.endsWith('/*')
    ? compare('like', 'd:getcontenttype', `${like(mime.slice(0, -2))}/%`)
    : compare('eq', 'd:getcontenttype', mime);
}

function seconds(ms: number): string {
  return String(Math.ceil(ms / 1000)); // the server keeps whole seconds, and both bounds mean "from this time on"
}
