import type { Readable } from 'node:stream';
import { AppError } from '../../errors.ts';

/** Bodies that are not the answer itself: pages of refusals, and what comes after a confirmation. */

const MAX_BYTES = 16_384;
/** A server may send such a body for as long as it likes; what matters was in the headers. */
const MAX_MS = 2000;

/** The first kilobytes, or what of them came in time and whole. */
export async function readBeginning(body: Readable, most = MAX_BYTES): Promise<string> {
  const chunks: Buffer[] = [];
  await read(body, most, (chunk) => chunks.push(chunk));
  return Buffer.concat(chunks).subarray(0, most).toString('utf8');
}

/** Read to its end, so that the connection can be used again, unless that takes long. */
export async function drain(body: Readable): Promise<void> {
  await read(body, MAX_BYTES, () => undefined);
}

/**
 * What Nextcloud says of a change stands in status and headers; a page in the body is somebody else's.
 *
 * @throws AppError `invalid_response`
 */
export async function refusePage(method: string, status: number, body: Readable): Promise<void> {
  if (!/<(!doctype\s+)?html/i.test(await readBeginning(body))) return;
  throw new AppError(
    'invalid_response',
    `The server answered ${method} with ${status} and a web page instead of the plain confirmation of a Nextcloud`,
    {
      status,
      uncertain: true,
      hint: 'A login page or a proxy stands before the Nextcloud. Check it with test_connection.',
    },
  );
}

async function read(body: Readable, most: number, take: (chunk: Buffer) => void): Promise<void> {
  const timer = setTimeout(() => body.destroy(), MAX_MS);
  let size = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      take(chunk);
      size += chunk.length;
      if (size >= most) break; // leaves and so destroys the stream
    }
  } catch {
    // The status and the headers were what mattered.
  } finally {
    clearTimeout(timer);
  }
}
