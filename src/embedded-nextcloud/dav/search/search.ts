import type { HttpExchange } from '../../http/http-exchange.ts';
import { decodeSegment } from '../../http/url-encoding.ts';
import { invalidArgument, notFound, notImplemented, typeError } from '../protocol/sabre-error.ts';
import { walkNodes } from '../../store/node.ts';
import type { FolderNode, Node } from '../../store/node.ts';
import { fileProperties } from '../files/file-properties.ts';
import { multistatus, ResponseWriter } from '../protocol/multistatus.ts';
import { paginate } from '../protocol/paginate.ts';
import { hrefOf, DavResource } from '../protocol/dav-resource.ts';
import type { Mount } from '../protocol/dav-resource.ts';
import { compileQuery, SearchError } from './search-query.ts';
import type { CompiledQuery } from './search-query.ts';
import { parseXml, XmlError } from '../protocol/xml.ts';

/**
 * SEARCH (RFC 5323) as in icewind/searchdav and apps/dav/lib/Files/FileSearchBackend.php. Errors in the query are
 * answered with 400 and plain text, or with 500 for an exception of PHP.
 */
export async function serveSearch(exchange: HttpExchange, mountOf: (uid: string) => Mount): Promise<void> {
  const type = exchange.header('content-type') ?? '';
  if (!/^(text|application)\/xml\b/.test(type)) throw notImplemented('SEARCH');
  const body = await exchange.text();
  if (body === '') {
    exchange.reply(400, 'Parse error: The input element to parse is empty. Do not attempt to parse');
    return;
  }
  let query: CompiledQuery;
  try {
    query = compileQuery(parseXml(body), exchange.user.id, exchange.instance.major);
  } catch (error) {
    if (error instanceof XmlError) exchange.reply(400, `Parse error: ${error.message}`);
    else if (error instanceof SearchError) {
      const headers: Record<string, string> = error.plain ? {} : { 'Content-Type': xmlQuoted };
      exchange.reply(400, error.message, headers);
    } else throw error;
    return;
  }
  const scopes = query.scopes.map((href) => scopeFolder(exchange, href, mountOf));
  query.checkScopes(scopes.every(({ folder }) => folder.parent === undefined));
  const nodes = hits(
    query,
    scopes.map(({ folder }) => folder),
  );
  const mount = mountOf(exchange.user.id);
  const writer = new ResponseWriter(query.select, fileProperties(exchange.instance, exchange.user));
  const responses = nodes.map((node) => writer.write(hrefOf(mount, node), node));
  const page = paginate(exchange, responses);
  await exchange.stream(207, { 'Content-Type': xmlQuoted }, multistatus(page));
}

const xmlQuoted = 'application/xml; charset="utf-8"';

/** The folder of a scope. A path is used as it is; only an absolute URL is decoded (icewind/searchdav src/DAV/PathHelper.php). */
function scopeFolder(
  exchange: HttpExchange,
  href: string,
  mountOf: (uid: string) => Mount,
): { folder: FolderNode; mount: Mount } {
  const base = `${exchange.instance.basePath}/remote.php/dav`;
  const url = /^https?:\/\/[^/]*(\/.*)?$/i.exec(href.trim());
  let path = href.trim();
  if (path === '') throw typeError();
  if (url) {
    path = (url[1] ?? '/').split('/').map(decodeSegment).join('/');
    if (path.startsWith(base)) path = path.slice(base.length);
  }
  const [root, uid, ...names] = path.split('/').filter((part) => part !== '');
  if (root !== undefined && root !== 'files' && !otherRoots.has(root)) {
    throw notFound(`File not found: ${root} in 'root'`);
  }
  if (root !== 'files' || uid === undefined) throw invalidArgument(onlyDirectories);
  const mount = mountOf(uid);
  if (mount.foreign) throw invalidArgument(onlyDirectories);
  const folder = new DavResource(mount, names).require();
  if (folder.type === 'file') throw invalidArgument(onlyDirectories);
  return { folder, mount };
}

const onlyDirectories = 'Search is only supported on directories';
const otherRoots = new Set(['trashbin', 'uploads', 'versions', 'principals', 'systemtags', 'comments']);

function hits(query: CompiledQuery, folders: readonly FolderNode[]): Node[] {
  const found = new Set<Node>();
  for (const folder of folders)
    for (const node of walkNodes(folder)) if (query.matches(node)) found.add(node);
  const inOrder = [...found].toSorted((a, b) => a.id - b.id);
  const sorted = query.compare ? inOrder.toSorted(query.compare) : inOrder;
  // The scope folder is removed only after the limit, so a page can have one entry less.
  const scope = new Set<Node>(folders);
  return query.slice(sorted).filter((node) => !scope.has(node));
}
