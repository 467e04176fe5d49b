import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { homePath } from '../machine.ts';
import { NotPlainFileError, readPlainFileSync } from '../plain-file.ts';

/** A file that a setting names: what is in it, or why it cannot be used, as the end of a sentence. */
export type SettingsFile = { readonly text: string } | { readonly why: string };

/** Of a file with certificates. */
const MAX_BYTES = 16_000_000;
/** A secret is one line. A larger file is another file. */
const MAX_SECRET_BYTES = 8000;

export function readSettingsFile(path: string, maxBytes = MAX_BYTES): SettingsFile {
  try {
    return { text: readPlainFileSync(fullPath(path), maxBytes) };
  } catch (error) {
    if (error instanceof NotPlainFileError) return { why: `the file ${error.why}` };
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return { why: code === 'ENOENT' ? 'the file does not exist' : `the file cannot be read (${code})` };
  }
}

/**
 * The one line of a file, without its line break. Anything else is refused, because a file that was named by mistake
 * would be sent to the server as the password.
 */
export function readSecretFile(path: string): SettingsFile {
  const file = readSettingsFile(path, MAX_SECRET_BYTES);
  if ('why' in file) return file;
  const text = file.text.replace(/^\uFEFF/, '').replace(/\r?\n$/, '');
  if (text.trim() === '') return { why: 'the file is empty' };
  if (/[\r\n]/.test(text)) return { why: 'the file has more than one line' };
  return /[\0-\x08\x0b-\x1f\uFFFD]/.test(text) ? { why: 'the file is not text' } : { text };
}

/**
 * Whether every user of this computer can read the file, and this user could change that. Files of root are left out:
 * secrets that are mounted into a container belong to root, and the container is what protects them.
 *
 * @param user the id of the user of this process; absent on Windows
 */
export function isReadableByAll(path: string, user = process.getuid?.()): boolean {
  try {
    const file = fullPath(path);
    const { mode, uid } = statSync(file);
    if (user === undefined || uid !== user || uid === 0 || (mode & 0o004) === 0) return false;
    return foldersAbove(file).every((folder) => (statSync(folder).mode & 0o001) !== 0);
  } catch {
    return false; // whether it can be read at all is found out elsewhere
  }
}

function foldersAbove(path: string): string[] {
  const above = dirname(path);
  return above === path ? [] : [above, ...foldersAbove(above)];
}

function fullPath(path: string): string {
  return resolve(homePath(path, { platform: process.platform, home: homedir() }));
}
