import { AppError } from '../../errors.ts';
import type { Advice, ErrorCode } from '../../errors.ts';
import { isRead } from './retry.ts';
import type { NetworkFailure } from './retry.ts';
import { unconnected } from './unconnected.ts';

/** What a refusing answer said, as far as it can be told. */
export interface RefusedAnswer {
  readonly method: string;
  readonly status: number;
  readonly contentType: string;
  /** First kilobytes of the body. */
  readonly body: string;
  readonly retryAfter?: number;
  readonly location?: string;
}

const codes: Readonly<Record<number, ErrorCode>> = {
  400: 'invalid_input',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  405: 'conflict',
  408: 'timeout',
  409: 'conflict',
  412: 'precondition_failed',
  413: 'too_large',
  416: 'invalid_input',
  423: 'locked',
  429: 'rate_limited',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
  507: 'quota_exceeded',
};

const hints: Partial<Readonly<Record<ErrorCode, string>>> = {
  unavailable: 'Try again in a moment. If it stays, look at the log of the Nextcloud.',
  timeout: 'Try again in a moment. If it stays, look at the log of the Nextcloud.',
  forbidden: 'The account may not do this there, or Nextcloud keeps the name for itself.',
  invalid_input: 'Check the name and the other parameters.',
  precondition_failed: 'Read the file again, then repeat the change.',
  too_large: 'The server takes no file of this size in one piece.',
};

function adviceFor(code: ErrorCode): Advice {
  const hint = hints[code];
  if (hint !== undefined) return { hint };
  return { remedy: { kind: ['not_found', 'conflict'].includes(code) ? 'list' : 'check-connection' } };
}

/** HTTP status and Sabre exception -> error. The one table of what Nextcloud's refusals mean. */
export function refusalError(refusal: RefusedAnswer): AppError {
  const { status, method, body, retryAfter } = refusal;
  const exception = tag(body, 's:exception');
  const said = tag(body, 's:message') || ocsMessage(body);
  const detail = { status, ...(retryAfter === undefined ? {} : { retryAfter }) };
  if (status >= 300 && status < 400)
    return new AppError(
      'config',
      `The server sends this address on to ${cleanText(refusal.location ?? 'another one')}`,
      {
        ...detail,
        hint: 'Set NEXTCLOUD_URL to the address that the browser shows when you are in your Nextcloud.',
      },
    );
  if (status === 401)
    return new AppError('unauthorized', 'Nextcloud did not accept the user name and app password', {
      ...detail,
      hint: 'Make a new app password in Nextcloud under Settings, Security, Devices & sessions, set NEXTCLOUD_USERNAME and NEXTCLOUD_PASSWORD, and restart. It was tried once and is not tried again, so that Nextcloud does not lock you out.',
    });
  if (status === 503 && /maintenance/i.test(exception + said))
    return new AppError('unavailable', 'The Nextcloud is in maintenance mode', {
      ...detail,
      hint: 'Try again later.',
    });
  if (status === 503 && /disabled/i.test(exception + said))
    return new AppError('forbidden', 'This account is disabled on the server', {
      ...detail,
      hint: 'Ask the administrator.',
    });
  if (status === 429)
    return new AppError('rate_limited', 'Nextcloud is refusing requests from this address for a while', {
      ...detail,
      retryable: true,
      hint: retryAfter ? `Try again in ${retryAfter} s.` : 'Wait some minutes before trying again.',
    });
  if (status === 423 || /LockedException|FileLocked/.test(exception))
    return new AppError('locked', 'The file is locked by another program or person', {
      ...detail,
      retryable: true,
      hint: 'Try again in a moment.',
    });
  if (status === 507)
    return new AppError('quota_exceeded', 'There is not enough space in the Nextcloud', {
      ...detail,
      hint: 'Free some space (the trash counts too) or ask for a larger quota.',
    });
  if (/InvalidPath|ForbiddenException/.test(exception))
    return new AppError(
      'invalid_input',
      `Nextcloud does not allow this name${said ? `: ${cleanText(said)}` : ''}`,
      {
        ...detail,
        hint: 'Choose another name.',
      },
    );
  // Nextcloud's own refusals on these interfaces are XML or JSON.
  if ([404, 405, 501].includes(status) && exception === '' && isWebPage(refusal))
    return new AppError(
      'invalid_response',
      `There is no Nextcloud here: ${method} was answered with ${status} and a web page`,
      {
        ...detail,
        hint: 'Set NEXTCLOUD_URL to the address that the browser shows when you are in your Nextcloud, without what follows its folder.',
      },
    );
  const code = codes[status] ?? (status >= 500 ? 'unavailable' : 'invalid_response');
  const what = said ? `: ${cleanText(said)}` : '';
  return new AppError(code, `Nextcloud answered ${method} with ${status}${what}`, {
    ...detail,
    uncertain: !isRead(method) && (status === 408 || status >= 500),
    retryable: [408, 502, 503, 504].includes(status),
    ...adviceFor(code),
  });
}

function isWebPage({ contentType, body }: RefusedAnswer): boolean {
  return /html/i.test(contentType) || /^\s*<(!doctype html|html)/i.test(body);
}

