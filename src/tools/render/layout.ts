import type { Connection } from '../../files/health/connection.ts';
import { formatBytes } from '../../text/byte-size.ts';
import type { Entry } from '../../files/entry/entry.ts';

/**
 * Text laid out for reading: what a model, and a person beside it, sees of a result. The strings that a layout
 * gets have been escaped (mcp/text-content.ts), so that none of them can begin a line of its own.
 */

export interface Listed {
  readonly folder_path: string;
  readonly entries: readonly Entry[];
  readonly total?: number | undefined;
  readonly complete: boolean;
  readonly next_cursor?: string | undefined;
  readonly notes?: readonly string[] | undefined;
}

export function listingText(page: Listed, depth: number, none = 'no entries'): string {
  const { folder_path: folder, entries, total, complete, next_cursor: cursor, notes = [] } = page;
  const base = folder === '/' ? 1 : folder.length + 1;
  const rows = entries.map((entry) => row(entry, depth > 1 ? entry.path.slice(base) : entry.name));
  const isCount = entries.length === 0 && total !== undefined;
  const count = total === undefined ? entries.length : isCount ? total : `${entries.length} of ${total}`;
  const state = complete ? '' : ', not complete';
  return [
    entries.length === 0 && !total ? `${folder}: ${none}` : `${folder}: ${count} entries${state}`,
    ...rows,
    ...notes,
    ...(cursor === undefined ? [] : [`More: cursor=${cursor}`]),
  ].join('\n');
}

export function hitsText(page: Listed): string {
  return listingText(
    { ...page, entries: page.entries.map((entry) => ({ ...entry, name: entry.path })) },
    1,
    'nothing found',
  );
}

function row(entry: Entry, name: string): string {
  const size = entry.size === undefined ? (entry.state ?? '') : formatBytes(entry.size);
  const date = entry.modified?.slice(0, 16).replace('T', ' ') ?? '';
  return `${name}${entry.type === 'directory' ? '/' : ''}  ${[size, date].filter(Boolean).join('  ')}`;
}

/** How many of something are shown, and of how many if not all of them are. */
export function countText(shown: number, total: number | undefined): string {
  return total === undefined ? String(shown) : `${shown} of ${total}`;
}

/** One line for each, its facts side by side. */
export function rowsText(rows: readonly object[], title: string): string {
  const line = (row: object): string =>
    Object.entries(row)
      .map(([key, value]) => `${key}=${field(value)}`)
      .join('  ');
  return [title, ...rows.map(line)].join('\n');
}

export function keyValueText(entry: object): string {
  return Object.entries(entry)
    .map(
      ([key, value]) =>
        `${key}: ${key === 'size' && typeof value === 'number' ? sizeLine(value) : plain(value)}`,
    )
    .join('\n');
}

function sizeLine(bytes: number): string {
  return bytes < 1000 ? `${bytes} bytes` : `${formatBytes(bytes)} (${bytes} bytes)`;
}

/** One fact among others on a line: a value that could pass for the next one is quoted. */
function field(value: unknown): string {
  const text = plain(value);
  return /\s{2}|^"/.test(text) ? `"${text.replaceAll('"', String.raw`\"`)}"` : text;
}

function plain(value: unknown): string {
  return Array.isArray(value) ? value.join(', ') : String(value);
}

export function connectionText({
  ok,
  server,
  user,
  quota,
  latency_ms: latency,
  features,
  checks,
}: Connection): string {
  const who = user ? `, signed in as ${user.display_name ?? user.id}` : '';
  const space = quota
    ? [
        `Space: ${formatBytes(quota.used)} used${quota.available === undefined ? ', no limit' : `, ${formatBytes(quota.available)} free`}`,
      ]
    : [];
  return [
    `${ok ? 'Everything works' : 'Something is wrong'}: ${server.product ?? 'server'} ${server.version ?? ''} at ${server.url}${who}`,
    ...space,
    ...(latency === undefined ? [] : [`One request takes ${latency} ms`]),
    ...(features.length === 0 ? [] : [`Found: ${features.join(', ')}`]),
    ...checks.map(
      (check) =>
        `${check.ok ? 'ok ' : 'NO '} ${check.name}: ${check.detail}${check.fix ? `. ${check.fix}` : ''}`,
    ),
  ].join('\n');
}
