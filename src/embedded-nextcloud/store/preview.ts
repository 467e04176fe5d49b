import type { Node } from './node.ts';

const previewable =
  /^(image\/(png|jpeg|gif|bmp|webp|x-xbitmap)|text\/(plain|markdown)|audio\/mpeg|application\/vnd\.oasis\.opendocument\..*)$/;

/** Whether Nextcloud makes a preview of the file, as far as its media type tells. */
export function hasPreview(node: Node): boolean {
  if (node.type === 'directory' || !previewable.test(node.mime)) return false;
  return node.size > 0 || !node.mime.startsWith('text/');
}
