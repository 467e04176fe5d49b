import * as z from 'zod';
import { isLoopbackHost } from '../address.ts';
import { readOcs } from '../ocs.ts';
import type { Plain } from '../ocs.ts';

/** What the server offers to this account (OCS, `cloud/capabilities`). */
export interface Capabilities {
  readonly trash: boolean;
  readonly versions: boolean;
  /** WebDAV class 2 locks, by the app files_lock. */
  readonly locks: boolean;
  readonly tags: boolean;
  readonly comments: boolean;
  readonly sharing: boolean;
  /** Upload of several files in one request. */
  readonly bulk: boolean;
  /** Largest chunk, in bytes. */
  readonly maxChunk: number;
  /** Largest file that is sent in a single request, in bytes. */
  readonly maxBody: number;
  readonly maxParallel: number;
  /** Everything that the server states, by app. */
  readonly apps: Apps;
}

type Apps = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

// What releases before 31 accept, which do not state these values.
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
 * Largest file that is sent in a single request to a Nextcloud on this computer, in bytes. The server copies all
 * bytes once more when it joins chunks, which takes as long as sending them (measured on 34 with 1 GB), and
 * sending a file again takes seconds.
 */
const LOCAL_MAX_BODY = 1024 ** 3;

/** @param most largest request body that a proxy in front of the server accepts, in bytes, if known */
export function fitted(found: Capabilities, origin: string, most: number | undefined): Capabilities {
  const maxChunk = Math.min(found.maxChunk, most ?? Infinity);
  const isLocal = most === undefined && isLoopbackHost(origin);
  return { ...found, maxChunk, maxBody: isLocal ? Math.max(LOCAL_MAX_BODY, maxChunk) : maxChunk };
}
