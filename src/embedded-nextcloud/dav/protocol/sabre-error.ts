import { escapeText } from '../../http/escape.ts';

const SABRE = 'Sabre\\DAV\\Exception\\';
const NEXTCLOUD = 'OCA\\DAV\\Connector\\Sabre\\Exception\\';

/** An error response of Sabre: a status, the class of a PHP exception and its message. */
export class SabreError extends Error {
  readonly status: number;
  readonly exception: string;
  readonly headers: Readonly<Record<string, string>>;
  /** XML elements after the message. */
  readonly extra: readonly string[];
  /** Namespace declarations of the root element besides `d` and `s`. */
  readonly namespaces: string;

  constructor(
    status: number,
    exception: string,
    message: string,
    more: { headers?: Record<string, string>; extra?: readonly string[]; namespaces?: string } = {},
  ) {
    super(message);
    this.status = status;
    this.exception = exception;
    this.headers = more.headers ?? {};
    this.extra = more.extra ?? [];
    this.namespaces = more.namespaces ?? '';
  }

  get xml(): string {
    const message =
      this.message === '' ? '<s:message/>' : `<s:message>${escapeText(this.message)}</s:message>`;
    return (
      '<?xml version="1.0" encoding="utf-8"?>\n' +
      `<d:error xmlns:d="DAV:" xmlns:s="http://sabredav.org/ns"${this.namespaces}>\n` +
      `  <s:exception>${escapeText(this.exception)}</s:exception>\n` +
      `  ${message}\n${this.extra.map((line) => `  ${line}\n`).join('')}</d:error>\n`
    );
  }
}

/** The Allow header of Sabre (RFC 9110 section 10.2.1). */
export const allowedMethods =
  'OPTIONS, GET, HEAD, DELETE, PROPFIND, PUT, PROPPATCH, COPY, MOVE, REPORT, LOCK, UNLOCK';

export const badRequest = (message: string): SabreError => new SabreError(400, `${SABRE}BadRequest`, message);
export const notFound = (message: string): SabreError => new SabreError(404, `${SABRE}NotFound`, message);
export const forbidden = (message = ''): SabreError => new SabreError(403, `${SABRE}Forbidden`, message);
export const conflict = (message: string): SabreError => new SabreError(409, `${SABRE}Conflict`, message);
export const fileNotFound = (path: string): SabreError =>
  notFound(`File with name ${path} could not be located`);
export const unavailable = (message: string): SabreError =>
  new SabreError(503, `${SABRE}ServiceUnavailable`, message);
export const fileLocked = (path: string): SabreError =>
  new SabreError(423, `${NEXTCLOUD}FileLocked`, `"${path}" is locked`);
export const unsupportedMediaType = (message: string): SabreError =>
  new SabreError(415, `${SABRE}UnsupportedMediaType`, message);
export const reportNotSupported = (): SabreError =>
  new SabreError(415, `${SABRE}ReportNotSupported`, '', { extra: ['<d:supported-report/>'] });
export const notAllowed = (message: string): SabreError =>
  new SabreError(405, `${SABRE}MethodNotAllowed`, message, { headers: { Allow: allowedMethods } });
export const notImplemented = (method: string): SabreError =>
  new SabreError(
    501,
    `${SABRE}NotImplemented`,
    `There was no plugin in the system that was willing to handle this ${method} method.`,
  );
export const preconditionFailed = (
  message: string,
  header: string,
  headers: Record<string, string> = {},
): SabreError =>
  new SabreError(412, `${SABRE}PreconditionFailed`, message, {
    headers,
    extra: header ? [`<s:header>${header}</s:header>`] : [],
  });
export const noRoom = (message: string): SabreError =>
  new SabreError(507, `${SABRE}InsufficientStorage`, message);
export const payloadTooLarge = (message: string): SabreError =>
  new SabreError(413, `${NEXTCLOUD}EntityTooLarge`, message);
export const badRange = (message: string, headers: Record<string, string>): SabreError =>
  new SabreError(416, `${SABRE}RequestedRangeNotSatisfiable`, message, { headers });
export const phpError = (exception: string, message: string): SabreError =>
  new SabreError(500, exception, message);
export const invalidArgument = (message: string): SabreError => phpError('InvalidArgumentException', message);
export const typeError = (): SabreError =>
  phpError(
    'TypeError',
    'A type error occurred. For more details, please refer to the logs, which provide additional context about the type error.',
  );
/** The error for an invalid name (apps/dav/lib/Connector/Sabre/Exception/InvalidPath.php). */
export const invalidPath = (message: string): SabreError =>
  new SabreError(400, `${NEXTCLOUD}InvalidPath`, message, {
    namespaces: ' xmlns:o="http://owncloud.org/ns"',
    extra: [
      '<o:retry xmlns:o="o:">false</o:retry>',
      `<o:reason xmlns:o="o:">${escapeText(message)}</o:reason>`,
    ],
  });
export const throttled = (): SabreError =>
  new SabreError(429, `${NEXTCLOUD}TooManyRequests`, 'too many requests', {
    namespaces: ' xmlns:o="http://owncloud.org/ns"',
    extra: ['<o:hint xmlns:o="o:">too many requests</o:hint>'],
  });
export const maintenance = (): SabreError =>
  new SabreError(503, 'OCA\\DAV\\Exception\\ServerMaintenanceMode', 'System is in maintenance mode.', {
    headers: { 'X-Nextcloud-Maintenance-Mode': '1' },
  });
export const locked = (href: string): SabreError =>
  new SabreError(423, `${SABRE}Locked`, '', {
    extra: [
      `<d:lock-token-submitted>\n    <d:href>${escapeText(href)}</d:href>\n  </d:lock-token-submitted>`,
    ],
  });
