export type FailureCode = 'encrypted' | 'damaged' | 'too_large' | 'unsupported' | 'timeout' | 'limit';

/** A document that cannot be read, why, and what to do instead. */
export class ExtractError extends Error {
  override readonly name = 'ExtractError';
  readonly code: FailureCode;
  readonly hint: string;

  constructor(code: FailureCode, message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }
}

/** An error of a thread, flattened: classes do not survive the crossing. */
export interface ExtractFailure {
  code: FailureCode;
  message: string;
  hint: string;
}

const elsewhere = 'Download it to look at it with another program.';

export function damaged(what: string, cause?: unknown): ExtractError {
  return new ExtractError('damaged', what, `The file is damaged or incomplete. ${elsewhere}`, { cause });
}

export function encrypted(what: string): ExtractError {
  return new ExtractError('encrypted', what, 'Save a copy without a password, and read that.');
}

export function limit(what: string): ExtractError {
  return new ExtractError('limit', what, elsewhere);
}

export function documentTooLarge(what: string): ExtractError {
  return new ExtractError('too_large', what, elsewhere);
}

export function unsupported(what: string, hint = elsewhere): ExtractError {
  return new ExtractError('unsupported', what, hint);
}

/** Whatever a reader threw, as an answer: a library's own error means that the file confused it. */
export function asFailure(error: unknown): ExtractFailure {
  const known = error instanceof ExtractError ? error : fromLibrary(error);
  return { code: known.code, message: known.message, hint: known.hint };
}

function fromLibrary(error: unknown): ExtractError {
  const detail = error instanceof Error ? error.message : String(error);
  if (
    error instanceof RangeError &&
    /call stack|array (buffer )?length|string length|allocation/i.test(detail)
  ) {
    return limit(`It needs more memory than one document may have (${short(detail)}).`);
  }
  return damaged(`It could not be read (${short(detail)}).`, error);
}

function short(detail: string): string {
  return detail.replace(/[\x00-\x1f\x7f]+/g, ' ').slice(0, 160);
}
