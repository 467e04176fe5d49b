import { AppError, isAppError } from '../../errors.ts';
import type { Account } from '../../nextcloud/account.ts';
import { propfind } from '../../nextcloud/dav/propfind.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import { baseName, parentOf } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import type { MetadataCache } from '../cache/metadata-cache.ts';
import type { AccessPolicy } from './access-policy.ts';
import type { Call } from './call.ts';

/** What reading the properties of one file or folder takes. */
export interface StatParts {
  readonly account: Account;
  readonly metadata: MetadataCache;
}

/** What an operation takes that reads or changes files within the access policy. */
export interface PolicyParts extends StatParts {
  readonly policy: AccessPolicy;
}

/**
 * The properties of one file or folder, in one request.
 *
 * @throws AppError `not_found` with what to do next
 */
export async function stat(
  { account, metadata }: StatParts,
  path: RemotePath,
  call: Call,
): Promise<Resource> {
  const asOf = metadata.changes;
  try {
    const { resources } = await propfind(account, path, 0, call);
    const [self] = resources;
    if (!self) throw missing(path);
    metadata.put(self, asOf);
    return self;
  } catch (error) {
    throw isAppError(error, 'not_found') || isPhantom(path, error) ? missing(path, error) : error;
  }
}

// For a `.part` name that does not exist, 28 and 29 answer 500: they take it for an upload in progress.
function isPhantom(path: RemotePath, error: unknown): boolean {
  return path.endsWith('.part') && isAppError(error) && error.status === 500;
}

/** The same, answered from the cache if it was read within the last seconds. */
export async function statCached(parts: StatParts, path: RemotePath, call: Call): Promise<Resource> {
  return parts.metadata.getFresh(path) ?? (await stat(parts, path, call));
}

/** The same, and undefined for what does not exist. */
export async function statIfThere(
  parts: StatParts,
  path: RemotePath,
  call: Call,
): Promise<Resource | undefined> {
  try {
    return await stat(parts, path, call);
  } catch (error) {
    if (isAppError(error, 'not_found')) return undefined;
    throw error;
  }
}

/**
 * The properties after a change that was made: a failure to read them is no failure of the change.
 *
 * @returns undefined when they could not be read
 */
export async function statAfterChange(
  parts: StatParts,
  path: RemotePath,
  call: Call,
): Promise<Resource | undefined> {
  try {
    return await stat(parts, path, call);
  } catch (error) {
    if (!isAppError(error) || error.code === 'cancelled') throw error;
    return undefined;
  }
}

export function missing(path: RemotePath, cause?: unknown): AppError {
  return new AppError('not_found', `${path} does not exist`, {
    remedy: { kind: 'list', folder: parentOf(path) },
    status: 404,
    cause,
  });
}

/** Nextcloud answers as if it were there for a name that it keeps for itself, such as `x.part`. */
export function reservedName(path: RemotePath): AppError {
  return new AppError('invalid_input', `Nextcloud does not allow the name ${baseName(path)}`, {
    hint: 'Choose another name.',
  });
}

export function notAFile(path: RemotePath): AppError {
  return new AppError('invalid_input', `${path} is a folder`, {
    remedy: { kind: 'list-contents', folder: path },
  });
}

export function notAFolder(path: RemotePath): AppError {
  return new AppError('invalid_input', `${path} is a file, not a folder`, {
    remedy: { kind: 'info', file: path },
  });
}
