import type { IncomingMessage } from 'node:http';
import { isJsonContentType } from '@modelcontextprotocol/server';
import { HttpError } from './http-error.ts';

const MAX_DEPTH = 200;

/**
 * Reads the JSON body of a request.
 *
 * @throws HttpError 400, 413 or 415
 */
export async function readJsonRequest(request: IncomingMessage, most: number): Promise<unknown> {
  if (!isJsonContentType(request.headers['content-type'] ?? ''))
    throw new HttpError(415, 'The body must be application/json');
  refuseLarge(request, most);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > most) throw tooLarge(most);
    chunks.push(chunk);
  }
  try {
    const text = Buffer.concat(chunks).toString('utf8');
    if (depthOf(text) <= MAX_DEPTH) return JSON.parse(text) as unknown;
    throw new SyntaxError('too deep');
  } catch {
    throw new HttpError(400, 'Parse error: the body is not JSON', {}, -32_700);
  }
}

/** The nesting depth of brackets. It is limited so that recursive code cannot overflow the stack later. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at];
    if (letter === '"') quoted = !quoted;
    else if (quoted && letter === '\\') at++;
    else if (!quoted && (letter === '[' || letter === '{')) deepest = Math.max(deepest, ++depth);
    else if (!quoted && (letter === ']' || letter === '}')) depth--;
  }
  return deepest;
}

/** Rejects a request by its Content-Length, before the body is sent. */
export function refuseLarge({ headers }: IncomingMessage, most: number): void {
  if (Number(headers['content-length'] ?? 0) > most) throw tooLarge(most);
}

function tooLarge(most: number): HttpError {
  return new HttpError(413, `A request can have at most ${most} bytes`);
}
