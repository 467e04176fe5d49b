import { createGunzip } from 'node:zlib';
import { AppError } from '../../errors.ts';
import type { RemotePath } from '../../path.ts';
import type { Account } from '../account.ts';
import type { OddEntry } from '../address.ts';
import type { HttpReply } from '../transport/http.ts';
import { readMultistatus } from './multistatus.ts';
import type { MultistatusLimits } from './multistatus.ts';
import { toResource } from './resource.ts';
import type { Resource } from './resource.ts';

export interface FoundResources {
  readonly resources: readonly Resource[];
  /** Entries that were left out because no path can have their name. What is inside of them is not listed. */
  readonly odd: readonly OddEntry[];
}

export interface CollectOptions {
  /** User id in the hrefs of the answer. */
  readonly userId: string;
  /** Fill in {@link Resource.detail}. */
  readonly detailed?: boolean;
  readonly limits?: MultistatusLimits | undefined;
  /** What was asked for. */
  readonly wanted?: RemotePath;
}

/**
 * Reads the files and folders of a 207 answer. A path that occurs twice is kept once.
 *
 * @throws AppError `not_found` when what was asked for is not there, `invalid_response` for a damaged answer or
 *   an href outside the files of the account
 */
export async function collectResources(
  account: Account,
  reply: HttpReply,
  { userId, detailed = false, limits, wanted }: CollectOptions,
): Promise<FoundResources> {
  const found = new Map<RemotePath, Resource>();
  const odd: OddEntry[] = [];
  const gzip = reply.headers.get('content-encoding') === 'gzip';
  const body = gzip ? reply.body.pipe(createGunzip()) : reply.body;
  if (gzip) reply.body.on('error', (error) => body.destroy(error));
  await readMultistatus(
    body,
    (response) => {
      if (response.status !== undefined && response.status >= 400) return;
      const path = account.address.pathOf(response.href, userId);
      if (path === undefined) {
        const entry = account.address.oddEntryOf(response.href, userId);
        if (!entry.inside) odd.push(entry);
        return;
      }
      const resource = toResource(path, response.properties, detailed);
      if (path === wanted && isPhantom(resource)) throw resourceNotFound();
      found.set(path, resource);
    },
    limits,
  );
  return { resources: [...found.values()], odd };
}

/**
 * Nextcloud describes another user's folder as an empty one without an etag and an id, and a file whose name
 * ends in `.part` with an empty etag. Neither exists for this account. The folder of a storage without an etag does.
 */
function isPhantom({ etag, pending }: Resource): boolean {
  return etag === undefined && pending === undefined;
}

export function resourceNotFound(cause?: unknown): AppError {
  return new AppError('not_found', 'There is no such file or folder', { cause });
}
