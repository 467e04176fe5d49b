import type { IncomingMessage } from 'node:http';
import { isJsonContentType } from '@modelcontextprotocol/server';
import { Refusal } from './refusal.ts';

/**
 * The JSON of a request.
 *
 * @throws Refusal 400, 413 or 415
 */
export async function readJson(request: IncomingMessage, most: number): Promise<unknown> {
  if (!isJsonContentType(request.headers['content-type'] ?? ''))
    throw new Refusal(415, 'The body must be application/json');
  refuseLarge(request, most);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > most) throw tooLarge(most);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch {
    throw new Refusal(400, 'Parse error: the body is not JSON', {}, -32_700);
  }
}

/** Says no before the body is sent, when its length is known. */
export function refuseLarge({ headers }: IncomingMessage, most: number): void {
  if (Number(headers['content-length'] ?? 0) > most) throw tooLarge(most);
}

function tooLarge(most: number): Refusal {
  return new Refusal(413, `A request may have at most ${most} bytes`);
}
