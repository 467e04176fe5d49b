import type { AppError } from '../../errors.ts';
import { flagOf } from '../../config/option.ts';
import { options } from '../../config/options.ts';
import type { KnownOption, OptionKey } from '../../config/options.ts';
import { didYouMean } from '../../text/nearest.ts';
import { LIST_SEPARATOR } from '../../config/values.ts';
import type { Settings } from '../../config/values.ts';
import { program } from '../terminal/program.ts';
import { commandOf, UsageError } from './command-table.ts';
import type { Command, CommandName } from './command-table.ts';

/** The arguments after the name of a command. */
export interface Arguments {
  readonly operand?: string;
  /** Sources and destination; empty for a command without places. */
  readonly places: readonly string[];
  /** Flags of the command, by name; an empty text for a flag without a value. */
  readonly flags: Readonly<Record<string, string | undefined>>;
  /** The settings that were given as flags. */
  readonly settings: Settings;
  /** The arguments that `settings` was read from, as they were typed. */
  readonly settingsArgs: readonly string[];
}

/** One flag, as far as the parser needs to know it. */
interface FlagSyntax {
  readonly name: string;
  /** The setting that it belongs to; absent for a flag of the command itself. */
  readonly key?: OptionKey;
  /**
   * `none`: it takes no value. `boolean`: the value may be left out. `one`: it needs a value. `list`: several
   * values may follow it, as in the manifest of a bundle, unless the command has operands.
   */
  readonly values: 'none' | 'boolean' | 'one' | 'list';
  /** The value of a flag that stands alone. */
  readonly bare?: string;
  /** Stands for the value in messages. */
  readonly label: string;
}

/** @throws AppError `config` for an argument that the command does not have */
export function readCommandLine(name: CommandName, argv: readonly string[]): Arguments {
  const command: Command | undefined = commandOf(name);
  if (!command) throw new Error(`no command ${name}`);
  const { places: wanted = [] } = command;
  const syntax = syntaxOf(command);
  const takesOperands = wanted.length > 0 || command.operand !== undefined;
  const flags: Record<string, string> = {};
  const settings: Partial<Record<OptionKey, string>> = {};
  const settingsArgs: string[] = [];
  const operands: string[] = [];
  for (let at = 0; at < argv.length;) {
    const argument = argv[at++] ?? '';
    if (argument === '--') {
      // Only names follow, such as one that begins with a dash.
      operands.push(...argv.slice(at));
      break;
    }
    if (!argument.startsWith('-')) {
      operands.push(argument);
      continue;
    }
    const [, given, inline] = /^--([^=]+)(?:=(.*))?$/s.exec(argument) ?? [];
    const flag = syntax.find((one) => one.name === given);
    if (!flag) throw unknownFlag(command, argument);
    const following = inline === undefined ? valuesAfter(flag, argv.slice(at), takesOperands) : [];
    const value = valueOf(command, flag, inline === undefined ? following : [inline]);
    if (flag.key === undefined) flags[flag.name] = value;
    else {
      const before = flag.values === 'list' ? settings[flag.key] : undefined;
      settings[flag.key] = before === undefined ? value : before + LIST_SEPARATOR + value;
      settingsArgs.push(argument, ...following);
    }
    at += following.length;
  }
  return { ...placed(command, operands), flags, settings, settingsArgs };
}

/** The flags of the command come first: they take precedence over a setting of the same name. */
function syntaxOf({ flags = [], settings }: Command): readonly FlagSyntax[] {
  const own = flags.map(({ name, value }): FlagSyntax => ({
    name,
    values: value === undefined ? 'none' : 'one',
    label: value ?? '',
  }));
  const values = { flag: 'boolean', list: 'list' } as const;
  const ofSettings = options.map((option: KnownOption): FlagSyntax => {
    const { key, kind, bare = kind === 'flag' ? 'true' : undefined } = option;
    return {
      name: flagOf(option),
      key,
      values: kind === 'flag' || kind === 'list' ? values[kind] : 'one',
      ...(bare === undefined ? {} : { bare }),
      label: `for example ${option.example}`,
    };
  });
  return settings ? [...own, ...ofSettings] : own;
}

/** Those of the following arguments that are values of the flag. */
function valuesAfter({ values }: FlagSyntax, rest: readonly string[], takesOperands: boolean): string[] {
  const end = rest.findIndex((argument) => argument.startsWith('--'));
  const following = end === -1 ? rest : rest.slice(0, end);
  if (values === 'none') return [];
  if (values === 'list' && !takesOperands) return [...following];
  const [next] = following;
  if (next === undefined) return [];
  // `--read-only` may stand alone, and what follows it may be an operand.
  const isValue = values !== 'boolean' || !takesOperands || /^(true|false|yes|no|on|off|0|1)$/i.test(next);
  return isValue ? [next] : [];
}

function valueOf(
  command: Command,
  { name, values, bare, label }: FlagSyntax,
  given: readonly string[],
): string {
  if (values === 'none' && given.length > 0) throw wrong(command, `--${name} takes no value`);
  if (values === 'none') return '';
  if (given.length > 0) return given.join(LIST_SEPARATOR);
  if (bare !== undefined) return bare;
  throw wrong(command, `--${name} needs a value (${label})`);
}

function placed(command: Command, operands: readonly string[]): Pick<Arguments, 'operand' | 'places'> {
  const { name, places = [], operand } = command;
  if (places.length === 0) {
    const [first, second] = operands;
    const extra = operand ? second : first;
    if (extra !== undefined) {
      const isName = command.flags?.some((flag) => flag.name === 'account') && /^[\w.@-]+$/.test(extra);
      const advice = isName ? `Did you mean --account ${extra}? ` : '';
      throw wrong(command, `${name} does not know ${JSON.stringify(extra)}`, advice);
    }
    return { places: [], ...(first === undefined ? {} : { operand: first }) };
  }
  const names = places.map((place) => place.name).join(' and ');
  const extra = operands[places.length];
  if (extra !== undefined && !places.some(({ several }) => several))
    throw wrong(command, `${name} takes ${names}, and ${JSON.stringify(extra)} is one more`);
  if (operands.length < places.length) throw wrong(command, `${name} needs ${names}`);
  return { places: operands };
}

function unknownFlag(command: Command, argument: string): AppError {
  const { name, places = [] } = command;
  const known = [...syntaxOf(command).map((flag) => `--${flag.name}`), '--help', '--version'];
  // What stands after the equals sign may be a password.
  const flag = argument.replace(/=.*$/s, '');
  const advice = places.length === 0 ? '' : 'A name that begins with "-" goes after --. ';
  return wrong(command, `${name} does not know ${JSON.stringify(flag)}`, didYouMean(flag, known) + advice);
}

function wrong({ name }: Command, message: string, advice = ''): AppError {
  return new UsageError(message, `${advice}${program} help ${name} shows the arguments it takes.`);
}
