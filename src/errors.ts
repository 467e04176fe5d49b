import { escapeLine } from './text/foreign-text.ts';
import type { Remedy } from './remedy.ts';

/**
 * Every failure the program can name. `code` is the contract with assistants and scripts,
 * `message` says what happened, `hint` and `remedy` what to do next.
 */
export const errorCodes = [
  'unauthorized',
  'forbidden',
  'not_found',
  'conflict',
  'exists',
  'precondition_failed',
  'locked',
  'quota_exceeded',
  'too_large',
  'rate_limited',
  'unavailable',
  'timeout',
  'cancelled',
  'invalid_input',
  'invalid_response',
  'config',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** What the person or the assistant can do next. */
export interface Advice {
  /** One or two sentences that hold wherever they are read: they name no tool, no parameter and no command. */
  readonly hint?: string | undefined;
  /** What each layer says in its own words, after the hint. */
  readonly remedy?: Remedy | undefined;
}

export interface ErrorDetail extends Advice {
  /** HTTP status that led here. */
  status?: number;
  /** The request was not carried out and may be sent again later. */
  retryable?: boolean;
  /** A change that may or may not have been made: look before acting again. */
  uncertain?: boolean;
  /** The same call would fail in the same way, so that nobody is told to try again. */
  lasting?: boolean;
  /** Text out of a file that shows what is meant. Data, so it is fenced when it is shown. */
  excerpt?: string;
  /** Seconds the server asked to wait (Retry-After, RFC 9110 section 10.2.3). */
  retryAfter?: number;
  cause?: unknown;
}

export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly remedy: Remedy | undefined;
  readonly status: number | undefined;
  readonly retryable: boolean;
  readonly uncertain: boolean;
  readonly lasting: boolean;
  readonly retryAfter: number | undefined;
  readonly excerpt: string | undefined;

  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.code = code;
    this.hint = detail.hint;
    this.remedy = detail.remedy;
    this.status = detail.status;
    this.retryable = detail.retryable ?? false;
    this.uncertain = detail.uncertain ?? false;
    this.lasting = detail.lasting ?? false;
    this.retryAfter = detail.retryAfter;
    this.excerpt = detail.excerpt;
  }

  /** The same failure in the words of a higher layer, which may know better what to do about it. */
  restate(
    message: string,
    { hint, remedy, uncertain = this.uncertain }: Advice & Pick<ErrorDetail, 'uncertain'> = this,
  ): AppError {
    return new AppError(this.code, message, { ...this.detail(), hint, remedy, uncertain });
  }

  private detail(): ErrorDetail {
    return {
      ...(this.status === undefined ? {} : { status: this.status }),
      ...(this.excerpt === undefined ? {} : { excerpt: this.excerpt }),
      ...(this.retryAfter === undefined ? {} : { retryAfter: this.retryAfter }),
      retryable: this.retryable,
      uncertain: this.uncertain,
      lasting: this.lasting,
      cause: this,
    };
  }
}

export function isAppError(error: unknown, ...codes: ErrorCode[]): error is AppError {
  return error instanceof AppError && (codes.length === 0 || codes.includes(error.code));
}

/** UTF-16 units of each part of an error, so that a long message leaves room for what to do next. */
const MAX_PART_CHARS = 2000;

/**
 * `code: what happened. what to do next`, on one line. Messages contain names and words from outside.
 *
 * @param say the words for a remedy in the layer that shows the error, in which nothing from outside is left as it came
 */
export function errorText(error: AppError, say: (remedy: Remedy) => string): string {
  const { code, message, hint, remedy } = error;
  const shown = [message, hint].filter((text) => text !== undefined && text !== '');
  const parts = shown.map((text) => escapeLine(String(text), MAX_PART_CHARS));
  const next = remedy && say(remedy);
  return `${code}: ${[...parts, ...(next ? [next] : [])].map(closed).join(' ')}`;
}

function closed(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
