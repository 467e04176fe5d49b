import { commands } from '../../src/cli/command-line/command-table.ts';
import type { Command } from '../../src/cli/command-line/command-table.ts';
import { flagText, usage } from '../../src/cli/commands/help.ts';
import { flagOf } from '../../src/config/option.ts';
import { options } from '../../src/config/options.ts';
import type { Option } from '../../src/config/option.ts';
import { name, version } from '../../src/version.ts';

/** The manual page, for man(1), from the tables of commands and options. */
export function manual(): string {
  return [
    `.TH ${name.toUpperCase()} 1 "" "${name} ${version}" "User Commands"`,
    '.SH NAME',
    `${escaped(name)} \\- the files of a Nextcloud for assistants that speak the Model Context Protocol`,
    '.SH SYNOPSIS',
    `.B ${escaped(name)}`,
    '.RI [ command ]',
    '.RI [ options ]',
    '.SH COMMANDS',
    ...commands.flatMap(section),
    '.SH SETTINGS',
    'A flag, else the environment variable, else the stored account, else the default.',
    ...options.flatMap((option: Option) => {
      const fallback = option.fallbackText ?? option.fallback;
      const text = `${option.help}${fallback === undefined ? '' : ` Default: ${fallback}.`}`;
      return ['.TP', `.BR ${escaped(`--${flagOf(option)}`)} ", ${escaped(option.env)}"`, line(text)];
    }),
    '.SH EXIT STATUS',
    '0 for success, 1 for a failure, 2 for a wrong command, argument or setting, 3 if some files of a put or get failed.',
    '.SH FILES',
    'Stored accounts: ~/.config/nextcloud\\-files\\-mcp/accounts.json (no passwords in it).',
    'On macOS below ~/Library/Application Support, on Windows below %APPDATA%.',
    '',
  ].join('\n');
}

function section(command: Command): string[] {
  const { summary, operand, flags = [], examples = [] } = command;
  return [
    `.SS ${escaped(usage(name, command))}`,
    line(summary),
    ...(operand ? ['.TP', `.I ${escaped(operand.name)}`, line(operand.help)] : []),
    ...flags.flatMap((flag) => ['.TP', `.B ${escaped(flagText(flag))}`, line(flag.help)]),
    ...(examples.length === 0
      ? []
      : ['.PP', 'Examples:', '.nf', ...examples.map((one) => line(`  ${name} ${one}`)), '.fi']),
  ];
}

// A dot or a quote at the beginning of a line would start a roff request.
function line(text: string): string {
  return escaped(text).replace(/^[.']/, '\\&$&');
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\e').replaceAll('-', '\\-');
}
