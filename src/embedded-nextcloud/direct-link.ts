import { randomBytes } from 'node:crypto';
import { serveDownload } from './dav/files/download.ts';
import type { HttpExchange } from './http/http-exchange.ts';
import { SabreError, forbidden, notFound } from './dav/protocol/sabre-error.ts';
import type { OcsRequest } from './ocs/endpoint.ts';
import type { OcsData } from './ocs/envelope.ts';
import { OcsError } from './ocs/envelope.ts';

const DEFAULT_SECONDS = 28_800;
const MAX_SECONDS = 86_400;

/** Creates a link that works without authentication until it expires (apps/dav/lib/Controller/DirectController.php). */
export function createDirectLink({ exchange, parameters }: OcsRequest): OcsData {
  const node = exchange.instance.nodeOf(exchange.user, Number(parameters.get('fileId') ?? ''));
  const seconds = Number(parameters.get('expirationTime') ?? DEFAULT_SECONDS);
  if (!(seconds > 0 && seconds <= MAX_SECONDS)) {
    const range = `greater than 0 and less than or equal to ${MAX_SECONDS}`;
    throw new OcsError(400, `Expiration time should be ${range}`);
  }
  if (!node) throw new OcsError(404, '');
  if (node.type === 'directory') throw new OcsError(400, 'Direct download only works for files');
  const token = randomBytes(45).toString('base64').replaceAll(/[+/]/g, 'x').slice(0, 60);
  const { directLinks, url } = exchange.instance;
  directLinks.set(token, { fileId: node.id, until: Date.now() + seconds * 1000 });
  return { url: `${url}/remote.php/direct/${token}` };
}

export async function serveDirectLink(exchange: HttpExchange): Promise<void> {
  try {
    const token = exchange.path.split('/')[3] ?? '';
    const link = exchange.instance.directLinks.get(token);
    const node = link && link.until > Date.now() ? exchange.instance.tree.nodeById(link.fileId) : undefined;
    if (exchange.method !== 'GET' && exchange.method !== 'HEAD') throw forbidden();
    if (node?.type !== 'file') throw notFound('');
    await serveDownload(exchange, node, node.path, true);
  } catch (error) {
    if (!(error instanceof SabreError)) throw error;
    exchange.reply(error.status, error.xml, { 'Content-Type': 'application/xml; charset=utf-8' });
  }
}
