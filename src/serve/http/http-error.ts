import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';

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
