import { didYouMean, nearest } from '../../text/nearest.ts';
import { AppError } from '../../errors.ts';
import { program } from '../terminal/program.ts';
import { clients } from '../clients/table.ts';

/** A flag of one command. */
export interface Flag {
  readonly name: string;
  /** The placeholder of its value; absent for a flag without a value. */
  readonly value?: string;
  readonly help: string;
}

export interface ArgumentPlace {
  readonly name: string;
  readonly help: string;
  /** It may be given several times. */
  readonly several?: true;
}

/** A command as people see it. The parser, the help, the manual page and the shell completion use this table. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** The optional argument, as in `[CLIENT]`. */
  readonly operand?: { readonly name: string; readonly help: string; readonly choices?: readonly string[] };
  /** Sources and destination; all are required. */
  readonly places?: readonly ArgumentPlace[];
  readonly flags?: readonly Flag[];
  /** Every setting can be given as a flag. */
  readonly settings?: true;
  readonly examples?: readonly string[];
}

export const commands = [
  {
    name: 'login',
    summary:
      'Sign in to a Nextcloud with your browser, and store the app password in the keychain of this computer.',
    operand: {
      name: 'URL',
      help: 'Address of the Nextcloud. Default: the address of the stored account, to sign in again.',
    },
    flags: [
      { name: 'account', value: 'NAME', help: 'Name of the account, to store several.' },
      { name: 'default', help: 'Make it the default account.' },
      { name: 'no-browser', help: 'Show the link and the QR code without opening a browser.' },
    ],
    settings: true,
    examples: ['login https://cloud.example.com', 'login https://cloud.work.example --account work'],
  },
  {
    name: 'logout',
    summary: 'Revoke the app password on the server, and delete it from this computer.',
    flags: [
      { name: 'account', value: 'NAME', help: 'Name of the account. Default: the default account.' },
      { name: 'force', help: 'Delete it even if the server cannot be reached.' },
    ],
    settings: true,
    examples: ['logout', 'logout --account work'],
  },
  {
    name: 'list',
    summary: 'List the stored accounts, without their passwords.',
    flags: [{ name: 'json', help: 'Print JSON.' }],
  },
  {
    name: 'install',
    summary:
      'Add this server to the configuration of an assistant. Shows the change, leaves the rest of the file as it is, and makes a backup. Without a name, lists the supported assistants.',
    operand: {
      name: 'ASSISTANT',
      help: `One of ${clients.map(({ id }) => id).join(', ')}.`,
      choices: clients.map(({ id }) => id),
    },
    flags: [
      { name: 'name', value: 'NAME', help: 'Name of the server in the configuration. Default: nextcloud.' },
      { name: 'dry-run', help: 'Show the change without writing it.' },
    ],
    settings: true,
    examples: ['install claude-desktop', 'install vscode --read-only --roots /Documents'],
  },
  {
    name: 'uninstall',
    summary: 'Remove this server from the configuration of an assistant.',
    operand: {
      name: 'ASSISTANT',
      help: 'As in install.',
      choices: clients.map(({ id }) => id),
    },
    flags: [
      { name: 'name', value: 'NAME', help: 'Name of the server in the configuration. Default: nextcloud.' },
      { name: 'dry-run', help: 'Show the change without writing it.' },
    ],
    examples: ['uninstall claude-desktop'],
  },
  {
    name: 'serve',
    summary:
      'Run the MCP server over standard input and output or, with --http, over HTTP. This is the default command.',
    settings: true,
    examples: ['serve --read-only', 'serve --http 127.0.0.1:8787'],
  },
  {
    name: 'put',
    summary: 'Upload files and folders of any size. Run the same command again to resume an upload.',
    places: [
      {
        name: 'SOURCE',
        help: 'File or folder of this computer. Several go into the folder REMOTE.',
        several: true,
      },
      {
        name: 'REMOTE',
        help: 'Destination in the Nextcloud: a path, or its address in the browser. A path that ends in / is the folder to put SOURCE into, under its own name; so is an existing folder for a file. Else it is the new name, and a folder that exists gets the contents of SOURCE. Missing folders are created.',
      },
    ],
    flags: [
      { name: 'overwrite', help: 'Replace files that exist and differ.' },
      { name: 'json', help: 'Print the summary as JSON.' },
    ],
    settings: true,
    examples: [
      'put ~/Videos/wedding.mp4 /Videos/wedding.mp4',
      'put ~/Invoices /Invoices --overwrite',
      'put *.pdf notes.md /Documents/',
    ],
  },
  {
    name: 'get',
    summary: 'Download files and folders of any size. Run the same command again to resume a download.',
    places: [
      {
        name: 'REMOTE',
        help: 'File or folder in the Nextcloud: a path, or its address in the browser. Several go into the folder TARGET.',
        several: true,
      },
      {
        name: 'TARGET',
        help: 'Destination on this computer. A path that ends in / is the folder to put REMOTE into, under its own name; so are "." and, for a file, an existing folder. Else it is the new name, and a folder that exists gets the contents of REMOTE.',
      },
    ],
    flags: [
      { name: 'overwrite', help: 'Replace files that exist and differ.' },
      { name: 'json', help: 'Print the summary as JSON.' },
    ],
    settings: true,
    examples: [
      'get /Videos/wedding.mp4 ~/Videos/',
      'get /Invoices/2025 ~/Invoices-2025',
      'get /Invoices/2025 ~/Invoices/',
    ],
  },
  {
    name: 'ls',
    summary: 'List a folder of the Nextcloud, with sizes and dates.',
    operand: { name: 'REMOTE', help: 'Folder or file in the Nextcloud. Default: the whole Nextcloud, /.' },
    flags: [{ name: 'json', help: 'Print JSON.' }],
    settings: true,
    examples: ['ls', 'ls /Documents', 'ls /Photos --json'],
  },
  {
    name: 'changes',
    summary:
      'List what assistants have changed within the last day, newest first. The tool undo takes each back by its number.',
    flags: [{ name: 'json', help: 'Print JSON.' }],
    settings: true,
    examples: ['changes', 'changes --json'],
  },
  {
    name: 'doctor',
    summary:
      'Check everything between the settings and your files, and say how to fix what is wrong. The exit code is 0 only if everything works.',
    flags: [{ name: 'json', help: 'Print JSON.' }],
    settings: true,
    examples: ['doctor', 'doctor --url https://cloud.example.com', 'doctor --json'],
  },
  {
    name: 'demo',
    summary: 'Show the server at work on a simulated Nextcloud.',
    flags: [
      { name: 'verbose', help: 'Show every call of a tool with its answer.' },
      { name: 'keep', help: 'Keep the Nextcloud running for your assistant, until Ctrl+C.' },
      {
        name: 'port',
        value: 'PORT',
        help: 'The same, at this port. Default: 8484, or any other that is free.',
      },
    ],
    examples: ['demo', 'demo --verbose', 'demo --keep', 'demo --port 9000'],
  },
  {
    name: 'completion',
    summary: 'Print a script with which your shell completes commands and flags.',
    operand: { name: 'SHELL', help: 'One of bash, zsh, fish.', choices: ['bash', 'zsh', 'fish'] },
    examples: ['completion bash >> ~/.bash_completion', 'completion fish | source'],
  },
  {
    name: 'help',
    summary: 'Show the commands, the arguments of one command, or all settings.',
    operand: { name: 'COMMAND', help: 'Name of a command, or "settings".' },
    examples: ['help put', 'help settings'],
  },
] as const satisfies readonly Command[];

