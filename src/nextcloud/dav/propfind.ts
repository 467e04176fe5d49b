import { AppError, isAppError } from '../../errors.ts';
import { ROOT, within } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import { someInSlices } from '../../time-slices.ts';
import type { Account } from '../account.ts';
import { isLoopbackHost } from '../address.ts';
import type { RequestOptions } from './dav-request.ts';
import { collectResources, resourceNotFound } from './found-resources.ts';
import type { FoundResources } from './found-resources.ts';
import { defaultMultistatusLimits } from './multistatus.ts';
import type { MultistatusLimits } from './multistatus.ts';
import { detailProperties, listingProperties } from './resource.ts';
import type { PropertyName, Resource } from './resource.ts';
import { propfindRequest } from './xml-request.ts';

/** How many levels below a folder are listed. */
export type Depth = 0 | 1 | 2 | 3 | 4 | 5 | 'infinity';

export interface PropfindOptions extends RequestOptions {
  /** All properties for depth 0 and those of a listing for the others, unless stated here. */
  readonly properties?: readonly PropertyName[];
}

const PART_NAME = /\.part(\/|$)/;

/** Limits for depth 0: a single resource, though with all its properties. */
const oneResource: MultistatusLimits = {
  ...defaultMultistatusLimits,
  bytes: 8 * 1024 * 1024,
  responses: 1,
};

/**
 * PROPFIND (RFC 4918 section 9.1). The first resource is `path` itself.
 *
 * @throws AppError `not_found`, or `invalid_response` when the answer is about another folder
 */
export async function propfind(
  account: Account,
  path: RemotePath,
  depth: Depth,
  options: PropfindOptions,
): Promise<FoundResources> {
  const { properties = depth === 0 ? detailProperties : listingProperties, signal } = options;
  const detailed = properties.some((name) => !isListingProperty(name));
  const limits = depth === 0 ? oneResource : undefined;
  const answer = account.run((userId) =>
    account.exchange(
      propfindRequest({
        path: account.address.file(userId, path),
        depth,
        properties,
        headers: {
          prefer: 'return=minimal', // leaves out what a resource does not have: a quarter of the answer
          ...(depth === 0 || isLoopbackHost(account.origin) ? {} : { 'accept-encoding': 'gzip' }),
        },
        wanted: 'a folder listing',
        signal,
      }),
      (reply) => collectResources(account, reply, { userId, detailed, limits, wanted: path }),
    ),
  );
  const found = await answer.catch((error: unknown) => {
    // Nextcloud makes up files with such names, and 28 and 29 fail to describe them (observed).
    throw isAppError(error) && error.status === 500 && PART_NAME.test(path) ? resourceNotFound(error) : error;
  });
  if (!(await answers(found, path, depth)))
    throw new AppError('invalid_response', 'The server listed a different folder from the requested one', {
      hint: 'A proxy may have mixed up its answers. Try again.',
    });
  return found;
}

/** Whether the resources begin with `path` and all the others lie within `depth` levels below it. */
async function answers({ resources }: FoundResources, path: RemotePath, depth: Depth): Promise<boolean> {
  const levels = depth === 'infinity' ? Infinity : depth;
  const deepest = path.split('/').length + levels - (path === ROOT ? 1 : 0);
  if (resources[0]?.path !== path) return false;
  const isElsewhere = (one: Resource): boolean =>
    one.path !== path && (!within(one.path, path) || one.path.split('/').length > deepest);
  return !(await someInSlices(resources, isElsewhere));
}

function isListingProperty(name: string): boolean {
  return (listingProperties as readonly string[]).includes(name);
}
