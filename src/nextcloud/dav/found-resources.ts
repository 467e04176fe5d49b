import { createGunzip } from 'node:zlib';
import { AppError } from '../../errors.ts';
import type { RemotePath } from '../../path.ts';
import type { Account } from '../account.ts';
import type { HttpReply } from '../transport/http.ts';
import { readMultistatus } from './multistatus.ts';
import type { MultistatusLimits } from './multistatus.ts';
import { toResource } from './resource.ts';
import type { Resource } from './resource.ts';

export interface FoundResources {
  readonly resources: readonly Resource[];
  /** How many entries were left out because a path cannot have their name: control characters or a backslash. */
  readonly unnamed: number;
}

export interface CollectOptions {
  /** User id in the hrefs of the answer. */
  readonly userId: string;
  /** Fill in {@link Resource.detail}. */
  readonly detailed?: boolean;
  readonly limits?: MultistatusLimits | undefined;
}

/**
 * Reads the files and folders of a 207 answer. A path that occurs twice is kept once.
 *
 * @throws AppError `not_found` for an entry without an etag, `invalid_response` for a damaged answer or
 *   an href outside the files of the account
 */
export async function collectResources(
  account: Account,
  reply: HttpReply,
  { userId, detailed = false, limits }: CollectOptions,
): Promise<FoundResources> {
  const found = new Map<RemotePath, Resource>();
  let unnamed = 0;
  const gzip = reply.headers.get('content-encoding') === 'gzip';
  const body = gzip ? reply.body.pipe(createGunzip()) : reply.body;
  if (gzip) reply.body.on('error', (error) => body.destroy(error));
  await readMultistatus(
    body,
    (response) => {
      if (response.status !== undefined && response.status >= 400) return;
      const path = account.address.pathOf(response.href, userId);
      if (path === undefined) {
        unnamed++;
        return;
      }
      const resource = toResource(path, response.properties, detailed);
      // Nextcloud describes another user's folder as an empty one without an etag, and a file whose name
      // ends in `.part` with an empty etag. Neither exists for this account.
      if (!resource.etag) throw resourceNotFound();
      found.set(path, resource);
    },
    limits,
  );
  return { resources: [...found.values()], unnamed };
}

export function resourceNotFound(cause?: unknown): AppError {
  return new AppError('not_found', 'There is no such file or folder', { cause });
}
