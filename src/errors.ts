/**
 * Every failure the program can name. `code` is the contract with assistants and scripts,
 * `message` says what happened, `hint` what to do next.
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

export interface ErrorDetail {
  /** What the person or the assistant can do next, as one or two sentences. */
  hint?: string;
  /** HTTP status that led here. */
  status?: number;
  /** The request was not carried out and may be sent again later. */
  retryable?: boolean;
  /** A change that may or may not have been made: look before acting again. */
  uncertain?: boolean;
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
  readonly status: number | undefined;
  readonly retryable: boolean;
  readonly uncertain: boolean;
  readonly retryAfter: number | undefined;
  readonly excerpt: string | undefined;

  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.code = code;
    this.hint = detail.hint;
    this.status = detail.status;
    this.retryable = detail.retryable ?? false;
    this.uncertain = detail.uncertain ?? false;
    this.retryAfter = detail.retryAfter;
    this.excerpt = detail.excerpt;
  }

  /** The same failure in the words of a higher layer. */
  restate(message: string, hint?: string): AppError {
    return new AppError(this.code, message, { ...this.detail(), ...(hint ? { hint } : {}) });
  }

  /** `code: what happened. what to do next` */
  sentence(): string {
    return `${this.code}: ${closed(this.message)}${this.hint ? ` ${closed(this.hint)}` : ''}`;
  }

  private detail(): ErrorDetail {
    return {
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(this.status === undefined ? {} : { status: this.status }),
      ...(this.excerpt === undefined ? {} : { excerpt: this.excerpt }),
      ...(this.retryAfter === undefined ? {} : { retryAfter: this.retryAfter }),
      retryable: this.retryable,
      uncertain: this.uncertain,
      cause: this,
    };
  }
}

export function isAppError(error: unknown, ...codes: ErrorCode[]): error is AppError {
  return error instanceof AppError && (codes.length === 0 || codes.includes(error.code));
}

function closed(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
