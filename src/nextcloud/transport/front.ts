import type { Headers } from 'undici';
import { AppError } from '../../errors.ts';
import type { ErrorDetail } from '../../errors.ts';

/**
 * What stands before a Nextcloud: a web server, a reverse proxy, a firewall for the web. Any of them may refuse a
 * request by itself, some for a few methods only. Nextcloud's own refusals on these interfaces are XML or JSON.
 */

const byHeader: readonly (readonly [header: string, name: string])[] = [
  ['cf-ray', 'Cloudflare'],
  ['x-sucuri-id', 'Sucuri'],
  ['x-iinfo', 'Imperva'],
  ['x-amz-cf-id', 'CloudFront'],
];

/** The name of what stands before the Nextcloud, where its answer tells. */
export function frontName(headers: Headers): string | undefined {
  const found = byHeader.find(([header]) => headers.has(header));
  return (
    found?.[1] ??
    /^(cloudflare|nginx|openresty|caddy|haproxy|varnish|squid|envoy|traefik)\b/i.exec(
      headers.get('server') ?? '',
    )?.[0]
  );
}

export interface FrontRefusal {
  readonly method: string;
  readonly status: number;
  /** See {@link frontName}. */
  readonly front?: string;
}

// 501 is that of a program that knows no WebDAV at all.
const statuses = [401, 403, 405, 406, 413, 451];

/**
 * The error for a refusal by what stands before the Nextcloud.
 *
 * @returns undefined for a status that such a refusal does not have
 */
export function frontError(refusal: FrontRefusal, detail: ErrorDetail): AppError | undefined {
  const { method, status, front } = refusal;
  if (!statuses.includes(status)) return undefined;
  const who =
    front === undefined
      ? 'The web server or a proxy in front of the Nextcloud'
      : `${front} in front of the Nextcloud`;
  switch (status) {
    case 401:
      return new AppError('unauthorized', `${who} asks for a login of its own`, {
        ...detail,
        hint: 'The app password is not the reason, and a new one does not help. Ask whoever runs it to let requests to /remote.php, /ocs and /status.php through without that login.',
      });
    case 413:
      return new AppError('too_large', `${who} takes no file of this size: it answered ${method} with 413`, {
        ...detail,
        hint: 'Ask whoever runs it to raise its limit, for example client_max_body_size of nginx or LimitRequestBody of Apache. NEXTCLOUD_BODY_MB makes larger files go in smaller parts.',
      });
    case 405:
      return new AppError(
        'invalid_response',
        `${who} does not let ${method} through: it answered with ${status} and a web page`,
        {
          ...detail,
          hint: `Ask whoever runs it to allow the methods of WebDAV (${methods}). If nothing works here, NEXTCLOUD_URL is not the address that the browser shows when you are in your Nextcloud.`,
        },
      );
    default:
      return new AppError(
        'forbidden',
        `${who} refuses ${method} requests: it answered with ${status} and a web page`,
        {
          ...detail,
          hint: `The account is not the reason. Ask whoever runs it to allow the methods of WebDAV (${methods}) for this Nextcloud.`,
        },
      );
  }
}

const methods = 'PROPFIND, SEARCH, REPORT, PUT, MKCOL, MOVE, COPY, DELETE and PROPPATCH';
