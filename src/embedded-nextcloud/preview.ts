import { hasPreview } from './store/preview.ts';
import { descend } from './store/node.ts';
import type { HttpExchange } from './http/http-exchange.ts';
import type { Authentication } from './http/authentication.ts';
import type { FileNode, Node } from './store/node.ts';
import { wholeContent } from './store/content.ts';

/**
 * `core/preview`: PNG and JPEG come as they are, whatever size was asked for. The etag is the file's own,
 * the same for every size (core/Controller/PreviewController.php).
 */
export function servePreview(exchange: HttpExchange, authentication: Authentication): void {
  const { instance } = exchange;
  if (instance.maintenance) {
    exchange.json(503, { message: 'Service unavailable' }, { 'Retry-After': '120' });
    return;
  }
  const entry = authentication.authenticate(exchange);
  if (entry === 'granted' || entry === 'anonymous') {
    exchange.set('Cache-Control', 'no-cache, no-store, must-revalidate');
  }
  if (entry !== 'granted') {
    exchange.json(401, { message: entry === 'anonymous' ? 'Current user is not logged in' : '' });
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

/** GD draws what there is of a JPEG that is cut after its frame header, and of a PNG only the whole. */
function isPicture({ mime, content }: FileNode): boolean {
  if (mime !== 'image/png' && mime !== 'image/jpeg') return false;
  const bytes = wholeContent(content);
  return mime === 'image/png'
    ? bytes.subarray(0, 8).equals(PNG) && bytes.includes('IEND')
    : FRAME.test(bytes.toString('latin1'));
}

const PNG = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const FRAME = /^\xff\xd8\xff[^]*\xff[\xc0-\xc2]/;

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
