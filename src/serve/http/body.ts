import type { IncomingMessage } from 'node:http';
import { isJsonContentType } from '@modelcontextprotocol/server';
import { HttpError } from './http-error.ts';

const MAX_DEPTH = 200;

/**
 * The JSON of a request.
 *
 * @throws Refusal 400, 413 or 415
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

/** How deep brackets are nested: what walks through the value later must not run out of stack. */
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

/** Says no before the body is sent, when its length is known. */
export function refuseLarge({ headers }: IncomingMessage, most: number): void {
  if (Number(headers['content-length'] ?? 0) > most) throw tooLarge(most);
}

function tooLarge(most: number): HttpError {
  return new HttpError(413, `A request may have at most ${most} bytes`);
}
