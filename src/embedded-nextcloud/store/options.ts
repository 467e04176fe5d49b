export type EmbeddedVersion = '34.0.1' | '30.0.0' | '29.0.1' | '28.0.2';

export interface EmbeddedUser {
  id: string;
  /** The login name, when it differs from the id (an e-mail address, an LDAP name). */
  login?: string;
  password: string;
  displayName?: string;
  /** In bytes; absent for unlimited. */
  quota?: number;
}

export interface EmbeddedOptions {
  /** The default 0 takes a free port. */
  port?: number;
  host?: string;
  /** E.g. `/nextcloud` for an installation in a subfolder. */
  basePath?: string;
  users?: EmbeddedUser[];
  version?: EmbeddedVersion;
  tls?: { key: string; cert: string };
  /** Compress text downloads as Apache's mod_deflate does, which appends `-gzip` to the ETag. */
  gzipEtags?: boolean;
  maintenance?: boolean;
  /** Delay of every response in milliseconds. */
  latencyMs?: number;
  /** False when the app files_trashbin is disabled; deleted files are then gone. True by default. */
  trash?: boolean;
  /** The files are stored where upper and lower case are one. */
  ignoresCase?: boolean;
  /** Answer 429 to an address after more than ten failed logins in 30 minutes. True by default. */
  bruteForce?: boolean;
}

export const defaultUser: EmbeddedUser = {
  id: 'demo',
  password: 'demo-app-password',
  displayName: 'Demo User',
};
