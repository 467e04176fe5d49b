import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { readHttp } from './http.ts';
import type { HttpSettings } from './http.ts';
import { readSettingsFile } from './settings-file.ts';
import { unknownVariables } from './unknown-variables.ts';
import { parseUrl, placeIn, serverOfShare } from './url.ts';
import { Values } from './values.ts';
import type { Settings } from './values.ts';
import type { Secret } from '../log.ts';
import { homePath, systemFolders } from '../machine.ts';
import type { Environment, Machine } from '../machine.ts';
import { parsePath } from '../path.ts';
import type { RemotePath } from '../path.ts';

/** A folder that the assistant may see. */
export interface Root {
  readonly path: RemotePath;
  readonly readOnly: boolean;
}

export interface NextcloudLogin {
  /** Address of the Nextcloud with its sub-path, without a trailing slash. */
  readonly url: URL;
  readonly username: string;
  readonly password: Secret;
}

/** The configuration of the process. Frozen. The names of durations end with their unit. */
export interface Config {
  /** Absent when address or login are missing or wrong, or when each caller brings a login. */
  readonly account?: NextcloudLogin;
  readonly verifySsl: boolean;
  /** PEM text to trust in addition. */
  readonly ca?: string;
  readonly roots: readonly Root[];
  readonly deny: readonly string[];
  readonly readOnly: boolean;
  readonly toolsets: readonly string[];
  readonly localFolders: readonly string[];
  readonly stateFolder: string;
  readonly callSeconds: number;
  /** Maximum size of a request body in bytes; absent if the limit of the server applies. */
  readonly maxBody?: number;
  readonly cacheListingSeconds: number;
  readonly cacheSearchSeconds: number;
  readonly maxConcurrency: number;
  readonly minIntervalMs: number;
  readonly timeoutSeconds: number;
  readonly maxResultChars: number;
  /** The optimizations of transfers that are enabled. */
  readonly tuning: { readonly directIo: boolean; readonly minorGc: boolean };
  readonly logLevel: string;
  /** `auto`, `text` or `json`. */
  readonly logFormat: string;
  /** Address of the Nextcloud, also when each caller brings their own login. */
  readonly url?: URL;
  /** Absent when the server runs over standard input and output. */
  readonly http?: HttpSettings;
  /** Name of the stored account to use. */
  readonly accountName?: string;
  /** The variables and flags that give address or login. If there are any, the stored accounts are not used. */
  readonly ownLogin: readonly string[];
  readonly proxy: { readonly http?: string; readonly https?: string; readonly none?: string };
  /** Signs the confirm tokens and seals the cursors; absent when the process generates a key at start. */
  readonly signingKey?: Uint8Array;
  /** A sentence for each wrong value, with its source and a valid example. */
  readonly problems: readonly string[];
  /** The variables of the settings that are needed and have no value. */
  readonly missing: readonly string[];
  /** Sentences about what has no effect or is not safe, and need not stop anything. */
  readonly warnings: readonly string[];
}

/** The computer that the process runs on. */
export const machine: Machine = { platform: process.platform, env: process.env, home: homedir() };

/**
 * Makes the configuration from flags, else the environment, else the stored settings, else the defaults. Never
 * throws for a wrong value: it adds a line to `problems`, and the default is used.
 *
 * @param storedFirst the stored settings take precedence over flags and environment
 */
export function load(
  flags: Settings,
  env: Environment = process.env,
  settings: Settings = {},
  storedFirst = false,
): Config {
  const values = new Values({ flags, env, stored: settings, storedFirst });
  const stateFolder = homePath(
    values.text('stateFolder')?.trim() ?? systemFolders({ ...machine, env }).state,
    machine,
  );
  const http = readHttp(values, stateFolder);
  const url = readUrl(values);
  const account = readAccount(values, url, http?.accounts === 'header' ? ['url'] : login);
  const ca = readCa(values);
  const accountName = values.text('account')?.trim();
  const signingKey = readSigningKey(values);
  const unknown = unknownVariables(env);
  return Object.freeze({
    ...(account ? { account } : {}),
    ...(url ? { url } : {}),
    ...(http ? { http } : {}),
    ...(accountName === undefined ? {} : { accountName }),
    ownLogin: login.flatMap((key) => values.nameOf(key) ?? []),
    ...(ca === undefined ? {} : { ca }),
    ...(signingKey === undefined ? {} : { signingKey }),
    verifySsl: values.flag('verifySsl'),
    roots: readRoots(values),
    deny: values.deniedGlobs('deny'),
    readOnly: values.flag('readOnly'),
    toolsets: values.chosen('toolsets'),
    localFolders: readLocalFolders(values),
    stateFolder,
    callSeconds: values.number('callSeconds'),
    ...(values.text('bodyMegabytes') ? { maxBody: values.number('bodyMegabytes') * 1_000_000 } : {}),
    cacheListingSeconds: values.number('cacheListingSeconds'),
    cacheSearchSeconds: values.number('cacheSearchSeconds'),
    maxConcurrency: values.number('maxConcurrency'),
    minIntervalMs: values.number('minIntervalMs'),
    timeoutSeconds: values.number('timeoutSeconds'),
    maxResultChars: values.number('maxResultChars'),
    tuning: readTuning(values),
    logLevel: values.choice('logLevel'),
    logFormat: values.choice('logFormat'),
    proxy: readProxy(env),
    problems: [...values.problems, ...unknown.problems],
    missing: values.missing,
    warnings: [...values.warnings, ...(url ? warningsOfPlace(values) : []), ...unknown.warnings],
  });
}

