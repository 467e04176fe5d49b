import type { Readable } from 'node:stream';
import { Headers } from 'undici';
import type { Dispatcher } from 'undici';
import { AppError, isAppError } from '../errors.ts';
import { requestScope } from '../log.ts';
import type { Log, Secret } from '../log.ts';
import { Cookies } from './cookies.ts';
import { networkError, networkFailure, refusalError, unexpectedAnswer } from './fault.ts';
import type { Refusal } from './fault.ts';
import { pause } from './pause.ts';
import { parseRetryAfter, retryDelay } from './retry.ts';
import type { Failure } from './retry.ts';

export interface Request {
  readonly method: string;
  /** Encoded path and query, put after the origin. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A function makes a body that can be produced again. */
  readonly body?: string | Uint8Array | (() => Readable);
  readonly signal?: AbortSignal | undefined;
  /** The statuses that mean it was done. Every other one is an error. */
  readonly expect: readonly number[];
  /** Beginning of the content type that the answer must have. */
  readonly type?: RegExp;
  /** Not to be repeated once the answer has begun: the caller goes on from where it broke. */
  readonly once?: boolean;
  /** What was wanted, for the message when something else came. */
  readonly wanted: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readable;
}

const REFUSAL_BYTES = 16_384;

/**
 * Every HTTP request of one account goes through here: authentication, cookies, politeness, retry,
 * status and content type checks, and errors in our words.
 */
export class Http {
  readonly #options: HttpOptions;
  readonly #cookies = new Cookies();
  #origin: string;
  #closed: AppError | undefined;
  #nextStart = 0;

  constructor(options: HttpOptions) {
    this.#options = options;
    this.#origin = options.origin;
  }

  get origin(): string {
    return this.#origin;
  }

  /** Forgets the session, after an answer that belonged to somebody else. */
  forgetSession(): void {
    this.#cookies.clear();
  }

  /**
   * Sends, checks the answer and hands it to `consume`, which reads the body. A read that breaks
   * before `consume` is done is sent again from the start, unless it is marked `once`.
   *
   * @throws AppError
   */
  async exchange<T>(request: Request, consume: (reply: Reply) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#try(request, consume);
      if ('value' in outcome) return outcome.value;
      const { error, redirect, failure } = outcome;
      if (redirect !== undefined && redirect !== this.#origin) {
        this.#origin = redirect;
        continue;
      }
      const delay = failure && retryDelay({ ...failure, method: request.method, attempt }, Math.random());
      if (delay === undefined) {
        if (failure?.status === 401) this.#options.onRefused?.(error);
        throw error;
      }
      this.#options.log.debug({ method: request.method, attempt, delay, code: error.code }, 'trying again');
      await pause(delay, request.signal);
    }
  }

  async #try<T>(request: Request, consume: (reply: Reply) => Promise<T>): Promise<Outcome<T>> {
    if (this.#closed) throw this.#closed;
    await this.#takeTurn(request.signal);
    const started = Date.now();
    let answer: Dispatcher.ResponseData;
    try {
      answer = await this.#options.dispatcher.request({
        origin: this.#origin,
        path: request.path,
        method: request.method,
        headers: this.#headers(request),
        body: typeof request.body === 'function' ? request.body() : (request.body ?? null),
        signal: request.signal ?? null,
      });
    } catch (cause) {
      if (request.signal?.aborted) throw cancelled(cause);
      if (isAppError(cause)) throw cause;
      return this.#broken(cause, true);
    }
    const headers = new Headers(toPairs(answer.headers));
    this.#cookies.read(headers);
    this.#options.onAnswer?.(headers);
    const { method, path } = request;
    this.#options.log.debug({ method, path, status: answer.statusCode, ms: Date.now() - started }, 'request');
    const type = headers.get('content-type') ?? '';
    if (!request.expect.includes(answer.statusCode) || !(request.type?.test(type) ?? true))
      return this.#refuse(request, answer, headers);
    try {
      return { value: await consume({ status: answer.statusCode, headers, body: answer.body }) };
    } catch (cause) {
      if (request.signal?.aborted) throw cancelled(cause);
      // What the consumer throws by itself is not the network's fault.
      if (!isBroken(cause)) throw cause;
      return this.#broken(cause, request.once !== true);
    } finally {
      answer.body.destroy();
    }
  }

  #broken(cause: unknown, replayable: boolean): Failed {
    const error = networkError(cause, new URL(this.#origin).host, this.#options.timeoutSeconds);
    return { error, failure: { network: networkFailure(cause), replayable } };
  }

  async #refuse(request: Request, answer: Dispatcher.ResponseData, headers: Headers): Promise<Failed> {
    const status = answer.statusCode;
    const retryAfter = parseRetryAfter(headers.get('retry-after') ?? undefined, Date.now());
    const location = headers.get('location');
    const refusal: Refusal = {
      method: request.method,
      status,
      contentType: headers.get('content-type') ?? '',
      body: await beginning(answer.body, request.signal),
      ...(retryAfter === undefined ? {} : { retryAfter }),
      ...(location === null ? {} : { location }),
    };
    if (status >= 200 && status < 300) return { error: unexpectedAnswer(refusal, request.wanted) };
    const error = refusalError(refusal);
    if (status === 401) this.#closed = error;
    const redirect = location === null ? undefined : this.#secureTwin(location, request.path);
    return {
      error,
      ...(redirect === undefined ? {} : { redirect }),
      failure: { status, replayable: true, ...(retryAfter === undefined ? {} : { retryAfter }) },
    };
  }

  // The usual redirect from http to https of the same host and path is followed; no other one is.
  #secureTwin(location: string, path: string): string | undefined {
    const here = new URL(this.#origin);
    const there = URL.parse(location, this.#origin);
    const same = there?.hostname === here.hostname && there.pathname + there.search === path;
    return same && here.protocol === 'http:' && there.protocol === 'https:' ? there.origin : undefined;
  }

  #headers(request: Request): Record<string, string> {
    const { username, password, userAgent } = this.#options;
    const requestId = requestScope.getStore();
    const cookie = this.#cookies.header();
    return {
      'user-agent': userAgent,
      accept: '*/*',
      'accept-encoding': 'identity',
      ...(requestId === undefined ? {} : { 'x-request-id': requestId }),
      ...(username === '' ? {} : { authorization: basic(username, password) }),
      ...(cookie === undefined ? {} : { cookie }),
      ...request.headers,
    };
  }

  async #takeTurn(signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted) throw cancelled(signal.reason);
    if (this.#options.minIntervalMs === 0) return;
    const now = Date.now();
    const start = Math.max(now, this.#nextStart);
    this.#nextStart = start + this.#options.minIntervalMs;
    if (start > now) await pause(start - now, signal);
  }
}

