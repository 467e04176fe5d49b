import { AccountBook } from '../../accounts/account-book.ts';
import { load, machine } from '../../config/config.ts';
import { AppError } from '../../errors.ts';
import { didYouMean } from '../../text/nearest.ts';
import { flagOf } from '../../config/option.ts';
import { options } from '../../config/options.ts';
import type { Settings } from '../../config/values.ts';
import { program } from '../terminal/program.ts';
import { readCommandLine } from '../command-line/arguments.ts';
import { UsageError } from '../command-line/command-table.ts';
import { inWords, loadWithWarnings } from '../command-line/settings.ts';
import type { Arguments } from '../command-line/arguments.ts';
import {
  applyChange,
  difference,
  isInstalled,
  planInstall,
  planUninstall,
} from '../clients/configuration.ts';
import type { Change } from '../clients/configuration.ts';
import { isOnThisComputer } from '../clients/presence.ts';
import { cloneFolder, ownServer } from '../clients/server.ts';
import { clientOf, clients } from '../clients/table.ts';
import type { Client } from '../clients/table.ts';
import { bold, cyan, dim, green, red } from '../terminal/paint.ts';
import { escapeLine } from '../../text/foreign-text.ts';
import { print, printError } from '../terminal/print.ts';

const NAME = 'nextcloud';

/** `install`: adds this server to the configuration of an assistant. */
export async function installCommand(argv: readonly string[]): Promise<void> {
  const given = readCommandLine('install', argv);
  const { operand, settings, settingsArgs } = given;
  if (operand === undefined) return overview();
  const client = supportedClient(operand);
  refuseSecrets(settings);
  const { accountName } = loadWithWarnings(settings);
  const { ownLogin, url } = load({}); // of this terminal: flags go to the assistant
  const account = new AccountBook(machine).find(accountName);
  if (!account)
    throw new AppError(
      'config',
      accountName === undefined
        ? 'There is no stored account yet'
        : `There is no stored account ${JSON.stringify(accountName)}`,
      {
        hint: `${
          ownLogin.length === 0
            ? 'Passwords are'
            : `The assistant does not see ${inWords(ownLogin)} of this terminal, and passwords are`
        } not written into its configuration. Sign in first: ${program} login ${url?.href.replace(/\/$/, '') ?? 'https://cloud.example.com'}`,
      },
    );
  const args =
    settings.account === undefined && accountName !== undefined
      ? [...settingsArgs, `--account=${accountName}`]
      : settingsArgs;
  const isHere = isOnThisComputer(client, machine);
  if (ownLogin.length > 0)
    printError(
      `Warning: ${client.title} uses the account ${JSON.stringify(account.name)} (${account.username} at ${account.url}), and not ${inWords(ownLogin)} of this terminal.`,
    );
  const change = planInstall(client, machine, nameOf(given), ownServer(machine, args));
  if (change.after === change.before) return print(`${client.title} already has this server: ${change.file}`);
  await carryOut(change, given, client.next);
  const clone = cloneFolder();
  if (clone !== undefined)
    printError(
      `Warning: ${client.title} starts the program out of this clone, ${clone}. If you move or delete the folder, it cannot start any more: then run install again.`,
    );
  if (!isHere)
    printError(
      `Warning: ${client.title} was not found on this computer. The file has an effect once it is installed; ${program} uninstall ${client.id} takes it back.`,
    );
}

/** `uninstall`: removes this server from the configuration of an assistant. */
export async function uninstallCommand(argv: readonly string[]): Promise<void> {
  const given = readCommandLine('uninstall', argv);
  if (given.operand === undefined) return overview();
  const client = supportedClient(given.operand);
  const change = planUninstall(client, machine, nameOf(given));
  if (change.before === undefined)
    return print(`${client.title} has no configuration file, so there is nothing to remove: ${change.file}`);
  if (change.after === change.before)
    return print(`${client.title} does not have this server: ${change.file}`);
  await carryOut(change, given, `If ${client.title} is running, it has the server until you restart it.`);
}

function supportedClient(id: string): Client {
  const client = clientOf(id);
  if (client) return client;
  const ids = clients.map((one) => one.id);
  throw new UsageError(
    `The assistant ${JSON.stringify(id)} is not supported`,
    `${didYouMean(id, ids)}Supported assistants: ${ids.join(', ')}.`,
  );
}

function nameOf({ flags }: Arguments): string {
  return flags['name'] ?? NAME;
}

function refuseSecrets(settings: Settings): void {
  const secret = options.find(({ key, kind }) => kind === 'secret' && settings[key] !== undefined);
  if (secret)
    throw new AppError(
      'config',
      `--${flagOf(secret)} would be stored in plain text in the configuration of the assistant`,
      { hint: `Sign in with ${program} login, which stores the password safely.` },
    );
}

/** @param next what the person does then */
async function carryOut(change: Change, { flags }: Arguments, next: string): Promise<void> {
  print(`${bold(change.file)}\n`);
  for (const line of difference(change).map((one) => escapeLine(one.replaceAll('\t', '  '))))
    print(`  ${line.startsWith('-') ? red(line) : green(line)}`);
  if (flags['dry-run'] !== undefined) return print(`\n${dim('Nothing was written.')}`);
  const copy = await applyChange(change, new Date());
  const done = change.after === undefined ? 'Deleted: there was nothing else in the file.' : 'Written.';
  print(`\n${green('✔')} ${done}${copy === undefined ? '' : ` Backup of the old file: ${copy}`}`);
  print(`  ${next}`);
}

/** Prints which of the supported assistants are on this computer, and which of them have this server. */
function overview(): void {
  const width = Math.max(...clients.map((client) => client.id.length));
  const here = clients.filter(
    (client) => isInstalled(client, machine, NAME) || isOnThisComputer(client, machine),
  );
  for (const client of here) {
    const state = isInstalled(client, machine, NAME) ? green('has this server') : 'is here';
    print(
      `${cyan(client.id.padEnd(width))}  ${client.title} ${state}\n${' '.repeat(width)}  ${dim(client.file(machine))}`,
    );
  }
  const others = clients.filter((client) => !here.includes(client));
  if (here.length === 0) print('None of the supported assistants was found on this computer.');
  if (others.length > 0) print(dim(`\nNot found: ${others.map(({ id }) => id).join(', ')}`));
  const [first = clients[0]] = here;
  print(`\n${program} install ${first.id} adds this server to ${first.title}, uninstall removes it.`);
}
