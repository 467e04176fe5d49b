import * as z from 'zod';
import { isLoopbackHost } from '../address.ts';
import { readOcs } from '../ocs.ts';
import type { Plain } from '../ocs.ts';

/** What this server can do for this account (OCS, `cloud/capabilities`). */
export interface Capabilities {
  readonly trash: boolean;
  readonly versions: boolean;
  /** WebDAV class 2 locks, by the app files_lock. */
  readonly locks: boolean;
  readonly tags: boolean;
  readonly comments: boolean;
  readonly sharing: boolean;
  /** Several files in one request. */
  readonly bulk: boolean;
  /** Bytes of a chunk. */
  readonly maxChunk: number;
  /** Bytes of a file that goes straight to its place. */
  readonly maxBody: number;
  readonly maxParallel: number;
  /** All that the server says, by app. */
  readonly apps: Apps;
}

type Apps = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

// What releases before 31, which do not say, are known to take.
const MAX_CHUNK = 100 * 1024 * 1024;
const MAX_PARALLEL = 5;

const schema = z
  .object({ capabilities: z.record(z.string(), z.record(z.string(), z.unknown()).catch({})) })
  .catch({ capabilities: {} });

const chunkedUpload = z
  .object({ max_size: z.number().positive(), max_parallel_count: z.number().positive() })
  .partial()
  .catch({});

export async function readCapabilities(server: Plain, signal?: AbortSignal): Promise<Capabilities> {
  const { capabilities: apps } = schema.parse(
    await readOcs(server, '/ocs/v2.php/cloud/capabilities', signal),
  );
  const has = (app: string, key: string): boolean => Boolean(apps[app]?.[key]);
  const { max_size: maxChunk = MAX_CHUNK, max_parallel_count: maxParallel = MAX_PARALLEL } =
    chunkedUpload.parse(apps['files']?.['chunked_upload'] ?? {});
  return {
    trash: has('files', 'undelete'),
    versions: has('files', 'versioning'),
    locks: has('files', 'locking'),
    tags: has('systemtags', 'enabled'),
    comments: has('files', 'comments'),
    sharing: has('files_sharing', 'api_enabled'),
    bulk: has('dav', 'bulkupload'),
    maxChunk,
    maxBody: maxChunk,
    maxParallel,
    apps,
  };
}

/**
 * What a Nextcloud on this computer gets at once: joining chunks costs it a second copy of all bytes, which
 * there takes as long as the sending (measured on 34 with 1 GB), and sending again takes seconds.
 */
const NEAR_BODY = 1024 ** 3;

/** @param most bytes of a request body that what stands before the server takes, where that is known */
export function fitted(found: Capabilities, origin: string, most: number | undefined): Capabilities {
  const maxChunk = Math.min(found.maxChunk, most ?? Infinity);
  const near = most === undefined && isLoopbackHost(origin);
  return { ...found, maxChunk, maxBody: near ? Math.max(NEAR_BODY, maxChunk) : maxChunk };
}
