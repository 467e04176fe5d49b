import { hasPreview } from './store/preview.ts';
import { descend } from './store/node.ts';
import type { HttpExchange } from './http/http-exchange.ts';
import type { Authentication } from './http/authentication.ts';
import type { FileNode, Node } from './store/node.ts';
import { wholeContent } from './store/content.ts';

/**
 * `core/preview`: returns a PNG or JPEG file unchanged, whatever size was requested. The ETag is that of the file,
 * the same for every size (core/Controller/PreviewController.php).
 */
export function servePreview(exchange: HttpExchange, authentication: Authentication): void {
  const { instance } = exchange;
  if (instance.maintenance) {
    exchange.json(503, { message: 'Service unavailable' }, { 'Retry-After': '120' });
    return;
  }
  const result = authentication.authenticate(exchange);
  if (result === 'granted' || result === 'anonymous') {
    exchange.set('Cache-Control', 'no-cache, no-store, must-revalidate');
  }
  if (result !== 'granted') {
    exchange.json(401, { message: result === 'anonymous' ? 'Current user is not logged in' : '' });
    return;
  }
  const { query } = exchange;
  const [x, y] = [Number(query.get('x') ?? 32), Number(query.get('y') ?? 32)];
  if (x === 0 || y === 0) {
    exchange.json(400, []);
    return;
  }
  const node = find(exchange);
  if (!node || x < 0 || y < 0 || node.type === 'directory' || !hasPreview(node) || !isPicture(node)) {
    exchange.json(404, []);
    return;
  }
  const headers = { ETag: `"${node.etag}"`, 'Cache-Control': 'private, max-age=86400, immutable' };
  if (exchange.header('if-none-match') === headers.ETag) exchange.reply(304, '', headers);
  else exchange.reply(200, wholeContent(node.content), { ...headers, 'Content-Type': node.mime });
}

/** PHP's GD decodes a JPEG that is truncated after its frame header, but only a complete PNG. */
function isPicture({ mime, content }: FileNode): boolean {
  if (mime !== 'image/png' && mime !== 'image/jpeg') return false;
  const bytes = wholeContent(content);
  return mime === 'image/png'
    ? bytes.subarray(0, 8).equals(PNG_SIGNATURE) && bytes.includes('IEND')
    : JPEG_FRAME.test(bytes.toString('latin1'));
}

const PNG_SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const JPEG_FRAME = /^\xff\xd8\xff[^]*\xff[\xc0-\xc2]/;

function find({ query, user, instance }: HttpExchange): Node | undefined {
  const id = query.get('fileId');
  if (id === null) {
    return descend(
      user.home,
      (query.get('file') ?? '').split('/').filter((part) => part !== ''),
    );
  }
  return instance.nodeOf(user, Number(id));
}
