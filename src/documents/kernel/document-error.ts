export type DocumentErrorCode = 'encrypted' | 'damaged' | 'too_large' | 'unsupported' | 'timeout' | 'limit';

export interface DocumentAdvice {
  readonly hint: string;
  readonly excerpt?: string | undefined;
}

/** The document cannot be read. The message says why, the hint what to do instead. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError';
  readonly code: DocumentErrorCode;
  readonly hint: string;
  /** What is quoted of the document. Data, so it is fenced when it is shown. */
  readonly excerpt: string | undefined;

  constructor(
    code: DocumentErrorCode,
    message: string,
    advice: string | DocumentAdvice,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.code = code;
    const { hint, excerpt } = typeof advice === 'string' ? ({ hint: advice } as DocumentAdvice) : advice;
    this.hint = hint;
    this.excerpt = excerpt;
  }
}

/** A `DocumentError` as a plain object: a class instance cannot be sent between threads. */
export interface SerializedDocumentError {
  code: DocumentErrorCode;
  message: string;
  hint: string;
  excerpt?: string;
}

const openElsewhere = 'Download the file and open it with another program.';

export function damaged(message: string, cause?: unknown): DocumentError {
  return new DocumentError('damaged', message, `The file is damaged or incomplete. ${openElsewhere}`, {
    cause,
  });
}

export function encrypted(message: string): DocumentError {
  return new DocumentError('encrypted', message, 'Save a copy without a password and read that copy.');
}

export function limit(message: string): DocumentError {
  return new DocumentError('limit', message, openElsewhere);
}

export function documentTooLarge(message: string): DocumentError {
  return new DocumentError('too_large', message, openElsewhere);
}

export function unsupported(message: string, advice: string | DocumentAdvice = openElsewhere): DocumentError {
  return new DocumentError('unsupported', message, advice);
}

/** Any error of a reader as plain data. An error of a library itself is taken for a damaged file. */
export function serializeError(error: unknown): SerializedDocumentError {
  const known = error instanceof DocumentError ? error : fromLibrary(error);
  const { code, message, hint, excerpt } = known;
  return { code, message, hint, ...(excerpt === undefined ? {} : { excerpt }) };
}

function fromLibrary(error: unknown): DocumentError {
  const detail = messageOf(error);
  if (
    error instanceof RangeError &&
    /call stack|array (buffer )?length|string length|allocation/i.test(detail)
  ) {
    return limit(`The document needs more memory than the limit for one document (${short(detail)}).`);
  }
  return damaged(`The document could not be read (${short(detail)}).`, error);
}

/** The message of an error that may be anything. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function short(detail: string): string {
  return detail.replace(/[\x00-\x1f\x7f]+/g, ' ').slice(0, 160);
}
