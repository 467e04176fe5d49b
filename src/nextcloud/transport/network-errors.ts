import { subscribe } from 'node:diagnostics_channel';
import { AppError } from '../../errors.ts';
import type { NetworkFailure } from './retry.ts';

/**
 * Errors of connections that were never established, including those of the TLS handshake. Whatever their
 * code, no request was sent. The same code on an established connection leaves open what the server did.
 */
export const connectErrors = new WeakSet<object>();

// Published by undici (docs/docs/api/DiagnosticsChannel.md). The error alone does not tell when it occurred.
subscribe('undici:client:connectError', (message) => {
  if (typeof message === 'object' && message !== null && 'error' in message && message.error instanceof Error)
    connectErrors.add(message.error);
});

// OpenSSL's words for a first record that is not TLS, as a code or in the message of an EPROTO.
const notTls = /WRONG.VERSION.NUMBER|PACKET.LENGTH.TOO.LONG/i;
const notHttp = /^(HPE_|Z_|UND_ERR_HEADERS_OVERFLOW$)/;
const certificates = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|ERR_TLS|ALTNAME/;

/** Whether sending or receiving failed: all errors of sockets, undici and zlib have a code. */
export function isBroken(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof AppError) return false;
  return codeOf(error) !== '' || ['TimeoutError', 'HTTPParserError'].includes(error.name);
}

/** Classifies an error that the HTTP library throws. */
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
        hint: 'If it is your own, put its PEM file into NEXTCLOUD_CA_FILE. NEXTCLOUD_VERIFY_SSL=false accepts any certificate, which is only safe in your own network.',
      });
    case 'name':
      return new AppError('unavailable', `There is no host called ${host}${more}`, {
        cause: error,
        hint: 'Check NEXTCLOUD_URL for a typing error, and check the network.',
      });
    case 'timeout':
      return new AppError('timeout', `${host} sent nothing for ${seconds} s`, {
        cause: error,
        retryable: true,
        uncertain: true,
        hint: 'Try again. NEXTCLOUD_TIMEOUT_SECONDS allows more time.',
      });
    case 'garbage':
      return new AppError('invalid_response', `${host} does not answer like a web server${more}`, {
        cause: error,
        uncertain: true,
        hint: 'Something between this computer and the Nextcloud damages its answers, or NEXTCLOUD_URL has the wrong port.',
      });
    case 'plain':
      return new AppError('config', `${host} does not support https${more}`, {
        cause: error,
        hint: 'NEXTCLOUD_URL has the wrong port, or the server uses http: then the address must begin with http://.',
      });
    case 'handshake':
      return new AppError('config', `${host} refused an encrypted connection${more}`, {
        cause: error,
        hint: 'Check host and port in NEXTCLOUD_URL. If they are correct, ask its administrator to check TLS, 1.2 or 1.3.',
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
    if (connectErrors.has(current)) return true;
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
