import * as z from 'zod';
import { readOcs } from './ocs.ts';
import type { Plain } from './ocs.ts';

/** What transfers need to know of a server. */
export interface Capabilities {
  /** Bytes of one request body. */
  readonly maxChunk: number;
  readonly maxParallel: number;
  readonly bulk: boolean;
}

// What releases before 31, which do not say, are known to take.
const MAX_CHUNK = 100 * 1024 * 1024;
const MAX_PARALLEL = 5;

const schema = z.object({
  capabilities: z.object({
    files: z
      .object({
        chunked_upload: z
          .object({ max_size: z.number().positive(), max_parallel_count: z.number().positive() })
          .partial()
          .optional()
          .catch(undefined),
      })
      .catch({}),
    dav: z.object({ bulkupload: z.string().optional() }).catch({}),
  }),
});

export async function readCapabilities(server: Plain, signal?: AbortSignal): Promise<Capabilities> {
  const found = schema.safeParse(await readOcs(server, '/ocs/v2.php/cloud/capabilities', signal));
  const { files, dav } = found.data?.capabilities ?? { files: {}, dav: {} };
  const { max_size: maxChunk = MAX_CHUNK, max_parallel_count: maxParallel = MAX_PARALLEL } =
    files.chunked_upload ?? {};
  return { maxChunk, maxParallel, bulk: dav.bulkupload !== undefined };
}
