import type { Config } from '../../config/config.ts';
import { isLoopbackAddress } from '../../config/http.ts';
import type { HttpSettings } from '../../config/http.ts';
import type { TokenOrigin } from './token.ts';

/** What is known when the server has started. */
export interface Started {
  readonly config: Config;
  readonly settings: HttpSettings;
  /** `http://host:port` */
  readonly url: string;
  /** Absent when no token is required. */
  readonly origin: TokenOrigin | undefined;
}

/**
 * What the person who starts the server must know: whose files it serves, where, and what a client has to send. The
 * lines may hold a new token, so they must not be logged.
 */
export function startLines({ config, settings, url, origin }: Started): string[] {
  const isPlain = !isLoopbackAddress(settings.host) && !settings.trustProxy;
  return [
    `Serving ${whose(config, settings)}.`,
    ...(origin
      ? tokenLines(origin)
      : ['WARNING: no token is required. Every program on this computer can access your files.']),
    ...(isPlain
      ? ['This is plain HTTP: put a reverse proxy with TLS in front of it, and set MCP_TRUST_PROXY.']
      : []),
    // Last: who waits for it has read the rest.
    `Listening at ${url}/mcp${settings.sse ? ` and ${url}/sse` : ''}`,
  ];
}

function whose({ account, url }: Config, { accounts }: HttpSettings): string {
  const place = url?.href.replace(/\/$/, '') ?? '';
  return accounts === 'header'
    ? `the files of each caller at ${place}, with the login in the headers X-Nextcloud-Username and X-Nextcloud-Password`
    : `the files of ${account?.username ?? ''} at ${place}`;
}

const OWN = 'Set MCP_TOKEN to use a token of your own.';

function tokenLines(origin: TokenOrigin): string[] {
  switch (origin.kind) {
    case 'given':
      return [
        `Clients send this header, with the token of ${origin.from} in place of the dots:`,
        header('...'),
      ];
    case 'made':
      return [
        'Clients send this header. Its token is shown only once:',
        header(origin.token),
        origin.stored
          ? `The token stays valid, because its hash is stored. ${OWN}`
          : `Its hash could not be stored, so the next start makes another token. ${OWN}`,
      ];
    case 'kept':
      return [
        'Clients send this header, with the token that was shown at the first start in place of the dots:',
        header('...'),
        `If the token is lost, delete ${origin.file} and start again: that makes a new one. Or set MCP_TOKEN.`,
      ];
  }
}

function header(token: string): string {
  return `  Authorization: Bearer ${token}`;
}
