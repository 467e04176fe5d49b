import { clients } from '../clients/table.ts';

/** A flag that only one command has. */
export interface Flag {
  readonly name: string;
  /** What stands for its value; absent for a flag that is there or not. */
  readonly value?: string;
  readonly help: string;
}

export interface ArgumentPlace {
  readonly name: string;
  readonly help: string;
}

/** A command as people see it. The parser, the help, the manual page and the shell completion use this table. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** What follows the name, as in `[CLIENT]`. */
  readonly operand?: { readonly name: string; readonly help: string; readonly choices?: readonly string[] };
  /** From where and to where: both are needed. */
  readonly places?: readonly ArgumentPlace[];
  readonly flags?: readonly Flag[];
  /** The flags of the settings are understood too. */
  readonly settings?: true;
  readonly examples?: readonly string[];
}

export const commands = [
  {
    name: 'login',
    summary:
      'Sign in to a Nextcloud in your browser, and store the app password that comes of it where this computer keeps passwords.',
    operand: {
      name: 'URL',
      help: 'Address of the Nextcloud. Left out, that of the stored account, to sign in anew.',
    },
    flags: [
      { name: 'account', value: 'NAME', help: 'Store it under this name, beside others.' },
      { name: 'default', help: 'Use this account when none is named.' },
      { name: 'no-browser', help: 'Show the link and the QR code, and open no browser.' },
    ],
    settings: true,
    examples: ['login https://cloud.example.com', 'login https://cloud.work.example --account work'],
  },
  {
    name: 'logout',
    summary: 'Revoke the app password on the server, and forget it.',
    flags: [{ name: 'force', help: 'Forget it even when the server cannot be reached.' }],
    settings: true,
    examples: ['logout', 'logout --account work'],
  },
  {
    name: 'list',
    summary: 'Show the stored accounts, without their passwords.',
    flags: [{ name: 'json', help: 'Print them as JSON.' }],
  },
  {
    name: 'install',
    summary:
      'Write this server into the configuration of an assistant: shows the change, keeps the rest and a copy of the file. Without a name, shows which assistants there are.',
    operand: {
      name: 'ASSISTANT',
      help: `One of ${clients.map(({ id }) => id).join(', ')}.`,
      choices: clients.map(({ id }) => id),
    },
    flags: [
      { name: 'name', value: 'NAME', help: 'Name of the server there. Default: nextcloud.' },
      { name: 'dry-run', help: 'Show the change, and write nothing.' },
    ],
    settings: true,
    examples: ['install claude-desktop', 'install vscode --read-only --roots /Documents'],
  },
  {
    name: 'uninstall',
    summary: 'Take this server out of the configuration of an assistant.',
    operand: {
      name: 'ASSISTANT',
      help: 'As for install.',
      choices: clients.map(({ id }) => id),
    },
    flags: [
      { name: 'name', value: 'NAME', help: 'Name of the server there. Default: nextcloud.' },
      { name: 'dry-run', help: 'Show the change, and write nothing.' },
    ],
    examples: ['uninstall claude-desktop'],
  },
  {
    name: 'serve',
    summary:
      'Serve an assistant over standard input and output, or many over HTTP with --http. This is what runs without a command.',
    settings: true,
    examples: ['serve --read-only', 'serve --http 127.0.0.1:8787'],
  },
  {
    name: 'put',
    summary: 'Upload a file or a folder of any size. The same command again goes on where it was stopped.',
    places: [
      { name: 'SOURCE', help: 'File or folder of this computer.' },
      {
        name: 'REMOTE',
        help: 'What it becomes in the Nextcloud: a path, or the address of a page. A path that ends in / is the folder to put a file in. Folders that are missing are made.',
      },
    ],
    flags: [{ name: 'overwrite', help: 'Replace what is there and different.' }],
    settings: true,
    examples: ['put ~/Videos/wedding.mp4 /Videos/wedding.mp4', 'put ~/Invoices /Invoices --overwrite'],
  },
  {
    name: 'get',
    summary: 'Download a file or a folder of any size. The same command again goes on where it was stopped.',
    places: [
      { name: 'REMOTE', help: 'File or folder of the Nextcloud: a path, or the address of a page.' },
      { name: 'TARGET', help: 'What it becomes on this computer, or a folder to put it in.' },
    ],
    flags: [{ name: 'overwrite', help: 'Replace what is there and different.' }],
    settings: true,
    examples: ['get /Videos/wedding.mp4 ~/Videos/', 'get /Invoices/2025 ~/Invoices-2025'],
  },
  {
    name: 'doctor',
    summary:
      'Look at everything between the settings and your files, and say how to set right what is wrong. Exit code 0 when all is well, 1 when not.',
    flags: [{ name: 'json', help: 'Print the findings as JSON.' }],
    settings: true,
    examples: ['doctor', 'doctor --url https://cloud.example.com', 'doctor --json'],
  },
  {
    name: 'demo',
    summary: 'Show it at work on a Nextcloud of its own.',
    flags: [{ name: 'keep', help: 'Leave that Nextcloud running for your assistant, until Ctrl+C.' }],
    examples: ['demo', 'demo --keep'],
  },
  {
    name: 'completion',
    summary: 'Print what your shell reads to complete commands and flags.',
    operand: { name: 'SHELL', help: 'One of bash, zsh, fish.', choices: ['bash', 'zsh', 'fish'] },
    examples: [
      'completion bash >> ~/.bash_completion',
      'completion fish > ~/.config/fish/completions/nextcloud-files-mcp.fish',
    ],
  },
  {
    name: 'help',
    summary: 'Show this help, or that of one command.',
    operand: { name: 'COMMAND', help: 'Name of a command.' },
  },
] as const satisfies readonly Command[];

export type CommandName = (typeof commands)[number]['name'];

export function isCommandName(name: string): name is CommandName {
  return commands.some((command) => command.name === name);
}

export function commandOf(name: string): Command | undefined {
  return commands.find((command) => command.name === name);
}
