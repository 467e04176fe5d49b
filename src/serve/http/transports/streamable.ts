import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { toWebRequest } from '@modelcontextprotocol/node';
import { createMcpHandler, isInitializeRequest } from '@modelcontextprotocol/server';
import type { McpHttpHandler } from '@modelcontextprotocol/server';
import { readJsonRequest } from '../body.ts';
import { Caller } from '../caller.ts';
import type { HttpLimits } from '../limits.ts';
import { BOTH_TYPES, formFor, inForm } from './accepted-form.ts';
import type { Form } from './accepted-form.ts';
import { Sessions } from './sessions.ts';
import type { SessionsOptions } from './sessions.ts';

/**
 * `/mcp`: Streamable HTTP. Protocol revision 2026-07-28 and single requests of older revisions need no session;
 * an older client that begins with `initialize` gets one.
 */
export class Streamable {
  readonly sessions: Sessions;
  readonly #limits: HttpLimits;
  readonly #stateless: McpHttpHandler;

  constructor(options: SessionsOptions) {
    const { createServer, limits, log } = options;
    this.#limits = limits;
    this.sessions = new Sessions(options);
    this.#stateless = createMcpHandler(({ authInfo }) => createServer(Caller.of(authInfo)), {
      onerror: (error) => log.debug({ err: error }, 'protocol error'),
      maxRequestBodySize: limits.body.bytes,
      maxSubscriptions: limits.streams.total,
    });
  }

  /** @throws HttpError 404 for an unknown session, 406 when no form of a response is accepted, 429 or 503 */
  async serve(request: IncomingMessage, response: ServerResponse, caller: Caller): Promise<void> {
    const { headers, method = '', url = '' } = request;
    const form = method === 'DELETE' ? 'either' : formFor(headers.accept, isStream(request));
    headers.accept = BOTH_TYPES;
    const body = method === 'POST' ? await readJsonRequest(request, this.#limits.body) : undefined;
    const gone = new AbortController();
    response.once('close', () => {
      if (!response.writableFinished) gone.abort();
    });
    const web = await toWebRequest(Object.assign(request, { method, url }), body, {
      signal: gone.signal,
      maxRequestBodySize: this.#limits.body.bytes,
    });
    const answer = await this.#answer(web, caller, forForm(body, form));
    await send(await inForm(answer, form, Array.isArray(body)), response, gone.signal);
  }

  /** Closes open sessions. */
  async close(): Promise<void> {
    this.sessions.close();
    await this.#stateless.close();
  }

  async #answer(request: Request, caller: Caller, body: unknown): Promise<Response> {
    const { headers } = request;
    // Some clients name the method in a header at every revision. Where it is another one, the body is not looked at.
    // A client may still send the id of a session that it has lost: it begins a new one.
    if ((headers.get('mcp-method') ?? 'initialize') === 'initialize' && isInitializeRequest(body))
      return this.sessions.begin(request, caller, body);
    const id = headers.get('mcp-session-id');
    if (id !== null) return this.sessions.serve(id, request, caller, body);
    return this.#stateless.fetch(request, {
      authInfo: caller.asAuth(),
      ...(body === undefined ? {} : { parsedBody: body }),
    });
  }
}

function isStream({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' || headers['mcp-method'] === 'subscriptions/listen';
}

/** A question to the person travels in an event stream, so that a client that reads none cannot be asked. */
function forForm(body: unknown, form: Form): unknown {
  if (form !== 'json' || !isInitializeRequest(body)) return body;
  const { elicitation: _, ...capabilities } = body.params.capabilities;
  return { ...body, params: { ...body.params, capabilities } };
}

/** @param gone aborts when the client leaves: this ends the stream, and is no error */
async function send(answer: Response, response: ServerResponse, gone: AbortSignal): Promise<void> {
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  const reader = answer.body?.getReader();
  if (!reader) {
    response.end();
    return;
  }
  // A stream is open before its first event.
  response.flushHeaders();
  const cancel = (): void => void reader.cancel().catch(() => undefined);
  if (gone.aborted) cancel();
  gone.addEventListener('abort', cancel, { once: true });
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (!response.write(value)) await once(response, 'drain', { signal: gone });
    }
  } catch {
    cancel();
  }
  response.end();
}