function readTuning(values: Values): Config['tuning'] {
  const chosen = values.chosen('tuning');
  return Object.freeze({ directIo: chosen.includes('direct-io'), minorGc: chosen.includes('minor-gc') });
}

const SHORTEST_SIGNING_KEY = 32;

/** Of one length, whatever the text. */
function readSigningKey(values: Values): Uint8Array | undefined {
  const text = values.secret('signingKey')?.reveal();
  if (text === undefined) return undefined;
  if (text.length < SHORTEST_SIGNING_KEY)
    values.wrong('signingKey', `it must have at least ${SHORTEST_SIGNING_KEY} characters`);
  return createHash('sha256').update(text).digest();
}

const login = ['url', 'username', 'password'] as const;

function readAccount(
  values: Values,
  url: URL | undefined,
  needed: readonly (typeof login)[number][],
): NextcloudLogin | undefined {
  for (const key of needed) values.need(key);
  const username = values.text('username')?.trim();
  const password = values.secret('password');
  return url && username !== undefined && password ? { url, username, password } : undefined;
}

/** The part of an address behind the Nextcloud itself has no effect. */
function warningsOfPlace(values: Values): string[] {
  const { userId, folder } = placeIn(values.text('url') ?? '');
  const username = values.text('username')?.trim();
  if (username !== undefined && userId !== undefined && !sameUser(userId, username))
    return [
      `NEXTCLOUD_URL is the address of the files of ${userId}, and the login is ${username}: the files of ${username} are used`,
    ];
  if (folder === undefined) return [];
  return [
    `NEXTCLOUD_URL is the address of the folder ${folder}, and all files of the account are used. NEXTCLOUD_ROOTS=${folder} limits them to it`,
  ];
}

// A person may sign in with an e-mail address, which says nothing about the id.
function sameUser(userId: string, username: string): boolean {
  return userId.toLowerCase() === username.toLowerCase() || username.includes('@');
}

function readUrl(values: Values): URL | undefined {
  const text = values.text('url');
  if (text === undefined) return undefined;
  const url = parseUrl(text);
  // The text may contain a password even if it is not a valid address.
  const hidden = /@|password|^\s*nc:/i.test(text) ? 'an address with a login in it' : undefined;
  if (url === 'form') return values.wrong('url', 'it is not an http or https address', hidden);
  if (url === 'login') return values.wrong('url', 'the login belongs in its own settings', hidden);
  if (url === 'login link')
    return values.wrong(
      'url',
      'it is a link that signs an app in. Its parts belong in NEXTCLOUD_URL (after "server:"), NEXTCLOUD_USERNAME and NEXTCLOUD_PASSWORD',
      hidden,
    );
  if (url === 'share')
    return values.wrong(
      'url',
      `it is a public link to something shared. Its Nextcloud is at ${serverOfShare(text)}`,
      hidden,
    );
  return url;
}

function readCa(values: Values): string | undefined {
  const given = values.text('caFile');
  if (given === undefined) return undefined;
  const file = readSettingsFile(given);
  if ('why' in file) return values.wrong('caFile', file.why);
  return file.text.includes('-----BEGIN CERTIFICATE-----')
    ? file.text
    : values.wrong('caFile', 'it is not a PEM file');
}

function readRoots(values: Values): Root[] {
  return values.list('roots').flatMap((item) => {
    const readOnly = /:ro$/i.test(item);
    if (/[*?]/.test(item)) values.wrong('roots', `${JSON.stringify(item)} is a glob, and must be a folder`);
    try {
      return [{ path: parsePath(readOnly ? item.slice(0, -3) : item), readOnly }];
    } catch (error) {
      values.wrong('roots', error instanceof Error ? error.message : String(error));
      return [];
    }
  });
}

/** What a relative folder means depends on the folder that the assistant happens to start the process in. */
function readLocalFolders(values: Values): string[] {
  if (values.text('localFolders') === undefined) return [join(homedir(), 'Downloads')];
  const folders = values.list('localFolders').map((folder) => homePath(folder, machine));
  for (const folder of folders.filter((one) => !isAbsolute(one)))
    values.wrong('localFolders', `${JSON.stringify(folder)} is not an absolute path`);
  return folders.filter((one) => isAbsolute(one));
}

function readProxy(env: Environment): Config['proxy'] {
  const http = env['http_proxy'] ?? env['HTTP_PROXY'];
  const https = env['https_proxy'] ?? env['HTTPS_PROXY'];
  const none = env['no_proxy'] ?? env['NO_PROXY'];
  return { ...(http ? { http } : {}), ...(https ? { https } : {}), ...(none ? { none } : {}) };
}
