import type { Account } from '../account.ts';
import { isAppError } from '../../errors.ts';
import type { RequestOptions } from '../dav/dav.ts';
import type { HttpReply } from '../transport/http.ts';

export interface Preview {
  readonly mime: string;
  readonly bytes: Buffer;
}

const MAX_BYTES = 4 * 1024 * 1024;

/**
 * A picture of a file, scaled by the server to fit into a square (Nextcloud, core/preview). Undefined when
 * it has none: `nc:has-preview` only says that the type could have one.
 */
export async function fetchPreview(
  account: Account,
  fileId: string,
  pixels: number,
  look: RequestOptions,
): Promise<Preview | undefined> {
  const query = new URLSearchParams({ fileId, x: String(pixels), y: String(pixels), a: '1' });
  const request = {
    method: 'GET',
    path: `${account.address.root}/index.php/core/preview?${query.toString()}`,
    headers: { accept: 'image/*' },
    signal: look.signal,
    expect: [200],
    type: /^image\/(png|jpeg|gif|webp)/,
    wanted: 'a preview',
  };
  try {
    return await account.exchange(request, readPicture);
  } catch (error) {
    if (isAppError(error, 'not_found') || (isAppError(error) && error.status === 400)) return undefined;
    throw error;
  }
}

async function readPicture(reply: HttpReply): Promise<Preview | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of reply.body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BYTES) return undefined;
    chunks.push(chunk);
  }
  const mime = (reply.headers.get('content-type') ?? '').replace(/;.*$/, '');
  return { mime, bytes: Buffer.concat(chunks) };
}
