import { flagOf } from '../../config/option.ts';
import { options } from '../../config/options.ts';
import type { Option } from '../../config/option.ts';
import { name, version } from '../../version.ts';
import { readCommandLine } from '../command-line/arguments.ts';
import { commandOf, commands, unknownCommand } from '../command-line/command-table.ts';
import type { Command } from '../command-line/command-table.ts';
import { bold, cyan, dim } from '../terminal/paint.ts';
import { program } from '../terminal/program.ts';
import { wrapped } from '../terminal/wrap.ts';
import { print } from '../terminal/print.ts';

export async function helpCommand(argv: readonly string[]): Promise<void> {
  const { operand } = readCommandLine('help', argv);
  const command = operand === undefined ? undefined : commandOf(operand);
  if (operand !== undefined && !command) throw unknownCommand(operand);
  print(command ? commandHelp(command) : helpText());
}

/** The general help, from the tables of commands and settings. */
export function helpText(): string {
  const settings = (http: boolean): string[] =>
    options.filter((option: Option) => (option.http ?? false) === http).flatMap(setting);
  const width = Math.max(...commands.map((command) => command.name.length)) + 2;
  return [
    `${bold(name)} ${version}`,
    'Gives assistants that support the Model Context Protocol access to the files of a Nextcloud.',
    '',
    bold('Getting started'),
    ...gettingStarted(),
    '',
    bold('Commands'),
    ...commands.flatMap((command: Command) =>
      row(cyan(command.name), command.name.length, command.summary, width),
    ),
    '',
    `${bold('Settings')}: the flag, else the environment variable, else the stored account, else the default`,
    ...settings(false),
    '',
    bold('Settings for HTTP'),
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
export function commandHelp(command: Command): string {
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
    ...wrapped(`Usage: ${usage(command)}`).map((line) => bold(line)),
    '',
    ...wrapped(summary),
    ...(rows.length === 0 ? [] : ['', ...rows]),
    ...(settings ? ['', `All settings can be given as flags: ${program} help lists them.`] : []),
    ...(examples.length === 0
      ? []
      : ['', bold('Examples'), ...examples.map((line) => `  ${program} ${line}`)]),
  ].join('\n');
}

export function usage({ name: command, operand, places = [], flags = [], settings }: Command): string {
  const parts = [
    ...places.map((place) => (place.several ? `${place.name}...` : place.name)),
    operand ? `[${operand.name}]` : '',
    ...flags.map((flag) => `[${flagText(flag)}]`),
    settings ? '[--SETTING VALUE ...]' : '',
  ];
  return [name, command, ...parts.filter((part) => part !== '')].join(' ');
}

export function flagText({ name: flag, value }: { readonly name: string; readonly value?: string }): string {
  return `--${flag}${value === undefined ? '' : ` ${value}`}`;
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
