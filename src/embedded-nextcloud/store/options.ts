export type EmbeddedVersion = '34.0.1' | '30.0.0' | '29.0.1' | '28.0.2';

export interface EmbeddedUser {
  id: string;
  /** The name the user signs in with, when it is not the id (an e-mail address, an LDAP name). */
  login?: string;
  password: string;
  displayName?: string;
  /** Bytes; absent means unlimited. */
  quota?: number;
}

export interface EmbeddedOptions {
  /** 0, the default, takes a free port. */
  port?: number;
  host?: string;
  /** `/nextcloud` for an installation below a sub-path. */
  basePath?: string;
  users?: EmbeddedUser[];
  version?: EmbeddedVersion;
  tls?: { key: string; cert: string };
  /** Compress text downloads as Apache's mod_deflate does: the ETag gets the suffix `-gzip`. */
  gzipEtags?: boolean;
  maintenance?: boolean;
  latencyMs?: number;
  /** false: the app files_trashbin is off, and what is deleted is gone. */
  trash?: boolean;
  /** Answer 429 to an address after more than ten failed logins in half an hour. On by default. */
  bruteForce?: boolean;
}

export const defaultUser: EmbeddedUser = {
  id: 'demo',
  password: 'demo-app-password',
  displayName: 'Demo User',
};
