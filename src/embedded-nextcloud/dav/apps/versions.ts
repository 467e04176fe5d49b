import type { HttpExchange } from '../../http/http-exchange.ts';
import { encodeSegment } from '../../http/url-encoding.ts';
import { escapeMarkup } from '../../http/escape.ts';
import { forbidden, notFound, notImplemented } from '../protocol/sabre-error.ts';
import { wholeContent } from '../../store/content.ts';
import { downloadMime } from '../../store/mime.ts';
import type { FileNode, StoredVersion } from '../../store/node.ts';
import { keepVersion } from '../../store/write.ts';
import { davBase } from '../protocol/dav-paths.ts';
import { httpDate } from '../protocol/date.ts';
import { hasPreview } from '../../store/preview.ts';
import { serveOptions } from '../protocol/dav-header.ts';
import type { Getter } from '../protocol/multistatus.ts';
import { multistatusClose, multistatusOpen, propstat, xmlType } from '../protocol/multistatus.ts';
import { depthOf, requestedProperties, sendMultistatus, writerFor } from '../protocol/propfind.ts';
import { destinationPath } from '../protocol/destination.ts';
import { serveCollection } from './trashbin.ts';
import { childElement, DAV, NC, parseRoot } from '../protocol/xml.ts';

/** `versions/UID/versions/FILEID/MTIME` (apps/files_versions/lib/Sabre). */
export async function serveVersions(exchange: HttpExchange, segments: readonly string[]): Promise<void> {
  const [uid, part, id, at] = segments;
  const account = uid === undefined ? undefined : exchange.instance.account(uid);
  if (account !== exchange.user) throw forbidden();
  if (exchange.method === 'OPTIONS') return serveOptions(exchange);
  const base = `versions/${encodeSegment(account.id)}/`;
  if (part === undefined) return serveCollection(exchange, ['', 'versions/', 'restore/'], base);
  if (part !== 'versions' || id === undefined) return serveCollection(exchange, [''], `${base}${part}/`);
  const file = exchange.instance.tree.nodeById(Number(id));
  let root = file?.parent;
  while (root?.parent) root = root.parent;
  if (file?.type !== 'file' || root !== account.home) throw notFound('');
  const href = `${davBase(exchange)}${base}versions/${file.id}/`;
  if (at === undefined) return list(exchange, file, href);
  return serveVersion(exchange, file, Number(at), href);
}

interface Item {
  file: FileNode;
  version: StoredVersion;
}

/** The versions of a file. The current content is listed as well, but cannot be downloaded here. */
function allVersions(file: FileNode): StoredVersion[] {
  const current: StoredVersion = { at: file.mtime, content: file.content };
  return [...file.versions.filter(({ at }) => at !== file.mtime), current];
}

async function list(exchange: HttpExchange, file: FileNode, href: string): Promise<void> {
  if (exchange.method !== 'PROPFIND') return serveCollection(exchange, [], '');
  const names = await requestedProperties(exchange);
  const folder = new Map<string, Getter<null>>([[`{${DAV}}resourcetype`, () => '<d:collection/>']]);
  const responses = [writerFor(exchange, names, folder).write(href, null)];
  const writer = writerFor(exchange, names, properties(exchange.user.id));
  if (depthOf(exchange, 1) > 0) {
    for (const version of allVersions(file))
      responses.push(writer.write(`${href}${version.at}`, { file, version }));
  }
  return sendMultistatus(exchange, responses);
}

async function serveVersion(exchange: HttpExchange, file: FileNode, at: number, href: string): Promise<void> {
  const { method } = exchange;
  if (method === 'PUT' || method === 'MKCOL') throw forbidden();
  const version = allVersions(file).find((each) => each.at === at);
  if (!version) throw notFound('');
  const past = file.versions.find((each) => each.at === at);
  switch (method) {
    case 'GET':
    case 'HEAD': {
      if (!past || at === file.mtime) throw notFound('');
      const mime = downloadMime(file.mime);
      return exchange.reply(200, wholeContent(past.content), {
        'Last-Modified': httpDate(at),
        ETag: String(at),
        'OC-ETag': String(at),
        'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}; filename="${encodeURIComponent(file.name)}"`,
        'Content-Type': mime.startsWith('text/') ? `${mime};charset=UTF-8` : mime,
      });
    }
    case 'DELETE':
      file.versions = file.versions.filter((each) => each.at !== at);
      return exchange.reply(204);
    case 'MOVE':
      return restore(exchange, file, version);
    case 'PROPPATCH':
      return label(exchange, past ?? version, `${href}${at}`);
    case 'PROPFIND': {
      const writer = writerFor(exchange, await requestedProperties(exchange), properties(exchange.user.id));
      return sendMultistatus(exchange, [writer.write(`${href}${at}`, { file, version })]);
    }
    default:
      throw notImplemented(method);
  }
}

/** Replaces content and time of the file by those of the version, and keeps the current content as a version. */
function restore(exchange: HttpExchange, file: FileNode, version: StoredVersion): void {
  const target = destinationPath(exchange, davBase(exchange)).split('/');
  if (target[0] !== 'versions' || target[2] !== 'restore') throw forbidden();
  keepVersion(file);
  file.versions = file.versions.filter((each) => each !== version);
  const { tree } = exchange.instance;
  tree.setContent(file, version.content);
  file.mtime = version.at;
  tree.touch(file.parent);
  exchange.reply(201);
}

async function label(exchange: HttpExchange, version: StoredVersion, href: string): Promise<void> {
  const root = parseRoot(await exchange.text(), `{${DAV}}propertyupdate`);
  const prop = childElement(
    childElement(childElement(root, `{${DAV}}set`), `{${DAV}}prop`),
    `{${NC}}version-label`,
  );
  if (prop) version.label = prop.text;
  const stat = propstat(prop ? 200 : 403, '<nc:version-label/>');
  exchange.reply(
    207,
    `${multistatusOpen}<d:response><d:href>${href}</d:href>${stat}</d:response>${multistatusClose}`,
    {
      'Content-Type': xmlType,
    },
  );
}

function properties(author: string): Map<string, Getter<Item>> {
  return new Map<string, Getter<Item>>([
    [`{${DAV}}getlastmodified`, ({ version }) => httpDate(version.at)],
    [`{${DAV}}getcontentlength`, ({ version }) => String(version.content.size)],
    [`{${DAV}}resourcetype`, () => null],
    [`{${DAV}}getetag`, ({ version }) => String(version.at)],
    [`{${DAV}}getcontenttype`, ({ file }) => escapeMarkup(file.mime)],
    [
      `{${NC}}version-label`,
      ({ version }) => (version.label === undefined ? undefined : escapeMarkup(version.label)),
    ],
    [`{${NC}}version-author`, () => escapeMarkup(author)],
    [`{${NC}}has-preview`, ({ file }) => String(hasPreview(file))],
  ]);
}
