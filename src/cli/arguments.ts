import { AppError } from '../errors.ts';
import { flagOf, options } from '../config/options.ts';
import type { Option } from '../config/options.ts';
import { name as program } from '../version.ts';
import { commandOf } from './command-table.ts';
import type { Command, CommandName } from './command-table.ts';

/** What stands behind a command, sorted by whose it is. */
export interface Arguments {
  readonly operand?: string;
  /** From where and to where; empty for a command that has no places. */
  readonly places: readonly string[];
  /** Flags of the command, by name; an empty text for one without a value. */
  readonly flags: Readonly<Record<string, string | undefined>>;
  /** Flags of the settings, as they were given. */
  readonly settings: readonly string[];
}

/** @throws AppError `config` for what the command does not know */
export function readCommandLine(name: CommandName, argv: readonly string[]): Arguments {
  const command = commandOf(name);
  if (!command) throw new Error(`no command ${name}`);
  const flags: Record<string, string> = {};
  const settings: string[] = [];
  const { places: wanted = [] } = command;
  const places: string[] = [];
  let operand: string | undefined;
  // Behind it stand names only, such as one that begins with a dash.
  const end = wanted.length > 0 && argv.includes('--') ? argv.indexOf('--') : argv.length;
  for (let at = 0; at < end; at++) {
    const argument = argv[at] ?? '';
    const [, given = '', value] = /^--([^=]+)(?:=(.*))?$/s.exec(argument) ?? [];
    const next = at + 1 < end ? argv[at + 1] : undefined;
    const own = command.flags?.find((flag) => flag.name === given);
    const option = command.settings && options.find((candidate: Option) => flagOf(candidate) === given);
    if (own?.value !== undefined) {
      const text = value ?? (next?.startsWith('--') ? undefined : next);
      if (text === undefined) throw wrong(command, `--${given} needs a value (${own.value})`);
      if (value === undefined) at++;
      flags[given] = text;
    } else if (own) {
      if (value !== undefined) throw wrong(command, `--${given} takes no value`);
      flags[given] = '';
    } else if (option) {
      settings.push(argument);
      if (value === undefined && next !== undefined && takes(option, next)) settings.push(argv[++at] ?? '');
    } else if (!argument.startsWith('-') && places.length < wanted.length) places.push(argument);
    else if (!argument.startsWith('-') && command.operand && operand === undefined) operand = argument;
    else if (wanted.length > 0 && argument.startsWith('-'))
      throw wrong(
        command,
        `${name} does not know ${JSON.stringify(argument)}. A name that begins with "-" goes after --`,
      );
    else if (wanted.length > 0) throw tooMany(command, argument);
    else throw wrong(command, `${name} does not know ${JSON.stringify(argument)}`);
  }
  places.push(...argv.slice(end + 1));
  if (places.length > wanted.length) throw tooMany(command, places[wanted.length] ?? '');
  if (places.length < wanted.length)
    throw wrong(command, `${name} needs ${wanted.map((place) => place.name).join(' and ')}`);
  return { places, ...(operand === undefined ? {} : { operand }), flags, settings };
}

// `--read-only` may stand alone, and what follows it may be the operand.
function takes(option: Option, next: string): boolean {
  return option.kind === 'flag' ? /^(true|false|yes|no|on|off|0|1)$/i.test(next) : !next.startsWith('--');
}

function tooMany(command: Command, argument: string): AppError {
  const { name, places = [] } = command;
  const takes = places.map((place) => place.name).join(' and ');
  return wrong(
    command,
    `${name} takes ${takes}, and ${JSON.stringify(argument)} is one more. A name with a space in it needs quotes`,
  );
}

function wrong({ name }: Command, message: string): AppError {
  return new AppError('config', message, { hint: `${program} help ${name} shows what it takes.` });
}
