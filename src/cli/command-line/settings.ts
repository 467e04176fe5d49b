import type { AccountBook, SavedLogin } from '../../accounts/account-book.ts';
import { load, machine } from '../../config/config.ts';
import type { Config } from '../../config/config.ts';
import type { Settings } from '../../config/values.ts';
import { isAppError } from '../../errors.ts';
import { program } from '../terminal/program.ts';
import { shellQuoted } from '../terminal/shell-lines.ts';
import { printError } from '../terminal/print.ts';
import { failureWords } from '../terminal/remedies.ts';

export interface ResolvedSettings {
  readonly config: Config;
  /** Where address and login come from, in words for people. */
  readonly source: string;
  /** A sentence about the stored account that variables have put aside, if there is one. */
  readonly putAside?: string;
}

/** The configuration of a command that a person types, with what it warns of. */
export function loadWithWarnings(flags: Settings): Config {
  const config = load(flags);
  showWarnings(config);
  return config;
}

export function showWarnings({ warnings }: Config): void {
  for (const warning of warnings) printError(`Warning: ${warning}`);
}

/**
 * The configuration, with the stored account where neither address nor login is given. The two are never mixed:
 * a stored password must not be sent to another server.
 */
export async function resolveSettings(flags: Settings): Promise<ResolvedSettings> {
  const config = load(flags);
  const { accountName } = config;
  if (config.http?.accounts === 'header') return { config, source: 'each caller brings a login' };
  if (accountName === undefined && config.ownLogin.length > 0) return withOwnLogin(config);
  const [{ AccountBook }, { openVault }] = await Promise.all([
    import('../../accounts/account-book.ts'),
    import('../../accounts/open-vault.ts'),
  ]);
  try {
    const book = new AccountBook(machine);
    const entry = book.find(accountName);
    if (!entry) return { config: withoutAccount(config, book), source: 'none' };
    const vault = await openVault(entry.place, machine);
    const password = await vault.get(entry.name);
    if (!password)
      return { config: unreadable(config, entry, `It is not in ${vault.title}`), source: 'none' };
    const stored = { url: entry.url, username: entry.username, password: password.reveal() };
    return {
      config: load(flags, machine.env, stored, true),
      source: `the account ${JSON.stringify(entry.name)}, its password in ${vault.title}`,
    };
  } catch (error) {
    if (!isAppError(error)) throw error;
    return { config: withProblem(config, failureWords(error)), source: 'none' };
  }
}

async function withOwnLogin(config: Config): Promise<ResolvedSettings> {
  const { AccountBook } = await import('../../accounts/account-book.ts');
  const { ownLogin, account, missing, problems } = config;
  const source = `address and login from ${inWords(ownLogin)}`;
  const stored = defaultAccount(AccountBook);
  if (!stored) return { config, source };
  if (missing.length > 0 && problems.length === 0) {
    const name = JSON.stringify(stored.name);
    const problem = `${areSet(ownLogin)}, so the account ${name} is not used. ${undone(ownLogin)}, or set ${inWords(missing)} too.`;
    return { config: withProblem(config, problem), source: 'none' };
  }
  const address = account?.url.href.replace(/\/$/, '');
  if (!account || (address === stored.url && account.username === stored.username)) return { config, source };
  return { config, source, putAside: putAside(ownLogin, stored) };
}

/** The stored account that is used if nothing is given. A damaged list is told by the commands that need it. */
function defaultAccount(Book: typeof AccountBook): SavedLogin | undefined {
  try {
    return new Book(machine).find();
  } catch (error) {
    if (isAppError(error)) return undefined;
    throw error;
  }
}

/** `NEXTCLOUD_URL is set here and is used instead of the account "default" (alice at https://…). Unset it.` */
export function putAside(given: readonly string[], { name, username, url }: SavedLogin): string {
  const verb = given.length === 1 ? 'is' : 'are';
  return `${areSet(given)} here and ${verb} used instead of the account ${JSON.stringify(name)} (${username} at ${url}). ${undone(given)}.`;
}

function areSet(names: readonly string[]): string {
  return `${inWords(names)} ${names.length === 1 ? 'is' : 'are'} set`;
}

function undone(names: readonly string[]): string {
  const them = names.length === 1 ? 'it' : 'them';
  return names.some((name) => name.startsWith('--')) ? `Leave ${them} out` : `Unset ${them}`;
}

/** `a`, `a and b`, `a, b and c` */
export function inWords(names: readonly string[]): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}

function withoutAccount(config: Config, book: AccountBook): Config {
  const { accountName } = config;
  if (accountName === undefined) return config;
  const names = book.list().map(({ name }) => JSON.stringify(name));
  const there = names.length === 0 ? 'There is none yet' : `There are ${names.join(', ')}`;
  return withProblem(
    config,
    `There is no stored account ${JSON.stringify(accountName)}. ${there}; ${program} login https://cloud.example.com --account ${shellQuoted(accountName)} adds it.`,
  );
}

function unreadable(config: Config, { name }: SavedLogin, why: string): Config {
  return withProblem(
    config,
    `The password of the stored account ${JSON.stringify(name)} cannot be read. ${why}. Sign in again with ${program} login --account ${name}.`,
  );
}

// Replaces the other problems: settings are missing because of this one.
function withProblem(config: Config, problem: string): Config {
  const { account: _account, ...rest } = config;
  return { ...rest, problems: [problem], missing: [] };
}
