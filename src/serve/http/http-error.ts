import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { AppError, ErrorCode } from '../../errors.ts';
import { failureText } from '../../tools/render/remedies.ts';

/** An HTTP error response. */
export class HttpError extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  /** JSON-RPC error code. */
  readonly code: number;

  constructor(status: number, message: string, headers: OutgoingHttpHeaders = {}, code = -32_000) {
    super(message);
    this.status = status;
    this.headers = headers;
    this.code = code;
  }
}

// Not 401 for a login that the Nextcloud rejected: clients would ask for another token of this server.
const statuses: Partial<Record<ErrorCode, number>> = {
  unauthorized: 403,
  forbidden: 403,
  rate_limited: 429,
  timeout: 504,
  unavailable: 503,
};

/** The response for an error that occurs before the request reaches a tool. */
export function httpErrorOf(error: AppError): HttpError {
  const status = statuses[error.code] ?? 502;
  const { retryAfter } = error;
  const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  return new HttpError(status, failureText(error), headers);
}

/** Sends the error in the form that MCP clients expect, and closes a connection whose request was not fully read. */
export function sendError(request: IncomingMessage, response: ServerResponse, refusal: HttpError): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { status, message, headers, code } = refusal;
  // Do not wait for the unread rest of the request.
  const close = request.complete ? {} : { connection: 'close' };
  const body = { jsonrpc: '2.0', error: { code, message }, id: null };
  sendJson(response, status, body, { ...headers, ...close });
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: OutgoingHttpHeaders = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}
