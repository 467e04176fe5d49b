import type { IncomingMessage } from 'node:http';
import { isJsonContentType } from '@modelcontextprotocol/server';
import { HttpError } from './http-error.ts';
import type { HttpLimits } from './limits.ts';

/** Limits for the size, the nesting depth and the number of values of JSON. */
export type JsonLimits = Pick<HttpLimits, 'bodyBytes' | 'jsonDepth' | 'jsonValues'>;

/**
 * Reads the JSON body of a request. What exceeds a limit is refused before it is parsed.
 *
 * @throws HttpError 400, 413 or 415
 */
export async function readJsonRequest(request: IncomingMessage, limits: JsonLimits): Promise<unknown> {
  if (!isJsonContentType(request.headers['content-type'] ?? ''))
    throw new HttpError(415, 'The body must be application/json');
  refuseLarge(request, limits.bodyBytes);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limits.bodyBytes) throw tooLarge(limits.bodyBytes);
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  const { depth, values } = measureJson(bytes);
  if (depth > limits.jsonDepth)
    throw notJson(`Parse error: the JSON is nested deeper than ${limits.jsonDepth} levels`);
  if (values > limits.jsonValues)
    throw new HttpError(413, `The JSON of a request can have at most ${limits.jsonValues} values`);
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    throw notJson('Parse error: the body is not JSON');
  }
}

function notJson(message: string): HttpError {
  return new HttpError(400, message, {}, -32_700);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const OPEN_OBJECT = 0x7b;
const CLOSE_ARRAY = 0x5d;
const CLOSE_OBJECT = 0x7d;

/** The nesting depth of brackets, and an upper bound for the number of values and keys, in one pass over the bytes. */
export function measureJson(bytes: Uint8Array): { readonly depth: number; readonly values: number } {
  let open = 0;
  let depth = 0;
  let values = 1;
  let quoted = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) quoted = !quoted;
    else if (quoted) {
      if (byte === BACKSLASH) at++;
    } else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
      values++;
      if (++open > depth) depth = open;
    } else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) open--;
    else if (byte === COMMA || byte === COLON) values++;
  }
  return { depth, values };
}

/** Rejects a request by its Content-Length, before the body is sent. */
export function refuseLarge({ headers }: IncomingMessage, most: number): void {
  if (Number(headers['content-length'] ?? 0) > most) throw tooLarge(most);
}

function tooLarge(most: number): HttpError {
  return new HttpError(413, `A request can have at most ${most} bytes`);
}
