import type { AccountBook, SavedLogin } from '../accounts/account-book.ts';
import { load, machine } from '../config/config.ts';
import type { Config } from '../config/config.ts';
import { isAppError } from '../errors.ts';
import { name as program } from '../version.ts';

export interface Settled {
  readonly config: Config;
  /** Where address and login come from, for people. */
  readonly source: string;
}

/**
 * The settings, with the stored account where no address and no login is given. The two are never mixed: a
 * stored password is for its own server alone.
 */
export async function settleSettings(argv: readonly string[]): Promise<Settled> {
  const config = load(argv);
  const { accountName } = config;
  if (config.http?.accounts === 'header') return { config, source: 'each caller brings a login' };
  if (accountName === undefined && config.ownLogin) return { config, source: 'address and login are set' };
  const [{ AccountBook }, { openVault }] = await Promise.all([
    import('../accounts/account-book.ts'),
    import('../accounts/open-vault.ts'),
  ]);
  try {
    const entry = new AccountBook(machine).find(accountName);
    if (!entry) return { config: without(config, new AccountBook(machine)), source: 'none' };
    const vault = await openVault(entry.place, machine);
    const password = await vault.get(entry.name);
    if (!password)
      return { config: unreadable(config, entry, `It is not in ${vault.title}`), source: 'none' };
    const stored = { url: entry.url, username: entry.username, password: password.reveal() };
    return {
      config: load(argv, machine.env, stored, true),
      source: `the account ${JSON.stringify(entry.name)}, its password in ${vault.title}`,
    };
  } catch (error) {
    if (!isAppError(error)) throw error;
    return { config: withProblem(config, error.sentence()), source: 'none' };
  }
}

function without(config: Config, book: AccountBook): Config {
  const { accountName } = config;
  const hint = `Or sign in once with ${program} login https://cloud.example.com`;
  if (accountName === undefined) return { ...config, problems: [...config.problems, hint] };
  const names = book.list().map(({ name }) => JSON.stringify(name));
  const there = names.length === 0 ? 'There is none yet' : `There are ${names.join(', ')}`;
  return withProblem(
    config,
    `There is no stored account ${JSON.stringify(accountName)}. ${there}; ${program} login --account ${accountName} adds it.`,
  );
}

function unreadable(config: Config, { name }: SavedLogin, why: string): Config {
  return withProblem(
    config,
    `The password of the stored account ${JSON.stringify(name)} cannot be read. ${why}. Sign in again with ${program} login --account ${name}.`,
  );
}

// What else is missing is missing because of it.
function withProblem(config: Config, problem: string): Config {
  const { account: _account, ...rest } = config;
  return { ...rest, problems: [problem] };
}
