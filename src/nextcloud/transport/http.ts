import type { Readable } from 'node:stream';
import type { Dispatcher, Headers } from 'undici';
import { isAppError } from '../../errors.ts';
import type { AppError } from '../../errors.ts';
import { requestScope } from '../../log.ts';
import type { Log } from '../../log.ts';
import { undici } from './connections.ts';
import type { Connections } from './connections.ts';
import { Cookies } from './cookies.ts';
import type { CredentialProvider } from './credentials.ts';
import { frontName } from './front.ts';
import { isFromFront, refusalError, unexpectedAnswer } from './http-errors.ts';
import type { RefusedAnswer } from './http-errors.ts';
import { isBroken, networkError, networkFailure } from './network-errors.ts';
import { readBeginning } from './body.ts';
import { cancelled, pause } from '../../pause.ts';
import { isRead, parseRetryAfter, retryDelay } from './retry.ts';
import type { RequestFailure } from './retry.ts';
import { RequestLimiter } from './request-limiter.ts';
import type { Turns } from './request-limiter.ts';

export interface HttpRequest {
  readonly method: string;
  /** Encoded path and query, appended to the origin. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A function makes the body anew for each attempt. */
  readonly body?: string | Uint8Array | (() => Readable);
  readonly signal?: AbortSignal | undefined;
  /** The statuses that mean success. Every other one is an error. */
  readonly expect: readonly number[];
  /** Matches the content type that the answer must have. */
  readonly type?: RegExp;
  /** Not to be repeated once the answer has begun: the caller resumes where it broke off. */
  readonly once?: boolean;
  /** Answered without a login, so that a success does not confirm the password. */
  readonly open?: boolean;
  /** Transfers the content of a file. It has no time limit as long as bytes arrive. */
  readonly transfer?: boolean;
  /** Milliseconds that the server may take before it answers, when that is longer than usual. */
  readonly quietMs?: number;
  /** The expected answer in words, for the message about an unexpected one. */
  readonly wanted: string;
}

/** One sending of a request. */
interface Attempt extends HttpRequest {
  /** The credentials were renewed for it, so that they are not renewed again. */
  readonly final: boolean;
}

export interface HttpReply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readable;
}

/** A request that is not a transfer must end within this many times the timeout. */
const TIMEOUTS = 4;
const DEFAULT_CONCURRENCY = 4;

/**
 * Every HTTP request of one account goes through here: authentication, cookies, rate limits,
 * retries, checks of status and content type, and the conversion of failures to errors.
 */
export class Http {
  readonly #options: HttpOptions;
  readonly #cookies = new Cookies();
  readonly #limiter: RequestLimiter;
  #origin: string;
  #closed: AppError | undefined;

  constructor(options: HttpOptions) {
    this.#options = options;
    this.#origin = options.origin;
    const { maxConcurrency = DEFAULT_CONCURRENCY, minIntervalMs, share } = options;
    this.#limiter = new RequestLimiter(maxConcurrency, share ?? minIntervalMs);
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
  async exchange<T>(request: HttpRequest, consume: (reply: HttpReply) => Promise<T>): Promise<T> {
    for (let attempt = 1, renewed = false; ; attempt++) {
      const outcome = await this.#try({ ...request, final: renewed }, consume);
      if ('value' in outcome) return outcome.value;
      const { error, redirect, failure } = outcome;
      if (redirect !== undefined) {
        this.#origin = redirect;
        continue;
      }
      if (outcome.renewed) {
        renewed = true;
        continue;
      }
      const delay = failure && retryDelay({ ...failure, method: request.method, attempt }, Math.random());
      if (delay === undefined) throw error;
      this.#options.log.debug(
        { method: request.method, attempt, delay, code: error.code },
        'retrying the request',
      );
      await pause(delay, request.signal);
    }
  }

  async #try<T>(request: Attempt, consume: (reply: HttpReply) => Promise<T>): Promise<Outcome<T>> {
    await this.#limiter.take(request.signal);
    try {
      if (this.#closed) throw this.#closed;
      return await this.#withinTime(request, consume);
    } finally {
      this.#limiter.giveBack();
    }
  }

