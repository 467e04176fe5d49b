import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../errors.ts';
import { JsonMeasure } from '../../text/json-measure.ts';
import { nextSlice, sliceIsOver } from '../../time-slices.ts';

/** Content type of a JSON answer. */
export const JSON_CONTENT = /^application\/json/;

/**
 * Reads a whole body into memory.
 *
 * @returns undefined when it has more than `maxBytes` bytes; the rest is not read
 * @throws what broke the body off
 */
export async function readCapped(body: Readable, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * Reads a JSON body, to be checked against a schema.
 *
 * @returns undefined when it is not JSON or has more than `maxBytes` bytes
 * @throws what broke the body off
 */
export async function readJson(body: Readable, maxBytes: number): Promise<unknown> {
  const bytes = await readCapped(body, maxBytes);
  if (bytes && !(await isReadable(bytes))) return undefined;
  try {
    return bytes && JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

// A share has some thirty values, and a list of shares some thousands of shares.
const JSON_LIMITS = { bytes: Infinity, depth: 50, values: 500_000, keys: 10_000, names: Infinity };
const PIECE_BYTES = 64 * 1024;

/** Whether to parse it takes a moment: a small body can have more values than an answer ever has. */
async function isReadable(bytes: Buffer): Promise<boolean> {
  const measure = new JsonMeasure(JSON_LIMITS);
  for (let at = 0; at < bytes.length && measure.excess === undefined; at += PIECE_BYTES) {
    if (sliceIsOver()) await nextSlice();
    measure.add(bytes.subarray(at, at + PIECE_BYTES));
  }
  return measure.excess === undefined;
}

const MAX_BYTES = 16_384;
/** Milliseconds for a body that is not the answer itself, such as the page of a refusal: the headers were what mattered. */
const MAX_MS = 2000;

/** The first 16 kB of the body of a refusal, or as much of it as arrives within two seconds. */
export async function readBeginning(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  await skim(body, (chunk) => chunks.push(chunk));
  return Buffer.concat(chunks).subarray(0, MAX_BYTES).toString('utf8');
}

/** Reads a short body to its end, so that the connection can be used again. */
export async function drain(body: Readable): Promise<void> {
  await skim(body, () => undefined);
}

/**
 * Nextcloud confirms a change in the status and the headers. A web page in the body comes from another
 * program, such as a proxy with a login page.
 *
 * @throws AppError `invalid_response`
 */
export async function refusePage(method: string, status: number, body: Readable): Promise<void> {
  if (!/<(!doctype\s+)?html/i.test(await readBeginning(body))) return;
  throw new AppError(
    'invalid_response',
    `The server answered ${method} with ${status} and a web page instead of a plain confirmation`,
    {
      status,
      uncertain: true,
      hint: 'There may be a login page or a proxy in front of the Nextcloud.',
      remedy: { kind: 'check-connection' },
    },
  );
}

const FIRST_BYTES = 16_384;
const ANSWER_MS = 1000;

/**
 * A request body that waits for a second after its first bytes. A server or proxy that refuses a request may answer
 * before it has read the body and then close the connection, which breaks it for whoever is still sending, and the
 * answer is lost. For a repetition after the connection broke: a refusal comes in that second.
 */
export async function* hesitant(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let isFirst = true;
  for await (const piece of body) {
    if (!isFirst || piece.length === 0) {
      yield piece;
      continue;
    }
    isFirst = false;
    yield piece.subarray(0, FIRST_BYTES);
    await sleep(ANSWER_MS, undefined, { ref: false });
    if (piece.length > FIRST_BYTES) yield piece.subarray(FIRST_BYTES);
  }
}

async function skim(body: Readable, onChunk: (chunk: Buffer) => void): Promise<void> {
  const timer = setTimeout(() => body.destroy(), MAX_MS);
  let size = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      onChunk(chunk);
      size += chunk.length;
      if (size >= MAX_BYTES) break; // leaving the loop destroys the stream
    }
  } catch {
    // The status and the headers were what mattered.
  } finally {
    clearTimeout(timer);
  }
}
