import { AccountBook } from '../../accounts/account-book.ts';
import { openVault } from '../../accounts/open-vault.ts';
import { machine } from '../../config/config.ts';
import { program } from '../terminal/program.ts';
import { readCommandLine } from '../command-line/arguments.ts';
import { bold, dim } from '../terminal/paint.ts';
import { escapeLine } from '../../text/foreign-text.ts';
import { print, printWhole } from '../terminal/print.ts';

/** `list`: prints the stored accounts, without their passwords. */
export async function listCommand(argv: readonly string[]): Promise<void> {
  const { flags } = readCommandLine('list', argv);
  const entries = new AccountBook(machine).list();
  if (flags['json'] !== undefined) {
    const rows = entries.map((entry, index) => ({ ...entry, default: index === 0 }));
    return printWhole(JSON.stringify(rows, null, 2));
  }
  if (entries.length === 0)
    return print(`No account is stored. ${program} login https://cloud.example.com adds one.`);
  const width = Math.max(...entries.map((entry) => entry.name.length));
  for (const [index, { name, username, url, place }] of entries.entries()) {
    const { title } = await openVault(place, machine);
    const isDefault = index === 0 ? ', the default account' : '';
    print(
      `${bold(escapeLine(name).padEnd(width))}  ${escapeLine(username)} at ${escapeLine(url)}  ${dim(`password in ${title}${isDefault}`)}`,
    );
  }
}