  // The dispatcher limits the time between bytes, but not the time of a whole answer.
  async #withinTime<T>(request: Attempt, consume: (reply: HttpReply) => Promise<T>): Promise<Outcome<T>> {
    const { signal, transfer } = request;
    if (transfer) return this.#send(request, signal, consume);
    const late = new AbortController();
    const end = (): void => late.abort(new DOMException('The answer took too long', 'TimeoutError'));
    // Not AbortSignal.timeout(): that holds on to all that its caller knows until the time is over.
    const timer = setTimeout(end, this.#options.timeoutSeconds * 1000 * TIMEOUTS).unref();
    try {
      return await this.#send(
        request,
        signal ? AbortSignal.any([signal, late.signal]) : late.signal,
        consume,
      );
    } finally {
      clearTimeout(timer);
    }
  }

  async #send<T>(
    request: Attempt,
    signal: AbortSignal | undefined,
    consume: (reply: HttpReply) => Promise<T>,
  ): Promise<Outcome<T>> {
    const { method, path } = request;
    const origin = this.#origin;
    const started = Date.now();
    const authorization = await this.#options.credentials.authorization(signal);
    let answer: Dispatcher.ResponseData;
    try {
      answer = await this.#options.dispatcher.request({
        origin,
        path,
        method,
        headers: this.#headers(request, authorization),
        body: typeof request.body === 'function' ? request.body() : (request.body ?? null),
        signal: signal ?? null,
        ...(request.quietMs === undefined ? {} : { headersTimeout: request.quietMs }),
      });
    } catch (cause) {
      if (request.signal?.aborted) throw cancelled(cause);
      if (isAppError(cause)) throw cause;
      return this.#broken(cause, true);
    }
    // An error of a body that is abandoned unread has no other listener, and would end the process.
    answer.body.on('error', () => undefined);
    const library = await undici();
    const headers = new library.Headers(toPairs(answer.headers));
    this.#cookies.read(library.getSetCookies(headers));
    const mixedUp = this.#options.onAnswer?.(headers);
    if (mixedUp) {
      this.forgetSession();
      answer.body.destroy();
      const error = mixedUp(!isRead(method));
      return { error, failure: { network: 'broken', replayable: true } };
    }
    this.#options.log.debug({ method, path, status: answer.statusCode, ms: Date.now() - started }, 'request');
    const type = headers.get('content-type') ?? '';
    if (!request.expect.includes(answer.statusCode) || !(request.type?.test(type) ?? true))
      return this.#refuse({ ...request, origin, authorization }, answer, headers);
    if (!request.open) this.#limiter.accept();
    try {
      return { value: await consume({ status: answer.statusCode, headers, body: answer.body }) };
    } catch (cause) {
      if (request.signal?.aborted) throw cancelled(cause);
      // An error of the consumer itself is not a network failure.
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

  async #refuse(
    request: Attempt & { readonly origin: string; readonly authorization: string | undefined },
    answer: Dispatcher.ResponseData,
    headers: Headers,
  ): Promise<Failed> {
    const status = answer.statusCode;
    const retryAfter = parseRetryAfter(headers.get('retry-after') ?? undefined, Date.now());
    const location = headers.get('location');
    const front = frontName(headers);
    const refusal: RefusedAnswer = {
      method: request.method,
      status,
      contentType: headers.get('content-type') ?? '',
      body: await readBeginning(answer.body),
      ...(retryAfter === undefined ? {} : { retryAfter }),
      ...(location === null ? {} : { location }),
      ...(front === undefined ? {} : { front }),
    };
    answer.body.destroy();
    if (request.signal?.aborted) throw cancelled(request.signal.reason);
    if (status >= 200 && status < 300) return { error: unexpectedAnswer(refusal, request.wanted) };
    const error = refusalError(refusal);
    if (status === 401) {
      const { credentials } = this.#options;
      // Another login than that of the Nextcloud is asked for.
      const renewed = !isFromFront(refusal) && (await credentials.refused(error, request.authorization));
      if (renewed && !request.final) return { error, renewed };
      this.#closed = error;
    }
    const redirect = location === null ? undefined : secureTwin(request.origin, location, request.path);
    return {
      error,
      ...(redirect === undefined ? {} : { redirect }),
      failure: { status, replayable: true, ...(retryAfter === undefined ? {} : { retryAfter }) },
    };
  }

  #headers(request: HttpRequest, authorization: string | undefined): Record<string, string> {
    const { userAgent } = this.#options;
    const requestId = requestScope.getStore();
    const cookie = this.#cookies.header();
    return {
      'user-agent': userAgent,
      accept: '*/*',
      'accept-encoding': 'identity',
      ...(requestId === undefined ? {} : { 'x-request-id': requestId }),
      ...(authorization === undefined ? {} : { authorization }),
      ...(cookie === undefined ? {} : { cookie }),
      ...request.headers,
    };
  }
}

export interface HttpOptions {
  readonly dispatcher: Connections;
  readonly origin: string;
  /** When it cannot replace a refused credential, the account is closed and sends no more requests. */
  readonly credentials: CredentialProvider;
  readonly userAgent: string;
  readonly minIntervalMs: number;
  /** Maximum number of parallel requests. */
  readonly maxConcurrency?: number;
  /** Shared with other accounts, in place of `minIntervalMs`: what each request waits for besides `maxConcurrency`. */
  readonly share?: Turns | undefined;
  readonly timeoutSeconds: number;
  readonly log: Log;
  /** Receives the headers of every answer, including refusals. Returns a function that makes the error when the answer belongs to another user. */
  readonly onAnswer?: (headers: Headers) => ((uncertain: boolean) => AppError) | undefined;
}

interface Failed {
  readonly error: AppError;
  readonly redirect?: string;
  /** The credentials were renewed, so the request is to be sent again. */
  readonly renewed?: boolean;
  readonly failure?: Omit<RequestFailure, 'method' | 'attempt'>;
}

type Outcome<T> = { readonly value: T } | Failed;

/** The target of a redirect from http to https of the same host and path. No other redirect is followed. */
function secureTwin(origin: string, location: string, path: string): string | undefined {
  const here = new URL(origin);
  const there = URL.parse(location, origin);
  const same = there?.hostname === here.hostname && there.pathname + there.search === path;
  return same && here.protocol === 'http:' && there.protocol === 'https:' ? there.origin : undefined;
}

function toPairs(headers: Record<string, string | string[] | undefined>): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) =>
    value === undefined
      ? []
      : (Array.isArray(value) ? value : [value]).map((one): [string, string] => [name, one]),
  );
}
