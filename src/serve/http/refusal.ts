import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** A request that is not served, as the client is told. */
export class Refusal extends Error {
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

/** Answers in the form that MCP clients read, and lets go of a connection whose request was not read. */
export function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { status, message, headers, code } = refusal;
  const unread = !request.complete;
  sendJson(
    response,
    status,
    { jsonrpc: '2.0', error: { code, message }, id: null },
    {
      ...headers,
      ...(unread ? { connection: 'close' } : {}),
    },
  );
  if (unread) response.once('finish', () => request.socket.destroySoon());
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