/** An answer that arrived but is not what a Nextcloud says: a login page, a proxy's page, another program. */
export function unexpectedAnswer(refusal: RefusedAnswer, wanted: string): AppError {
  const html = isWebPage(refusal);
  const what = html ? 'a web page' : refusal.contentType === '' ? 'an empty answer' : refusal.contentType;
  return new AppError(
    'invalid_response',
    `The server answered ${refusal.method} with ${refusal.status} and ${cleanText(what)} instead of ${wanted}. Nothing was taken from it`,
    {
      status: refusal.status,
      uncertain: !isRead(refusal.method),
      hint: html
        ? 'A login page or a proxy stands before the Nextcloud, or NEXTCLOUD_URL is not its address.'
        : 'Check NEXTCLOUD_URL.',
      remedy: { kind: 'check-connection' },
    },
  );
}

// A first record that is no TLS, in the words of OpenSSL: as a code, or in the message of an EPROTO.
const notTls = /WRONG.VERSION.NUMBER|PACKET.LENGTH.TOO.LONG/i;
const notHttp = /^(HPE_|Z_|UND_ERR_HEADERS_OVERFLOW$)/;
const certificates = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|ERR_TLS|ALTNAME/;

/** Whether sending or reading failed: the errors of sockets, of undici and of zlib all have a code. */
export function isBroken(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof AppError) return false;
  return codeOf(error) !== '' || ['TimeoutError', 'HTTPParserError'].includes(error.name);
}

/** Sorts what the HTTP library throws. */
export function networkFailure(error: unknown): NetworkFailure {
  const code = codeOf(error);
  if (certificates.test(code)) return 'certificate';
  if (notHttp.test(code) || nameOf(error) === 'HTTPParserError') return 'garbage';
  if (nameOf(error) === 'TimeoutError') return 'timeout';
  if (['ENOTFOUND', 'EAI_AGAIN'].includes(code)) return 'name';
  if (['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'].includes(code)) return 'timeout';
  if (['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT'].includes(code))
    return 'unsent';
  if (!neverConnected(error)) return 'broken';
  if (notTls.test(`${code} ${error instanceof Error ? error.message : ''}`)) return 'plain';
  return /^(ERR_SSL_|EPROTO$)/.test(code) ? 'handshake' : 'unsent';
}

export function networkError(error: unknown, host: string, seconds: number): AppError {
  const code = codeOf(error);
  const more = code === '' ? '' : ` (${code})`;
  switch (networkFailure(error)) {
    case 'certificate':
      return new AppError('config', `The certificate of ${host} is not trusted${more}`, {
        cause: error,
        hint: 'If it is your own, put its PEM file into NEXTCLOUD_CA_FILE. NEXTCLOUD_VERIFY_SSL=false accepts any certificate, which is not safe outside your own network.',
      });
    case 'name':
      return new AppError('unavailable', `There is no host called ${host}${more}`, {
        cause: error,
        hint: 'Check NEXTCLOUD_URL for a typing mistake, and the network.',
      });
    case 'timeout':
      return new AppError('timeout', `${host} sent nothing for ${seconds} s`, {
        cause: error,
        retryable: true,
        uncertain: true,
        hint: 'Try again. NEXTCLOUD_TIMEOUT_SECONDS allows more time.',
      });
    case 'garbage':
      return new AppError('invalid_response', `${host} does not answer as a web server does${more}`, {
        cause: error,
        uncertain: true,
        hint: 'Something between here and the Nextcloud damages its answers, or NEXTCLOUD_URL has the wrong port.',
      });
    case 'plain':
      return new AppError('config', `${host} does not speak https${more}`, {
        cause: error,
        hint: 'NEXTCLOUD_URL names the wrong port, or a server that speaks http: then it begins with http://.',
      });
    case 'handshake':
      return new AppError('config', `${host} refused to begin an encrypted connection${more}`, {
        cause: error,
        hint: 'Check host and port in NEXTCLOUD_URL. If they are right, its administrator should look at its TLS, 1.2 or 1.3.',
      });
    case 'unsent':
      return new AppError('unavailable', `${host} cannot be reached${more}`, {
        cause: error,
        retryable: true,
        hint: 'Check that the Nextcloud is running, NEXTCLOUD_URL and the network.',
      });
    case 'broken':
      return new AppError('unavailable', `The connection to ${host} broke${more}`, {
        cause: error,
        retryable: true,
        uncertain: true,
        hint: 'Try again.',
      });
  }
}

function neverConnected(error: unknown): boolean {
  for (let current = error; current instanceof Error; current = current.cause)
    if (unconnected.has(current)) return true;
  return false;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

function codeOf(error: unknown): string {
  for (let current = error; current instanceof Error; current = current.cause) {
    if (current instanceof AggregateError) return codeOf(current.errors[0]);
    if ('code' in current && typeof current.code === 'string') return current.code;
  }
  return '';
}

function tag(xml: string, name: string): string {
  const found = new RegExp(`<${name}>([^<]{0,2000})</${name}>`).exec(xml)?.[1] ?? '';
  return found.replace(/&(lt|gt|quot|apos|#039|amp);/g, (_, entity: string) => entities[entity] ?? '');
}

/** What the OCS interface says of a refusal. */
function ocsMessage(body: string): string {
  const found = /^\{"ocs":\{"meta":\{.{0,200}?"message":("(?:[^"\\]|\\.){0,500}")/s.exec(body)?.[1];
  try {
    return found === undefined ? '' : String(JSON.parse(found));
  } catch {
    return '';
  }
}

const entities: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  '#039': "'",
  amp: '&',
};

/** Text that a server wrote, made fit for a message: one line, no control or direction marks, short. */
export function cleanText(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, 300);
}
