import { AppError, isAppError } from '../errors.ts';
import { name as program } from '../version.ts';

/** Elsewhere the way out is a call of a tool; here it is a flag, a command, or a look into the Nextcloud itself. */
const phrases: readonly (readonly [said: RegExp, here: string])[] = [
  [/\bpass overwrite: true/g, 'add --overwrite'],
  [/\bPass overwrite: true/g, 'Add --overwrite'],
  [/\bwith overwrite: true/g, 'with --overwrite'],
  [/\bMake it with create_folder, then try again/g, 'Make it in Nextcloud, then try again'],
  [
    /\blist_files (of "(\\.|[^"\\])*" or search_files )?shows what is there/g,
    'Look in Nextcloud what is there',
  ],
  [/\bUse list_files to see what is in it/g, 'Name a file in it'],
  [/\bUse get_file_info or read_file/g, 'Choose another place'],
  [/\bLook with get_file_info or list_files before/g, 'Look in Nextcloud before'],
  [/\bCheck (.+?) with test_connection/g, `Check $1 with ${program} doctor`],
  [/\bCheck with test_connection/g, `Check it with ${program} doctor`],
];

/** What was said to an assistant, for a person at a terminal. */
export function terminalWording(text: string): string {
  return phrases.reduce((words, [said, here]) => words.replace(said, here), text);
}

/** The same failure for a person at a terminal. */
export function atTheTerminal(error: unknown): unknown {
  if (!isAppError(error)) return error;
  const hint = error.hint === undefined ? {} : { hint: terminalWording(error.hint) };
  return new AppError(error.code, error.message, { ...hint, cause: error });
}
