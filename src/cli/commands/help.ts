import { flagOf } from '../../config/option.ts';
import { options } from '../../config/options.ts';
import type { Option } from '../../config/option.ts';
import { name, version } from '../../version.ts';
import { readCommandLine } from '../command-line/arguments.ts';
import { commandOf, commands, unknownCommand } from '../command-line/command-table.ts';
import type { Command } from '../command-line/command-table.ts';
import { firstSentence } from '../command-line/first-sentence.ts';
import { bold, cyan, dim } from '../terminal/paint.ts';
import { program } from '../terminal/program.ts';
import { wrapped } from '../terminal/wrap.ts';
import { print } from '../terminal/print.ts';

export async function helpCommand(argv: readonly string[]): Promise<void> {
  const { operand } = readCommandLine('help', argv);
  if (operand === SETTINGS) return print(settingsHelp());
  const command = operand === undefined ? undefined : commandOf(operand);
  if (operand !== undefined && !command) throw unknownCommand(operand);
  print(command ? commandHelp(command) : helpText());
}

/** The subject of the help beside the commands. */
const SETTINGS = 'settings';

/** The general help, from the table of commands. */
function helpText(): string {
  const width = Math.max(...commands.map((command) => command.name.length)) + 2;
  return [
    `${bold(name)} ${version}`,
    ...wrapped('Gives Claude and other AI assistants access to the files of a Nextcloud.'),
    '',
    bold('Getting started'),
    ...gettingStarted(),
    '',
    bold('Commands'),
    ...commands.flatMap((command: Command) =>
      row(cyan(command.name), command.name.length, firstSentence(command.summary), width),
    ),
    '',
    bold('More'),
    ...row(cyan('help COMMAND'), 12, 'the arguments and examples of a command', 15),
    ...row(cyan('help settings'), 13, 'what the assistant may see and do, and all other settings', 15),
    ...row(cyan('--version'), 9, 'the version of this program', 15),
  ].join('\n');
}

/** The settings, from their table. */
function settingsHelp(): string {
  const settings = (http: boolean): string[] =>
    options.filter((option: Option) => (option.http ?? false) === http).flatMap(setting);
  return [
    bold('Settings'),
    ...wrapped(
      `Each is given as a flag, as in ${program} doctor --read-only, or as an environment variable. A flag takes precedence over the variable, and a variable over the stored account.`,
    ),
    '',
    ...settings(false),
    '',
    bold('Settings of the server over HTTP'),
    ...settings(true),
  ].join('\n');
}

/** The first commands of a newcomer, one a line. */
function gettingStarted(): string[] {
  return firstSteps.flatMap(([line, why]) => [`  ${cyan(`${program} ${line}`)}`, `      ${dim(why)}`]);
}

/** For a person who has typed the name of the program and nothing else. */
export function welcomeText(): string {
  return [
    ...wrapped(
      `${name} ${version} gives an assistant, such as Claude, access to the files of a Nextcloud. The assistant starts it, so there is nothing to type here. To set it up:`,
    ),
    '',
    ...gettingStarted(),
    '',
    ...wrapped(`${program} help lists all commands. ${program} serve starts the server in this terminal.`),
  ].join('\n');
}

const firstSteps = [
  ['demo', 'see it work, without a Nextcloud'],
  ['login https://cloud.example.com', 'sign in with your browser'],
  ['install claude-desktop', 'add the server to your assistant'],
  ['doctor', 'find out what is wrong, and how to fix it'],
] as const;

/** The help of one command. */
function commandHelp(command: Command): string {
  const { summary, operand, places = [], flags = [], settings, examples = [] } = command;
  const names = [
    ...places,
    ...flags.map((flag) => ({ name: flagText(flag) })),
    ...(operand ? [operand] : []),
  ];
  const width = Math.max(8, ...names.map((one) => one.name.length)) + 2;
  const rows = [
    ...places.flatMap((place) => row(cyan(place.name), place.name.length, place.help, width)),
    ...(operand ? row(cyan(operand.name), operand.name.length, operand.help, width) : []),
    ...flags.flatMap((flag) => row(cyan(flagText(flag)), flagText(flag).length, flag.help, width)),
  ];
  return [
    ...hanging(`Usage: ${usage(program, command)}`).map((line) => bold(line)),
    '',
    ...wrapped(summary),
    ...(rows.length === 0 ? [] : ['', ...rows]),
    ...(settings
      ? ['', ...wrapped(`All settings can be given as flags: ${program} help settings lists them.`)]
      : []),
    ...(examples.length === 0
      ? []
      : ['', bold('Examples'), ...examples.map((line) => `  ${program} ${line}`)]),
  ].join('\n');
}

/** @param call how the program is called */
export function usage(
  call: string,
  { name: command, operand, places = [], flags = [], settings }: Command,
): string {
  const parts = [
    ...places.map((place) => (place.several ? `${place.name}...` : place.name)),
    operand ? `[${operand.name}]` : '',
    ...flags.map((flag) => `[${flagText(flag)}]`),
    settings ? '[--SETTING VALUE ...]' : '',
  ];
  return [call, command, ...parts.filter((part) => part !== '')].join(' ');
}

export function flagText({ name: flag, value }: { readonly name: string; readonly value?: string }): string {
  return `--${flag}${value === undefined ? '' : ` ${value}`}`;
}

/** The lines after the first are indented. */
function hanging(text: string): string[] {
  const [first = '', ...rest] = wrapped(text, 2);
  return [first.trimStart(), ...rest];
}

function row(shown: string, length: number, text: string, width: number): string[] {
  const [first = '', ...rest] = wrapped(text, width + 2);
  return [`  ${shown}${' '.repeat(width - length)}${first.trimStart()}`, ...rest];
}

function setting(option: Option): string[] {
  const fallback = option.fallbackText ?? option.fallback;
  const text = `${option.help}${fallback === undefined ? '' : ` Default: ${fallback}.`}`;
  return [`  ${cyan(`--${flagOf(option)}`)}, ${option.env}`, ...wrapped(text, 6)];
}
