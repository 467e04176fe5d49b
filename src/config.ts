import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readHttp } from './config/http.ts';
import type { HttpSettings } from './config/http.ts';
import { AppError } from './errors.ts';
import { Secret } from './log.ts';
import { foldersOf } from './machine.ts';
import type { Machine } from './machine.ts';
import { flagOf, options } from './options.ts';
import type { Option, OptionKey } from './options.ts';
import { parsePath } from './path.ts';
import type { RemotePath } from './path.ts';

/** A folder the assistant may see. */
export interface Root {
  readonly path: RemotePath;
  readonly readOnly: boolean;
}

export interface Account {
  /** Address of the Nextcloud without a trailing slash, with its sub-path. */
  readonly url: URL;
  readonly username: string;
  readonly password: Secret;
}

/** What the process runs with. Frozen; times in the unit that the name ends with. */
export interface Config {
  /** Absent when `problems` says why. */
  readonly account?: Account;
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
  /** Bytes of one request body; absent where the server says it. */
  readonly maxBody?: number;
  readonly cacheListingSeconds: number;
  readonly cacheSearchSeconds: number;
  readonly maxConcurrency: number;
  readonly minIntervalMs: number;
  readonly timeoutSeconds: number;
  readonly maxResultChars: number;
  readonly logLevel: string;
  /** Address of the Nextcloud, where each caller brings a login of their own. */
  readonly url?: URL;
  /** Absent over standard input and output. */
  readonly http?: HttpSettings;
  /** The stored account to use. */
  readonly accountName?: string;
  /** Address or login are given, so that no stored account is to be used. */
  readonly ownLogin: boolean;
  readonly proxy: { readonly http?: string; readonly https?: string; readonly none?: string };
  /** One sentence per value that is missing or wrong, with its source and a valid example. */
  readonly problems: readonly string[];
}

export type Environment = Readonly<Record<string, string | undefined>>;
export type Settings = Readonly<Partial<Record<OptionKey, string>>>;

/** The computer, for what keeps files on it. */
export const machine: Machine = { platform: process.platform, env: process.env, home: homedir() };

interface Value {
  readonly text: string;
  readonly source: string;
}

/**
 * Reads flags, then environment, then the stored settings, then the defaults. Never throws for a wrong
 * value: each becomes a line in `problems` and the default stands in.
 *
 * @param storedFirst the stored settings go before all others
 * @throws AppError `config` for a flag that does not exist
 */
