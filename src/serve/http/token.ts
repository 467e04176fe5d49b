import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import {
  OAuthError,
  OAuthErrorCode,
  bearerAuthChallengeResponse,
  verifyBearerToken,
} from '@modelcontextprotocol/server';
import type { OAuthTokenVerifier } from '@modelcontextprotocol/server';
import { writeFileAtomically } from '../../atomic-file.ts';
import type { HttpSettings } from '../../config/http.ts';
import { readPlainFileSync } from '../../plain-file.ts';
import { HttpError } from './http-error.ts';

const FILE = 'http-token.sha256';
const HOUR = 3600;
const REALM = 'Bearer realm="nextcloud-files-mcp"';

/** Where the token comes from, for the person who starts the server. */
export type TokenOrigin =
  /** A setting: `from` is how people write it. */
  | { readonly kind: 'given'; readonly from: string }
  /** It was generated at this start. `stored`: it stays valid after a restart. */
  | { readonly kind: 'made'; readonly token: string; readonly stored: boolean }
  /** It was shown at an earlier start, and `file` holds its hash. */
  | { readonly kind: 'kept'; readonly file: string };

export interface OpenedToken {
  readonly token: AccessToken;
  /** Stores the hash of a new token. To be called when the server listens: else nobody would be shown the token. */
  readonly keep: () => Promise<TokenOrigin>;
}

/** The token that clients must send. Only its hash is stored, in memory and on disk. */
export class AccessToken {
  readonly #hash: Buffer;
  readonly #verifier: OAuthTokenVerifier = {
    verifyAccessToken: async (token) => {
      if (!timingSafeEqual(sha256(token), this.#hash))
        throw new OAuthError(OAuthErrorCode.InvalidToken, 'The token is not valid');
      // The token itself is not passed on.
      return { token: '', clientId: 'token', scopes: [], expiresAt: Math.floor(Date.now() / 1000) + HOUR };
    },
  };

  private constructor(hash: Buffer) {
    this.#hash = hash;
  }

  /**
   * The token of the settings, or the one that was generated at an earlier start, or a new one. A new token is
   * shown once.
   */
  static open({ token, tokenFrom = '', stateFolder }: HttpSettings): OpenedToken {
    const opened = (hash: Buffer, keep: OpenedToken['keep']): OpenedToken => ({
      token: new AccessToken(hash),
      keep,
    });
    if (token) return opened(sha256(token.reveal()), async () => ({ kind: 'given', from: tokenFrom }));
    const file = join(stateFolder, FILE);
    const known = readHash(file);
    if (known) return opened(known, async () => ({ kind: 'kept', file }));
    const made = randomBytes(32).toString('base64url');
    const hash = sha256(made);
    return opened(hash, async () => ({ kind: 'made', token: made, stored: await storeHash(file, hash) }));
  }

  /** @throws HttpError 401 with the challenge of RFC 6750, section 3 */
  async check({ headersDistinct }: IncomingMessage): Promise<void> {
    const { authorization: sent = [] } = headersDistinct;
    try {
      await verifyBearerToken(readBearer(sent), { verifier: this.#verifier });
    } catch (error) {
      const { status, headers } = bearerAuthChallengeResponse(error);
      const challenge = headers.get('www-authenticate');
      // Where no token was sent, none is wrong: clients that read an error code would ask for another token.
      const shown = sent.some((value) => /^bearer\b/i.test(value)) ? challenge : REALM;
      throw new HttpError(
        status,
        'Send the token of this server as "Authorization: Bearer ...". If it is lost, whoever runs the server can make a new one: the lines at its start say how.',
        challenge === null ? {} : { 'www-authenticate': shown ?? REALM },
      );
    }
  }
}

/** Accepts one header of `Bearer`, a space and one token. Returns undefined for anything else. */
export function readBearer(values: readonly string[] = []): string | undefined {
  const [value = ''] = values;
  const token = values.length === 1 ? /^Bearer ([\x21-\x7e]+)$/i.exec(value)?.[1] : undefined;
  return token === undefined ? undefined : `Bearer ${token}`;
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function readHash(file: string): Buffer | undefined {
  try {
    const hash = Buffer.from(readPlainFileSync(file).trim(), 'hex');
    return hash.length === 32 ? hash : undefined;
  } catch {
    return undefined;
  }
}

// Where no file can be written, as in some containers, the token is valid until the process ends.
async function storeHash(file: string, hash: Buffer): Promise<boolean> {
  try {
    await writeFileAtomically(file, `${hash.toString('hex')}\n`);
    return true;
  } catch {
    return false;
  }
}
