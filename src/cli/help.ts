import { flagOf, options } from '../options.ts';
import type { Option } from '../options.ts';
import { name, version } from '../version.ts';
import { commands } from './commands.ts';

export async function help(): Promise<void> {
  console.log(helpText());
}

/** The whole help, from the tables of commands and options. */
export function helpText(): string {
  const settings = (http: boolean): string[] =>
    options.filter((option: Option) => (option.http ?? false) === http).map(line);
  return [
    `${name} ${version}`,
    'The files of a Nextcloud for assistants that speak the Model Context Protocol.',
    '',
    'Commands',
    ...commands.map((command) => `  ${command.name.padEnd(8)}${command.summary}`),
    '',
    'Settings: a flag, else the environment variable, else the default',
    ...settings(false),
    '',
    'Settings for HTTP',
    ...settings(true),
  ].join('\n');
}

function line(option: Option): string {
  const fallback = option.fallbackText ?? option.fallback;
  return `  --${flagOf(option)}, ${option.env}\n      ${option.help}${fallback === undefined ? '' : ` Default: ${fallback}.`}`;
}