export type CommandName = (typeof commands)[number]['name'];

export function isCommandName(name: string): name is CommandName {
  return commands.some((command) => command.name === name);
}

export function commandOf(name: string): Command | undefined {
  return commands.find((command) => command.name === name);
}

/** The command line was typed wrongly. The settings have no part in it. */
export class UsageError extends AppError {
  constructor(message: string, hint: string) {
    super('config', message, { hint });
  }
}

/** What other programs call our commands. */
const otherNames: Readonly<Record<string, string>> = {
  upload: 'put',
  push: 'put',
  download: 'get',
  pull: 'get',
  cat: 'get',
  read: 'get',
  show: 'get',
  cp: 'put or get',
  copy: 'put or get',
  dir: 'ls',
  signin: 'login',
  signout: 'logout',
  accounts: 'list',
  remove: 'uninstall',
  start: 'serve',
  history: 'changes',
  undo: 'changes',
  check: 'doctor',
  status: 'doctor',
  version: '--version',
};

/** What other programs do at a terminal, and this one leaves to the assistant. */
const leftToAssistants: Readonly<Record<string, string>> = {
  rm: 'delete files',
  rmdir: 'delete folders',
  del: 'delete files',
  delete: 'delete files',
  mv: 'move files',
  move: 'move files',
  rename: 'rename files',
  mkdir: 'create folders',
  edit: 'edit files',
  find: 'search files',
  search: 'search files',
  grep: 'search in files',
  share: 'share files',
  trash: 'list and restore deleted files',
  restore: 'list and restore deleted files',
};

export function unknownCommand(given: string): AppError {
  const names = commands.map(({ name }) => name);
  const lists = `${program} help lists the commands.`;
  if (Object.hasOwn(leftToAssistants, given))
    return new UsageError(
      `There is no command ${JSON.stringify(given)}: this program does not ${leftToAssistants[given] ?? ''} at a terminal`,
      `An assistant that is connected can, and so can you in the pages of Nextcloud. ${lists}`,
    );
  const other = Object.hasOwn(otherNames, given) ? otherNames[given] : undefined;
  const [near] = nearest(given, names).length === 0 ? nearest(given, Object.keys(otherNames)) : [];
  const same = other ?? (near === undefined ? undefined : otherNames[near]);
  const meant = same === undefined ? didYouMean(given, names) : `Did you mean ${same}? `;
  return new UsageError(`There is no command ${JSON.stringify(given)}`, meant + lists);
}
