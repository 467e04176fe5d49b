import { parseArgs } from 'node:util';
import { AppError } from '../errors.ts';
import { flagOf, options } from './options.ts';
import type { Option } from './options.ts';

/** What was given for each flag, by its name without the dashes. */
export type Flags = Readonly<Record<string, string | undefined>>;

/** Between several values of one flag, which may have commas in them. */
export const JOINT = '\n';

/** @throws AppError `config` for a flag that does not exist */
export function readFlags(argv: readonly string[]): Flags {
  const known = Object.fromEntries(options.map((option) => [flagOf(option), { type: 'string' as const }]));
  try {
    return parseArgs({ args: withValues(argv), options: known, strict: true }).values;
  } catch (cause) {
    const hint = 'nextcloud-files-mcp --help lists the flags.';
    throw new AppError('config', cause instanceof Error ? cause.message : String(cause), { hint, cause });
  }
}

// `--read-only` and `--http` may stand alone; `--local-folders` may be followed by several, as a bundle does.
function withValues(argv: readonly string[]): string[] {
  const words: string[] = [];
  let open: Option | undefined;
  for (const [index, argument] of argv.entries()) {
    const option = options.find((candidate) => `--${flagOf(candidate)}` === argument);
    const bare = option && bareValue(option);
    const next = argv[index + 1];
    const before = words.at(-1);
    if (bare !== undefined && (next === undefined || next.startsWith('--')))
      words.push(`${argument}=${bare}`);
    else if (open && before !== undefined && !argument.startsWith('--'))
      words[words.length - 1] = `${before}${before.includes('=') ? JOINT : '='}${argument}`;
    else words.push(argument);
    if (argument.startsWith('--')) open = option?.kind === 'list' ? option : undefined;
  }
  return words;
}

function bareValue(option: Option): string | undefined {
  return option.kind === 'flag' ? 'true' : option.bare;
}
