import { invalidPath } from './sabre-error.ts';

const LIMIT_BYTES = 250;
const forbiddenEndings = ['.filepart', '.part'];

/** What a name may not be (lib/private/Files/FilenameValidator.php): throws 400 InvalidPath. */
export function checkName(major: number, name: string, isFolder = false): void {
  const trimmed = name.trim();
  if (trimmed === '') throw invalidPath('Empty filename is not allowed');
  if (trimmed === '.' || trimmed === '..') throw invalidPath('Dot files are not allowed');
  if (Buffer.byteLength(name) > LIMIT_BYTES) {
    throw invalidPath(major < 30 ? 'File name is too long' : 'Filename is too long');
  }
  const lower = name.toLowerCase();
  if (isFolder && lower === '.htaccess') throw invalidPath('Filename is a reserved word');
  for (const ending of forbiddenEndings) {
    if (major >= 30 && lower.endsWith(ending)) throw invalidPath(`"${ending}" is a forbidden file type.`);
  }
  if (major < 30 && /[\u0000-\u001f\\]/.test(name)) {
    throw invalidPath('File name contains at least one invalid character');
  }
  if (/[\u0000-\u001f]/.test(name)) throw invalidPath('Filename contains at least one invalid character');
  if (name.includes('\\')) throw invalidPath('"\\" is not allowed inside a file or folder name.');
}