export interface HttpOptions {
  readonly dispatcher: Dispatcher;
  readonly origin: string;
  readonly username: string;
  readonly password: Secret;
  readonly userAgent: string;
  readonly minIntervalMs: number;
  readonly timeoutSeconds: number;
  readonly log: Log;
  /** Told when the password is refused, which closes the account. */
  readonly onRefused?: (error: AppError) => void;
  /** Sees the headers of every answer, refusals too. */
  readonly onAnswer?: (headers: Headers) => void;
}

interface Failed {
  readonly error: AppError;
  readonly redirect?: string;
  readonly failure?: Omit<Failure, 'method' | 'attempt'>;
}

type Outcome<T> = { readonly value: T } | Failed;

function basic(username: string, password: Secret): string {
  return `Basic ${Buffer.from(`${username}:${password.reveal()}`).toString('base64')}`;
}

function toPairs(headers: Record<string, string | string[] | undefined>): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) =>
    value === undefined
      ? []
      : (Array.isArray(value) ? value : [value]).map((one): [string, string] => [name, one]),
  );
}

/** Whether reading a body failed: the errors of sockets, of undici and of zlib all have a code. */
function isBroken(error: unknown): boolean {
  return error instanceof Error && !isAppError(error) && 'code' in error && typeof error.code === 'string';
}

async function beginning(body: Readable, signal: AbortSignal | undefined): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size >= REFUSAL_BYTES) break; // leaves and so destroys the stream
    }
  } catch (cause) {
    if (signal?.aborted) throw cancelled(cause);
  }
  return Buffer.concat(chunks).subarray(0, REFUSAL_BYTES).toString('utf8');
}

export function cancelled(cause?: unknown): AppError {
  return new AppError('cancelled', 'The call was cancelled', { cause });
}

/** For answers whose body says nothing: it is read to its end, so that the connection can be used again. */
export async function drain(body: Readable): Promise<void> {
  try {
    for await (const _ of body);
  } catch {
    // The status and the headers were all that mattered.
  }
}
