import { AppError } from '../../errors.ts';
import type { Advice, ErrorCode } from '../../errors.ts';
import { isRead } from './retry.ts';
import { frontError } from './front.ts';
import { reasonedError } from './server-reasons.ts';

/** The parts of a refusal that tell its reason. */
export interface RefusedAnswer {
  readonly method: string;
  readonly status: number;
  readonly contentType: string;
  /** The beginning of the body, see `readBeginning`. */
  readonly body: string;
  readonly retryAfter?: number;
  readonly location?: string;
  /** What stands before the Nextcloud, see `frontName`. */
  readonly front?: string;
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
  unavailable: 'Try again in a moment. If the error persists, check the log of the Nextcloud.',
  timeout: 'Try again in a moment. If the error persists, check the log of the Nextcloud.',
  forbidden: 'The account does not have this permission, or the name is reserved by Nextcloud.',
  invalid_input: 'Check the name and the other parameters.',
  precondition_failed: 'Read the file again, then repeat the change.',
  too_large: 'The server takes no file of this size.',
};

function adviceFor(code: ErrorCode): Advice {
  const hint = hints[code];
  if (hint !== undefined) return { hint };
  return { remedy: { kind: ['not_found', 'conflict'].includes(code) ? 'list' : 'check-connection' } };
}

/** Turns an HTTP status and a Sabre exception into an error. The only place that interprets refusals. */
export function refusalError(refusal: RefusedAnswer): AppError {
  const { status, method, body, retryAfter } = refusal;
  const exception = tag(body, 's:exception');
  const reason = tag(body, 's:message') || ocsMessage(body);
  const detail = { status, ...(retryAfter === undefined ? {} : { retryAfter }) };
  if (status >= 300 && status < 400)
    return new AppError(
      'config',
      `The server redirects this address to ${cleanText(refusal.location ?? 'another one')}`,
      {
        ...detail,
        hint: 'Set NEXTCLOUD_URL to the address that the browser shows when you are in your Nextcloud.',
      },
    );
  const told = isFromFront(refusal)
    ? frontError(refusal, detail)
    : reasonedError({ method, status, exception, reason: cleanText(reason) }, detail);
  if (told) return told;
  if (status === 401)
    return new AppError('unauthorized', 'Nextcloud did not accept the user name and app password', {
      ...detail,
      hint: 'Check both, or create a new app password in Nextcloud under Settings, Security, Devices & sessions. The password was tried once and is not tried again, so that Nextcloud does not lock you out.',
      remedy: { kind: 'correct-settings' },
    });
  if (status === 503 && /maintenance/i.test(exception + reason))
    return new AppError('unavailable', 'The Nextcloud is in maintenance mode', {
      ...detail,
      hint: 'Try again later.',
    });
  if (status === 503 && /disabled/i.test(exception + reason))
    return new AppError('forbidden', 'This account is disabled on the server', {
      ...detail,
      hint: 'Ask the administrator.',
    });
  if (status === 503 && offlineStorage.test(reason))
    return new AppError(
      'unavailable',
      `Nextcloud cannot reach the storage of this folder now: ${cleanText(reason)}`,
      {
        ...detail,
        retryable: isRead(method),
        hint: 'Nothing was changed. Try again later, or ask whoever set up this external storage.',
      },
    );
  if (status === 429)
    return new AppError('rate_limited', 'Nextcloud is refusing requests from this address for some time', {
      ...detail,
      retryable: true,
      hint: retryAfter ? `Try again in ${retryAfter} s.` : 'Wait a few minutes before trying again.',
    });
  if (status === 423 || /LockedException|FileLocked/.test(exception))
    return new AppError('locked', 'The file is locked by another program or person', {
      ...detail,
      retryable: true,
      hint: 'If it is open in an editor, close it there. The details of the file name who holds the lock. Otherwise try again in a moment.',
    });
  if (status === 507)
    return new AppError('quota_exceeded', 'There is not enough space in the Nextcloud', {
      ...detail,
      hint: 'Free some space (the trash counts as well) or ask for a larger quota.',
    });
  if (/InvalidPath|ForbiddenException/.test(exception))
    return new AppError(
      'invalid_input',
      `Nextcloud does not allow this name${reason ? `: ${cleanText(reason)}` : ''}`,
      {
        ...detail,
        hint: 'Choose another name.',
      },
    );
  // Refusals from Nextcloud itself are XML or JSON on these interfaces.
  if ([404, 501].includes(status) && exception === '' && isWebPage(refusal))
    return new AppError(
      'invalid_response',
      `There is no Nextcloud at this address: it answered ${method} with ${status} and a web page`,
      {
        ...detail,
        hint: 'Set NEXTCLOUD_URL to the address that the browser shows when you are in your Nextcloud, without the part after its folder.',
      },
    );
  const code = codes[status] ?? (status >= 500 ? 'unavailable' : 'invalid_response');
  const what = reason ? `: ${cleanText(reason)}` : '';
  return new AppError(code, `Nextcloud answered ${method} with ${status}${what}`, {
    ...detail,
    uncertain: !isRead(method) && (status === 408 || status >= 500),
    retryable: [408, 502, 503, 504].includes(status),
    ...adviceFor(code),
  });
}

/** Whether something before the Nextcloud refuses a request. Nextcloud itself answers with XML or JSON. */
export function isFromFront(refusal: RefusedAnswer): boolean {
  const { body } = refusal;
  return tag(body, 's:exception') === '' && ocsMessage(body) === '' && isWebPage(refusal);
}

/** How Nextcloud's storages tell that they are not there: of all, of a WebDAV storage, of a local folder. */
const offlineStorage =
  /^Storage (with mount id|is temporarily)|StorageNotAvailable|ClientException: |storage path does not exist/i;

function isWebPage({ contentType, body }: RefusedAnswer): boolean {
  return /html/i.test(contentType) || /^\s*<(!doctype html|html)/i.test(body);
}

/** The error for a successful answer that does not come from a Nextcloud, such as a login page or the page of a proxy. */
export function unexpectedAnswer(refusal: RefusedAnswer, wanted: string): AppError {
  const html = isWebPage(refusal);
  const what = html ? 'a web page' : refusal.contentType === '' ? 'an empty answer' : refusal.contentType;
  return new AppError(
    'invalid_response',
    `The server answered ${refusal.method} with ${refusal.status} and ${cleanText(what)} instead of ${wanted}. The answer was ignored`,
    {
      status: refusal.status,
      uncertain: !isRead(refusal.method),
      hint: html
        ? 'There may be a login page or a proxy in front of the Nextcloud, or NEXTCLOUD_URL is not its address.'
        : 'Check NEXTCLOUD_URL.',
      remedy: { kind: 'check-connection' },
    },
  );
}

function tag(xml: string, name: string): string {
  const found = new RegExp(`<${name}>([^<]{0,2000})</${name}>`).exec(xml)?.[1] ?? '';
  return found.replace(/&(lt|gt|quot|apos|#039|amp);/g, (_, entity: string) => entities[entity] ?? '');
}

/** The message of a refusal from the OCS API. */
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

/** Makes text from a server fit for a message: one line, no control or direction characters, at most 300 characters. */
export function cleanText(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, 300);
}
