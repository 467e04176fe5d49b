import { createHash, getHashes } from 'node:crypto';
import type { HttpExchange } from '../../http/http-exchange.ts';
import { notImplemented, phpError } from '../protocol/sabre-error.ts';
import { pieces } from '../../store/content.ts';
import type { DavResource } from '../protocol/dav-resource.ts';

/** PATCH with `X-Recalculate-Hash` stores a checksum (apps/dav/lib/Connector/Sabre/ChecksumUpdatePlugin.php). */
export function storeChecksum(exchange: HttpExchange, resource: DavResource): void {
  const file = resource.require();
  if (file.type === 'directory') throw notImplemented('PATCH');
  const algorithm = (exchange.header('x-recalculate-hash') ?? '').toLowerCase();
  if (!getHashes().includes(algorithm)) {
    throw phpError('ValueError', 'hash_file(): Argument #1 ($algo) must be a valid hashing algorithm');
  }
  const hash = createHash(algorithm);
  for (const piece of pieces(file.content)) hash.update(piece);
  file.checksum = `${algorithm.toUpperCase()}:${hash.digest('hex')}`;
  exchange.reply(204, '', { 'OC-Checksum': file.checksum });
}
