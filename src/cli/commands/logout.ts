import { AccountBook } from '../../accounts/account-book.ts';
import type { SavedLogin } from '../../accounts/account-book.ts';
import { openVault } from '../../accounts/open-vault.ts';
import { revoke } from '../../app/sign-in.ts';
import { machine } from '../../config/config.ts';
import { AppError, isAppError } from '../../errors.ts';
import { createLog } from '../../log.ts';
import { program } from '../terminal/program.ts';
import { readCommandLine } from '../command-line/arguments.ts';
import { loadWithWarnings } from '../command-line/settings.ts';
import { deviceName } from './login.ts';
import { bold, green, yellow } from '../terminal/paint.ts';
import { escapeLine } from '../../text/foreign-text.ts';
import { print } from '../terminal/print.ts';

/** `logout`: revokes the app password on the server, then deletes it from this computer. */
export async function logoutCommand(argv: readonly string[]): Promise<void> {
  const { flags, settings } = readCommandLine('logout', argv);
  const book = new AccountBook(machine);
  const config = loadWithWarnings(settings);
  const accountName = flags['account'] ?? config.accountName;
  const entry = book.find(accountName);
  if (!entry)
    throw new AppError(
      'config',
      accountName === undefined
        ? 'There is no stored account'
        : `There is no stored account ${JSON.stringify(accountName)}`,
      { hint: accountHint(book) },
    );
  const vault = await openVault(entry.place, machine);
  const password = await vault.get(entry.name);
  const account = password && { url: new URL(entry.url), username: entry.username, password };
  const left =
    account &&
    (await tryRevoke(async () => revoke({ config, device: deviceName, log: createLog('silent') }, account)));
  if (left && flags['force'] === undefined)
    throw left.restate(`The app password could not be revoked, so nothing was deleted. ${left.message}`, {
      hint: `${program} logout --force deletes it from this computer anyway; then revoke it in Nextcloud under Settings, Security, Devices & sessions.`,
    });
  await vault.remove(entry.name);
  await book.remove(entry.name);
  report(entry, account !== undefined && !left);
}

function accountHint(book: AccountBook): string {
  const names = book.list().map(({ name }) => name);
  return names.length === 0
    ? 'There is nothing to revoke.'
    : `The stored accounts are ${names.map((name) => JSON.stringify(name)).join(', ')}.`;
}

/** @returns why it failed; a password that the server refuses counts as revoked */
async function tryRevoke(work: () => Promise<void>): Promise<AppError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (!isAppError(error)) throw error;
    return error.code === 'unauthorized' ? undefined : error;
  }
}

function report(login: SavedLogin, revoked: boolean): void {
  const name = escapeLine(login.name);
  const username = escapeLine(login.username);
  const url = escapeLine(login.url);
  if (revoked)
    print(
      `${green('✔')} The app password of ${bold(username)} at ${url} is revoked, and the account ${bold(name)} was deleted from this computer.`,
    );
  else
    print(
      `${yellow('!')} The account ${bold(name)} was deleted from this computer. Revoke its app password in Nextcloud under Settings, Security, Devices & sessions: ${url}/index.php/settings/user/security`,
    );
}
