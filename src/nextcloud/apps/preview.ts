import type { Account } from '../account.ts';
import { isAppError } from '../../errors.ts';
import type { RequestOptions } from '../dav/dav-request.ts';
import { readCapped } from '../transport/body.ts';
import type { HttpReply } from '../transport/http.ts';

export interface Preview {
  readonly mime: string;
  readonly bytes: Buffer;
}

const MAX_BYTES = 4 * 1024 * 1024;

/**
 * A picture of a file, scaled by the server to fit into a square of `pixels` (Nextcloud, core/preview).
 *
 * @returns undefined when there is none: `nc:has-preview` only says that there could be one for the type
 */
export async function fetchPreview(
  account: Account,
  fileId: string,
  pixels: number,
  { signal }: RequestOptions,
): Promise<Preview | undefined> {
  const query = new URLSearchParams({ fileId, x: String(pixels), y: String(pixels), a: '1' });
  const request = {
    method: 'GET',
    path: `${account.address.root}/index.php/core/preview?${query.toString()}`,
    headers: { accept: 'image/*' },
    signal,
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
  const bytes = await readCapped(reply.body, MAX_BYTES);
  const mime = (reply.headers.get('content-type') ?? '').replace(/;.*$/, '');
  return bytes && { mime, bytes };
}
