import type { IncomingMessage } from 'node:http';
import { isJsonContentType } from '@modelcontextprotocol/server';
import { withoutNullParams } from '../../mcp/null-params.ts';
import { excessText, JsonMeasure } from '../../text/json-measure.ts';
import type { JsonLimits } from '../../text/json-measure.ts';
import { HttpError } from './http-error.ts';

/**
 * Reads the JSON body of a request. What exceeds a limit is refused before it is parsed.
 *
 * @throws HttpError 400, 413 or 415
 */
export async function readJsonRequest(request: IncomingMessage, limits: JsonLimits): Promise<unknown> {
  if (!isJsonContentType(request.headers['content-type'] ?? ''))
    throw new HttpError(415, 'The body must be application/json');
  refuseLarge(request, limits);
  const measure = new JsonMeasure(limits);
  let chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) {
    measure.add(chunk);
    if (measure.bytes > limits.bytes) throw tooLarge(limits);
    // Read to the end all the same: a client that still sends does not see the response.
    if (measure.excess === undefined) chunks.push(chunk);
    else chunks = [];
  }
  const { excess } = measure;
  if (excess === 'depth') throw notJson(`Parse error: ${excessText('A request', excess, limits)}`);
  if (excess !== undefined) throw new HttpError(413, excessText('A request', excess, limits));
  const bytes = Buffer.concat(chunks);
  try {
    return withoutNullParams(JSON.parse(bytes.toString('utf8')));
  } catch {
    throw notJson('Parse error: the body is not JSON');
  }
}

function notJson(message: string): HttpError {
  return new HttpError(400, message, {}, -32_700);
}

/** Rejects a request by its Content-Length, before the body is sent. */
export function refuseLarge({ headers }: IncomingMessage, limits: Pick<JsonLimits, 'bytes'>): void {
  if (Number(headers['content-length'] ?? 0) > limits.bytes) throw tooLarge(limits);
}

function tooLarge(limits: Pick<JsonLimits, 'bytes'>): HttpError {
  return new HttpError(
    413,
    `${excessText('A request', 'bytes', limits)}. Send less at once, in several calls.`,
  );
}
