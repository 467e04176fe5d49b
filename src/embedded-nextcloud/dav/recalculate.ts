import { createHash, getHashes } from 'node:crypto';
import type { Exchange } from '../http/exchange.ts';
import { notImplemented, phpError } from '../http/fault.ts';
import { pieces } from '../store/content.ts';
import type { DavPlace } from './place.ts';

/** PATCH with `X-Recalculate-Hash` stores a checksum (apps/dav/lib/Connector/Sabre/ChecksumUpdatePlugin.php). */
export function recalculate(exchange: Exchange, place: DavPlace): void {
  const file = place.require();
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
