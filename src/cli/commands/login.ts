import { hostname } from 'node:os';
import { AccountBook } from '../../accounts/account-book.ts';
import type { SavedLogin } from '../../accounts/account-book.ts';
import { openVault, storePassword, vaultsFor } from '../../accounts/open-vault.ts';
import { explained } from '../../app/explain.ts';
import { revoke, signIn } from '../../app/sign-in.ts';
import type { SignInClient } from '../../app/sign-in.ts';
import { load, machine } from '../../config/config.ts';
import type { NextcloudLogin, Config } from '../../config/config.ts';
import { isLoopbackAddress } from '../../config/http.ts';
import { parseUrl, serverOfShare } from '../../config/url.ts';
import { AppError } from '../../errors.ts';
import { createLog } from '../../log.ts';

import { program } from '../terminal/program.ts';
import { readCommandLine } from '../command-line/arguments.ts';
import { loadWithWarnings, putAside } from '../command-line/settings.ts';
import { openBrowser } from '../terminal/browser.ts';
import { bold, cyan, dim, green } from '../terminal/paint.ts';
import { qrCode } from '../terminal/qr-code.ts';
import { escapeLine } from '../../text/foreign-text.ts';
import { print, printError } from '../terminal/print.ts';
import { wrapped } from '../terminal/wrap.ts';

/** The name of this program in Nextcloud's list of devices. It is sent in a header, so it must be ASCII. */
export const deviceName = `Nextcloud Files MCP on ${hostname()}`.replace(/[^\x20-\x7e]/g, '?');

/** `login`: asks for access in the browser, and stores the app password that Nextcloud issues. */
export async function loginCommand(argv: readonly string[]): Promise<void> {
  const { operand, flags, settings } = readCommandLine('login', argv);
  const book = new AccountBook(machine);
  const config = loadWithWarnings(settings);
  const wanted = flags['account'] ?? config.accountName;
  const known = book.find(wanted); // throws before access is granted if the list of accounts is damaged
  const url = operand === undefined ? defaultAddress(config, known) : parsedAddress(operand);
  const client = { config, device: deviceName, log: createLog('silent') };
  const account = await signIn(client, url, async ({ link, granted }) => {
    await showLink(link, url, flags['no-browser'] === undefined);
    return granted(AbortSignal.timeout(24 * 60 * 60 * 1000));
  }).catch(async (error: unknown) => {
    throw await explained(error, { config, url });
  });
  await store(book, account, { wanted, first: flags['default'] !== undefined, client });
  warnOfVariables(book, config.accountName);
}

/** What is set in this terminal has the last word: the next command would not use the account that was just stored. */
function warnOfVariables(book: AccountBook, accountName: string | undefined): void {
  const stored = book.find();
  const { ownLogin, account } = load({});
  if (!stored || accountName !== undefined || ownLogin.length === 0) return;
  const isSame = account?.username === stored.username && account.url.href.replace(/\/$/, '') === stored.url;
  if (!isSame) for (const line of wrapped(`! ${putAside(ownLogin, stored)}`)) printError(escapeLine(line));
}

const hint = `Example: ${program} login https://cloud.example.com`;

/** The address in the settings, or else that of the stored account. */
function defaultAddress({ url, problems }: Config, known: SavedLogin | undefined): URL {
  if (url) return url;
  if (known) return new URL(known.url);
  const problem = problems.find((one) => /^(NEXTCLOUD_URL|--url) is /.test(one));
  throw new AppError('config', problem ?? 'The address of the Nextcloud is missing', { hint });
}

function parsedAddress(operand: string): URL {
  const url = parseUrl(operand);
  if (url === 'login')
    throw new AppError('config', 'The address contains a login, which the browser will ask for', { hint });
  if (url === 'login link')
    throw new AppError('config', 'The address is a link that signs an app in, and holds a password', {
      hint: `Its part after "server:" is the address. ${hint}`,
    });
  if (url === 'share')
    throw new AppError('config', 'The address is a public link to something shared', {
      hint: `Sign in to its Nextcloud: ${program} login ${serverOfShare(operand)}`,
    });
  if (url !== 'form') return url;
  // The text before an @ may be a password.
  const shown = operand.includes('@') ? 'The address' : JSON.stringify(operand);
  throw new AppError('config', `${shown} is not an http or https address`, { hint });
}

/** Opens the page where access is granted, and prints its address. */
async function showLink(link: URL, url: URL, browser: boolean): Promise<void> {
  const opened = browser && (await openBrowser(link.href, machine));
  // The link comes last: on a small terminal the QR code would push it out of sight. A telephone cannot reach a loopback.
  if (!isLoopbackAddress(link.hostname.replace(/^\[|\]$/g, ''))) print(`${await qrCode(link.href)}\n`);
  print(`${bold(opened ? 'Grant access in the browser window that opens' : 'Grant access in a browser')}:\n`);
  print(`  ${cyan(link.href)}`);
  if (link.host !== url.host)
    print(dim(`\n  (the host name that this Nextcloud uses for itself is ${escapeLine(link.host)})`));
  print(dim('\nWaiting for up to 20 minutes. Press Ctrl+C to stop.'));
}

interface Storing {
  readonly wanted: string | undefined;
  readonly first: boolean;
  readonly client: SignInClient;
}

async function store(
  book: AccountBook,
  account: NextcloudLogin,
  { wanted, first, client }: Storing,
): Promise<void> {
  const { url, username, password } = account;
  const all = book.list();
  const address = url.href.replace(/\/$/, '');
  const same = all.find((one) => one.url === address && one.username === username);
  const name = wanted ?? same?.name ?? (all.length === 0 ? 'default' : `${username}@${url.host}`);
  const before = book.find(name) && all.find((one) => one.name === name);
  const old = before && (await readOld(before));
  const vault = await storePassword(machine, name, password);
  await book.put({ name, url: address, username, place: vault.place }, first);
  if (old) await revoke(client, old).catch(() => undefined); // it may have been revoked already
  print(`\n${green('✔')} Signed in as ${bold(escapeLine(username))} at ${address}.`);
  const why = vault.place === vaultsFor(machine)[0] ? '' : ' (no keychain was found on this computer)';
  print(`  The app password is in ${vault.title}${why}, under the name ${bold(escapeLine(name))}.`);
  print(
    `\nNext: ${cyan(`${program} doctor`)} checks the connection, ${cyan(`${program} install`)} adds the server to your assistant.`,
  );
}

async function readOld(entry: SavedLogin): Promise<NextcloudLogin | undefined> {
  const vault = await openVault(entry.place, machine);
  const password = await vault.get(entry.name).catch(() => undefined);
  return password && { url: new URL(entry.url), username: entry.username, password };
}
