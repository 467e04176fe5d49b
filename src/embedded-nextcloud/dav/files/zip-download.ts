import type { HttpExchange } from '../../http/http-exchange.ts';
import { rawUrlEncode } from '../../http/url-encoding.ts';
import { pieces } from '../../store/content.ts';
import type { FolderNode, Node } from '../../store/node.ts';
import { descend } from '../../store/node.ts';
import type { DavResource } from '../protocol/dav-resource.ts';
import { ZipWriter } from './zip-writer.ts';
import { fileNotFound } from '../protocol/sabre-error.ts';

/** Whether a ZIP is requested. The Accept header must be exactly `application/zip` (ZipFolderPlugin.php). */
export function wantsArchive(exchange: HttpExchange): boolean {
  if (exchange.instance.major < 31 || exchange.method !== 'GET') return false;
  const asked = exchange.query.get('accept');
  return asked === null ? exchange.header('accept') === 'application/zip' : asked === 'zip';
}

/** Sends a folder, or some of its members, as a ZIP that is made while it is sent. */
export async function serveFolderArchive(
  exchange: HttpExchange,
  resource: DavResource,
  folder: FolderNode,
): Promise<void> {
  const chosen = selection(exchange);
  const members: [string, Node][] = [];
  if (chosen.length === 0) members.push([resource.isHome ? 'download/files' : folder.name, folder]);
  for (const name of chosen) {
    const node = descend(
      folder,
      name.split('/').filter((part) => part !== ''),
    );
    if (!node) throw fileNotFound(`${resource.path === '/' ? '' : resource.path}/${name}`);
    members.push([name, node]);
  }
  const name = resource.isHome ? 'download' : folder.name;
  const label = rawUrlEncode(`${name}.zip`);
  await exchange.stream(
    200,
    {
      'Content-Type': 'application/zip',
      'Content-Disposition': `attachment; filename*=UTF-8''${label}; filename="${label}"`,
      'X-Accel-Buffering': 'no',
    },
    archive(members),
  );
}

/** The selected members. `?files=` is a JSON list or string; anything else is ignored. */
function selection(exchange: HttpExchange): string[] {
  const header = exchange.header('x-nc-files');
  if (header !== undefined) return [header];
  try {
    const value: unknown = JSON.parse(exchange.query.get('files') ?? 'null');
    if (typeof value === 'string') return [value];
    if (Array.isArray(value)) return value.filter((each): each is string => typeof each === 'string');
  } catch {
    return [];
  }
  return [];
}

function* archive(members: readonly [string, Node][]): Generator<Buffer> {
  const zip = new ZipWriter();
  for (const [path, node] of members) yield* add(zip, path, node);
  yield zip.end();
}

function* add(zip: ZipWriter, path: string, node: Node): Generator<Buffer> {
  if (node.type === 'file') {
    yield* zip.file(path, node.size, node.mtime, pieces(node.content));
    return;
  }
  yield* zip.file(`${path}/`, 0, node.mtime, []);
  for (const each of node.listed) yield* add(zip, `${path}/${each.name}`, each);
}
