import type { HttpExchange } from '../../http/http-exchange.ts';
import { encodeSegment } from '../../http/url-encoding.ts';
import { escapeMarkup } from '../../http/escape.ts';
import {
  conflict,
  forbidden,
  notFound,
  notImplemented,
  preconditionFailed,
} from '../protocol/sabre-error.ts';
import type { UserAccount } from '../../store/account.ts';
import { wholeContent } from '../../store/content.ts';
import { downloadMime } from '../../store/mime.ts';
import type { Node } from '../../store/node.ts';
import type { StoredTrashItem } from '../../store/trash-bin.ts';
import { davBase, locate } from '../protocol/dav-paths.ts';
import { httpDate } from '../protocol/date.ts';
import { hasPreview } from '../../store/preview.ts';
import { interfaceNote, serveOptions } from '../protocol/dav-header.ts';
import type { Getter } from '../protocol/multistatus.ts';
import { descend } from '../../store/node.ts';
import { depthOf, requestedProperties, sendMultistatus, writerFor } from '../protocol/propfind.ts';
import { destinationPath, overwrites } from '../protocol/destination.ts';
import { DAV, NC, OC } from '../protocol/xml.ts';

interface Item {
  node: Node;
  entry: StoredTrashItem;
  /** The path inside a deleted folder; empty for the item itself. */
  inside: readonly string[];
}

const folderOnly = new Map<string, Getter<null>>([[`{${DAV}}resourcetype`, () => '<d:collection/>']]);

/** `trashbin/UID/trash` and `trashbin/UID/restore` (apps/files_trashbin/lib/Sabre). */
export async function serveTrashbin(exchange: HttpExchange, segments: readonly string[]): Promise<void> {
  const [uid, part, key, ...inside] = segments;
  const account = uid === undefined ? undefined : exchange.instance.account(uid);
  if (account !== exchange.user) throw forbidden();
  if (exchange.method === 'OPTIONS') return serveOptions(exchange);
  if (part === undefined)
    return serveCollection(exchange, ['', 'restore/', 'trash/'], `trashbin/${account.id}/`);
  if (part === 'restore') return serveCollection(exchange, [''], `trashbin/${account.id}/restore/`);
  if (part !== 'trash') throw notFound(`File not found: ${part} in '${account.id}'`);
  if (key === undefined) return serveTrash(exchange, account);
  return serveItem(exchange, account, key, inside);
}

export async function serveCollection(
  exchange: HttpExchange,
  names: readonly string[],
  path: string,
): Promise<void> {
  if (exchange.method === 'GET') return exchange.reply(200, interfaceNote);
  if (exchange.method !== 'PROPFIND') throw forbidden();
  const writer = writerFor(exchange, await requestedProperties(exchange), folderOnly);
  const shown = depthOf(exchange, 1) === 0 ? names.slice(0, 1) : names;
  return sendMultistatus(
    exchange,
    shown.map((name) => writer.write(`${davBase(exchange)}${path}${name}`, null)),
  );
}

async function serveTrash(exchange: HttpExchange, account: UserAccount): Promise<void> {
  const { method } = exchange;
  if (method === 'DELETE') {
    account.trash.empty();
    return exchange.reply(204);
  }
  if (method !== 'PROPFIND') return serveCollection(exchange, [], '');
  const names = await requestedProperties(exchange);
  const base = `${davBase(exchange)}trashbin/${encodeSegment(account.id)}/trash/`;
  const responses = [writerFor(exchange, names, folderOnly).write(base, null)];
  const writer = writerFor(exchange, names, properties(account, exchange.instance.major));
  const list = (item: Item, href: string, depth: number): void => {
    const isFolder = item.node.type === 'directory';
    responses.push(writer.write(isFolder ? `${href}/` : href, item));
    if (depth <= 1 || item.node.type === 'file') return;
    for (const node of item.node.children.values()) {
      const below = { ...item, node, inside: [...item.inside, node.name] };
      list(below, `${href}/${encodeSegment(node.name)}`, depth - 1);
    }
  };
  const depth = depthOf(exchange, 1);
  if (depth > 0) {
    for (const [key, entry] of account.trash.entries) {
      list({ node: entry.node, entry, inside: [] }, base + encodeSegment(key), depth);
    }
  }
  return sendMultistatus(exchange, responses);
}

async function serveItem(
  exchange: HttpExchange,
  account: UserAccount,
  key: string,
  inside: readonly string[],
): Promise<void> {
  const entry = account.trash.entries.get(key);
  if (exchange.method === 'PUT' || exchange.method === 'MKCOL') {
    const what = exchange.method === 'PUT' ? 'files' : 'folders';
    throw forbidden(`Not allowed to create ${what} in the trashbin`);
  }
  const node = entry && (entry.node.type === 'directory' ? descend(entry.node, inside) : entry.node);
  if (!entry || !node) throw notFound('');
  switch (exchange.method) {
    case 'GET':
    case 'HEAD':
      return download(exchange, entry, node);
    case 'DELETE':
      if (inside.length === 0) account.trash.remove(key);
      else exchange.instance.tree.detach(node);
      return exchange.reply(204);
    case 'MOVE':
      return restore(exchange, account, key, { node, entry, inside });
    case 'COPY':
      return copyOut(exchange, node);
    case 'PROPFIND': {
      const known = properties(account, exchange.instance.major);
      const writer = writerFor(exchange, await requestedProperties(exchange), known);
      const at = [key, ...inside].map(encodeSegment).join('/');
      const href = `${davBase(exchange)}trashbin/${encodeSegment(account.id)}/trash/${at}`;
      const end = node.type === 'directory' ? '/' : '';
      const responses = [writer.write(href + end, { node, entry, inside })];
      if (node.type === 'directory' && depthOf(exchange, 1) > 0) {
        for (const each of node.children.values()) {
          const below = { node: each, entry, inside: [...inside, each.name] };
          const last = each.type === 'directory' ? '/' : '';
          responses.push(writer.write(`${href}/${encodeSegment(each.name)}${last}`, below));
        }
      }
      return sendMultistatus(exchange, responses);
    }
    default:
      throw notImplemented(exchange.method);
  }
}