export function load(
  argv: readonly string[],
  env: Environment = process.env,
  settings: Settings = {},
  storedFirst = false,
): Config {
  const flags = readFlags(argv);
  const problems: string[] = [];
  const find = (key: OptionKey): Value | undefined => {
    const option = optionOf(key);
    const stored = settings[key];
    if (storedFirst && present(stored)) return { text: stored, source: 'the stored account' };
    const flag = flags[flagOf(option)];
    if (present(flag)) return { text: flag, source: `--${flagOf(option)}` };
    const variable = env[option.env];
    if (present(variable)) return { text: variable, source: option.env };
    if (present(stored)) return { text: stored, source: 'the stored account' };
    return option.fallback === undefined ? undefined : { text: option.fallback, source: 'the default' };
  };
  const wrong = (key: OptionKey, value: Value, why: string): undefined => {
    const option = optionOf(key);
    const shown = option.kind === 'secret' ? '[secret]' : JSON.stringify(value.text);
    problems.push(
      `${option.env} is ${shown} (from ${value.source}): ${why}. Example: ${option.env}=${option.example}`,
    );
  };

  const flag = (key: OptionKey): boolean => {
    const value = find(key);
    const text = value?.text.trim().toLowerCase() ?? '';
    if (['true', '1', 'yes', 'on'].includes(text)) return true;
    if (['false', '0', 'no', 'off'].includes(text)) return false;
    if (value) wrong(key, value, 'it must be true or false');
    return optionOf(key).fallback === 'true';
  };
  const number = (key: OptionKey): number => {
    const { min = 0, max = Infinity, fallback } = optionOf(key);
    const value = find(key);
    const parsed = value && /^\d+$/.test(value.text.trim()) ? Number(value.text) : NaN;
    if (parsed >= min && parsed <= max) return parsed;
    if (value) wrong(key, value, `it must be a whole number from ${min} to ${max}`);
    return Number(fallback);
  };
  const list = (key: OptionKey): string[] => {
    const text = find(key)?.text ?? '';
    return text
      .split(text.includes(JOINT) ? JOINT : ',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
  };
  const chosen = (key: OptionKey): string[] => {
    const { choices = [], fallback = '' } = optionOf(key);
    const value = find(key);
    const items = list(key);
    const unknown = items.filter((item) => !choices.includes(item));
    if (value && unknown.length > 0) wrong(key, value, `it may name only ${choices.join(', ')}`);
    return unknown.length > 0 ? [fallback] : items;
  };
  const choice = (key: OptionKey): string => {
    const { choices = [], fallback = '' } = optionOf(key);
    const value = find(key);
    if (value && choices.includes(value.text)) return value.text;
    if (value) wrong(key, value, `it must be one of ${choices.join(', ')}`);
    return fallback;
  };

  const stateFolder = expandHome(find('stateFolder')?.text.trim() ?? foldersOf({ ...machine, env }).state);
  const http = readHttp(
    {
      text: (key) => find(key)?.text,
      secret: (key) => {
        const value = find(key);
        return value && new Secret(value.text.trim());
      },
      flag,
      list,
      choice,
      wrong: (key, why) => {
        const value = find(key);
        return value && wrong(key, value, why);
      },
    },
    stateFolder,
  );
  const needed =
    http?.accounts === 'header' ? (['url'] as const) : (['url', 'username', 'password'] as const);
  const address = find('url');
  const url = address && parseUrl(address, wrong);
  const account = readAccount(needed, url, find, problems);
  const ca = readCa(find('caFile'), wrong);
  const local = list('localFolders');
  const accountName = find('account')?.text.trim();
  return Object.freeze({
    ...(account ? { account } : {}),
    ...(url ? { url } : {}),
    ...(http ? { http } : {}),
    ...(accountName === undefined ? {} : { accountName }),
    ownLogin: (['url', 'username', 'password'] as const).some((key) => find(key) !== undefined),
    ...(ca === undefined ? {} : { ca }),
    verifySsl: flag('verifySsl'),
    roots: readRoots(list('roots'), find('roots'), wrong),
    deny: list('deny'),
    readOnly: flag('readOnly'),
    toolsets: chosen('toolsets'),
    localFolders: local.length > 0 ? local.map(expandHome) : [join(homedir(), 'Downloads')],
    stateFolder,
    callSeconds: number('callSeconds'),
    ...(find('bodyMegabytes') ? { maxBody: number('bodyMegabytes') * 1_000_000 } : {}),
    cacheListingSeconds: number('cacheListingSeconds'),
    cacheSearchSeconds: number('cacheSearchSeconds'),
    maxConcurrency: number('maxConcurrency'),
    minIntervalMs: number('minIntervalMs'),
    timeoutSeconds: number('timeoutSeconds'),
    maxResultChars: number('maxResultChars'),
    logLevel: choice('logLevel'),
    proxy: readProxy(env),
    problems: Object.freeze(problems),
  });
}

type Find = (key: OptionKey) => Value | undefined;
type Wrong = (key: OptionKey, value: Value, why: string) => undefined;

function readFlags(argv: readonly string[]): Record<string, string | undefined> {
  const known = Object.fromEntries(options.map((option) => [flagOf(option), { type: 'string' as const }]));
  try {
    return parseArgs({ args: withValues(argv), options: known, strict: true }).values;
  } catch (cause) {
    const hint = 'nextcloud-files-mcp --help lists the flags.';
    throw new AppError('config', cause instanceof Error ? cause.message : String(cause), { hint, cause });
  }
}

// `--read-only` and `--http` may stand alone; `--local-folders` may be followed by several, as a bundle does.
function withValues(argv: readonly string[]): string[] {
  const words: string[] = [];
  let open: Option | undefined;
  for (const [index, argument] of argv.entries()) {
    const option = options.find((candidate) => `--${flagOf(candidate)}` === argument);
    const bare = option && bareValue(option);
    const next = argv[index + 1];
    const before = words.at(-1);
    if (bare !== undefined && (next === undefined || next.startsWith('--')))
      words.push(`${argument}=${bare}`);
    else if (open && before !== undefined && !argument.startsWith('--'))
      words[words.length - 1] = `${before}${before.includes('=') ? JOINT : '='}${argument}`;
    else words.push(argument);
    if (argument.startsWith('--')) open = option?.kind === 'list' ? option : undefined;
  }
  return words;
}

// Between several values of one flag, which may have commas in them.
const JOINT = '\n';

function bareValue(option: Option): string | undefined {
  return option.kind === 'flag' ? 'true' : option.bare;
}

// A bundle passes an optional setting that was left empty as the literal `${user_config.name}`.
function present(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== '' && !/^\$\{.*\}$/.test(text.trim());
}

function readAccount(
  needed: readonly OptionKey[],
  url: URL | undefined,
  find: Find,
  problems: string[],
): Account | undefined {
  for (const key of needed.filter((one) => !find(one))) {
    const { env, help, example } = optionOf(key);
    problems.push(`${env} is not set. ${help} Example: ${env}=${example}`);
  }
  const username = find('username');
  const password = find('password');
  if (!url || !username || !password) return undefined;
  return { url, username: username.text.trim(), password: new Secret(password.text.trim()) };
}

/** Accepts the address of the Nextcloud or anything below it that people copy, such as the WebDAV address. */
function parseUrl(value: Value, wrong: Wrong): URL | undefined {
  const text = value.text.trim();
  const url = URL.parse(/^[a-z]+:\/\//i.test(text) ? text : `https://${text}`);
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.hostname === '')
    return wrong('url', value, 'it is not an http or https address');
  if (url.username !== '' || url.password !== '')
    return wrong(
      'url',
      { ...value, text: '[an address with a login in it]' },
      'put the login into its own settings',
    );
  url.search = '';
  url.hash = '';
  url.pathname = url.pathname
    .replace(/\/(remote\.php|public\.php|ocs|index\.php|apps|login|status\.php)(\/.*)?$/, '')
    .replace(/\/+$/, '');
  return url;
}

function readCa(value: Value | undefined, wrong: Wrong): string | undefined {
  if (!value) return undefined;
  const file = expandHome(value.text);
  if (!existsSync(file)) return wrong('caFile', value, 'there is no such file');
  const text = readFileSync(file, 'utf8');
  return text.includes('-----BEGIN CERTIFICATE-----') ? text : wrong('caFile', value, 'it is not a PEM file');
}

function readRoots(items: string[], value: Value | undefined, wrong: Wrong): Root[] {
  return items.flatMap((item) => {
    const readOnly = item.endsWith(':ro');
    try {
      return [{ path: parsePath(readOnly ? item.slice(0, -3) : item), readOnly }];
    } catch (error) {
      if (value) wrong('roots', value, error instanceof Error ? error.message : String(error));
      return [];
    }
  });
}

function readProxy(env: Environment): Config['proxy'] {
  const http = env['http_proxy'] ?? env['HTTP_PROXY'];
  const https = env['https_proxy'] ?? env['HTTPS_PROXY'];
  const none = env['no_proxy'] ?? env['NO_PROXY'];
  return { ...(http ? { http } : {}), ...(https ? { https } : {}), ...(none ? { none } : {}) };
}

function expandHome(folder: string): string {
  return folder === '~' || folder.startsWith('~/') ? join(homedir(), folder.slice(1)) : folder;
}

function optionOf(key: OptionKey): Option {
  const option = options.find((candidate) => candidate.key === key);
  if (!option) throw new Error(`no option ${key}`);
  return option;
}
