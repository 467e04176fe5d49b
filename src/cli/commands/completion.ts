import { flagOf } from '../../config/option.ts';
import { options } from '../../config/options.ts';
import type { Option } from '../../config/option.ts';
import { name as program } from '../../version.ts';
import { readCommandLine } from '../command-line/arguments.ts';
import { commands, UsageError } from '../command-line/command-table.ts';
import type { Command, Flag } from '../command-line/command-table.ts';
import { firstSentence } from '../command-line/first-sentence.ts';
import { printWhole } from '../terminal/print.ts';

/** `completion bash`: prints the completion script of a shell. */
export async function completionCommand(argv: readonly string[]): Promise<void> {
  const { operand = '' } = readCommandLine('completion', argv);
  const write = shells[operand];
  if (!write)
    throw new UsageError(
      operand === ''
        ? 'The name of the shell is missing'
        : `There is no completion for ${JSON.stringify(operand)}`,
      `Supported shells: ${Object.keys(shells).join(', ')}.`,
    );
  printWhole(write());
}

const rows: readonly Command[] = commands;
const words = rows.map((command) => command.name);

const shells: Readonly<Record<string, () => string>> = { bash, zsh, fish };

/** The flags of a command: its own, then the settings. */
function flagsOf({ flags = [], settings }: Command): readonly Flag[] {
  const all = options.map((option: Option): Flag => {
    const { choices } = option;
    const value = option.kind === 'flag' ? {} : { value: choices?.join('|') ?? option.kind };
    return { name: flagOf(option), help: option.help, ...value };
  });
  return [...flags, ...(settings ? all : [])];
}

function bash(): string {
  const cases = rows.map((command) => {
    const flags = flagsOf(command).map((flag) => `--${flag.name}`);
    const all = [...flags, ...(command.operand?.choices ?? [])].join(' ');
    return `    ${command.name}) words="${all}" ;;`;
  });
  return `# source <(${program} completion bash)
_nextcloud_files_mcp() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    *) words="" ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words="${words.join(' ')} --help --version"; fi
  # Complete file names where no word matches.
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [ \${#COMPREPLY[@]} -eq 0 ]; then COMPREPLY=($(compgen -f -- "$current")); fi
}
complete -o filenames -F _nextcloud_files_mcp ${program}`;
}

function zsh(): string {
  const names = rows.map((command) => `    ${quoted(`${command.name}:${firstSentence(command.summary)}`)}`);
  const cases = rows.map((command) => {
    const flags = flagsOf(command).map(({ name, help, value }) =>
      quoted(`--${name}[${bracketed(help)}]${value === undefined ? '' : `:${bracketed(value)}:_files`}`),
    );
    const { operand } = command;
    const place = operand?.choices
      ? [quoted(`1:${operand.name}:(${operand.choices.join(' ')})`)]
      : [quoted('*:file:_files')];
    return `    ${command.name}) _arguments ${[...flags, ...place].join(' ')} ;;`;
  });
  return `#compdef ${program}
# ${program} completion zsh > "\${fpath[1]}/_${program}"
_nextcloud_files_mcp() {
  local -a commands=(
${names.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command="$words[2]"
  shift words
  (( CURRENT-- ))
  case "$command" in
${cases.join('\n')}
  esac
}
# The completion system autoloads this file; it can also be read with source.
if [ "$funcstack[1]" = "_${program}" ]; then
  _nextcloud_files_mcp "$@"
else
  compdef _nextcloud_files_mcp ${program}
fi`;
}

function fish(): string {
  const first = `__fish_use_subcommand`;
  const lines = rows.flatMap((command) => {
    const here = `-n ${quoted(`__fish_seen_subcommand_from ${command.name}`)}`;
    const choices = command.operand?.choices ?? [];
    return [
      `complete -c ${program} -n ${first} -f -a ${command.name} -d ${quoted(firstSentence(command.summary))}`,
      ...(choices.length === 0 ? [] : [`complete -c ${program} ${here} -f -a ${quoted(choices.join(' '))}`]),
      ...flagsOf(command).map(
        ({ name, help, value }) =>
          `complete -c ${program} ${here} -l ${name}${value === undefined ? '' : ' -r'} -d ${quoted(firstSentence(help))}`,
      ),
    ];
  });
  return [`# ${program} completion fish > ~/.config/fish/completions/${program}.fish`, ...lines].join('\n');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

// Brackets and colons have a meaning in the specifications of _arguments.
function bracketed(text: string): string {
  return firstSentence(text).replace(/[[\]:\\]/g, '\\$&');
}