function download(exchange: HttpExchange, entry: StoredTrashItem, node: Node): void {
  if (node.type === 'directory') return exchange.reply(200, interfaceNote);
  const mime = downloadMime(node.mime);
  const etag = String(entry.deletedAt);
  return exchange.reply(200, wholeContent(node.content), {
    'Last-Modified': httpDate(entry.deletedAt),
    ETag: etag,
    'OC-ETag': etag,
    'Content-Disposition': `attachment; filename="${Buffer.from(node.name).toString('latin1')}"`,
    'X-Accel-Buffering': 'no',
    'Content-Type': mime.startsWith('text/') ? `${mime};charset=UTF-8` : mime,
  });
}

function restore(exchange: HttpExchange, account: UserAccount, key: string, { node, inside }: Item): void {
  const target = destinationPath(exchange, davBase(exchange));
  const [root, uid, part, name] = target.split('/').filter((each) => each !== '');
  if (root === 'files') return moveOut(exchange, account, key, node);
  if (root !== 'trashbin' || uid === undefined) throw forbidden();
  if (part !== 'restore') throw conflict('The destination node is not found');
  if (name === undefined) throw forbidden();
  // For Nextcloud every name exists already in the restore folder.
  if (!overwrites(exchange)) {
    throw preconditionFailed(
      'The destination node already exists, and the overwrite header is set to false',
      'Overwrite',
    );
  }
  if (inside.length > 0) account.trash.restoreInside(key, inside, node);
  else account.trash.restore(key);
  return exchange.reply(201);
}

function copyOut(exchange: HttpExchange, node: Node): void {
  const resource = locate(exchange, destinationPath(exchange, davBase(exchange)));
  const parent = resource.parentNode;
  if (parent?.type !== 'directory') throw conflict('The destination node is not found');
  const { tree } = exchange.instance;
  tree.attach(parent, tree.copy(node, resource.name));
  exchange.reply(201);
}

/** A MOVE to `files/` instead of `restore/` makes a new file. */
function moveOut(exchange: HttpExchange, account: UserAccount, key: string, node: Node): void {
  copyOut(exchange, node);
  account.trash.remove(key);
}

function properties(account: UserAccount, major: number): Map<string, Getter<Item>> {
  const table = new Map<string, Getter<Item>>();
  const file =
    (get: (item: Item) => string): Getter<Item> =>
    (item) =>
      item.node.type === 'file' ? get(item) : undefined;
  const where = ({ entry, inside }: Item): string => escapeMarkup([entry.location, ...inside].join('/'));
  table.set(`{${DAV}}getlastmodified`, ({ entry }) => httpDate(entry.deletedAt));
  table.set(
    `{${DAV}}getcontentlength`,
    file(({ node }) => String(node.size)),
  );
  table.set(
    `{${DAV}}getcontenttype`,
    file(({ node }) => (node.type === 'file' ? escapeMarkup(node.mime) : '')),
  );
  table.set(`{${DAV}}resourcetype`, ({ node }) => (node.type === 'directory' ? '<d:collection/>' : null));
  // Only version 29 has none for files.
  table.set(`{${DAV}}getetag`, ({ entry, node }) =>
    major === 29 && node.type === 'file' ? '' : String(entry.deletedAt),
  );
  table.set(`{${DAV}}displayname`, ({ node }) => escapeMarkup(node.name));
  table.set(`{${OC}}fileid`, ({ node }) => String(node.id));
  table.set(`{${OC}}id`, ({ node }) => String(node.id));
  table.set(`{${OC}}size`, ({ node }) => String(node.size));
  table.set(`{${OC}}permissions`, () => 'GD');
  table.set(`{${NC}}has-preview`, ({ node }) => String(hasPreview(node)));
  table.set(`{${NC}}mount-type`, () => '');
  table.set(`{${NC}}trashbin-filename`, ({ node }) => escapeMarkup(node.name));
  table.set(`{${NC}}trashbin-original-location`, where);
  table.set(`{${NC}}trashbin-title`, where);
  table.set(`{${NC}}trashbin-deletion-time`, ({ entry }) => String(entry.deletedAt));
  table.set(`{${NC}}trashbin-deleted-by-id`, () => escapeMarkup(account.id));
  table.set(`{${NC}}trashbin-deleted-by-display-name`, () => escapeMarkup(account.displayName));
  return table;
}
