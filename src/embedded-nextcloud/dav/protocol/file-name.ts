import { invalidPath } from './sabre-error.ts';

const MAX_BYTES = 250;
const forbiddenExtensions = ['.filepart', '.part'];

/**
 * Validates a name (lib/private/Files/FilenameValidator.php).
 *
 * @throws {SabreError} 400 InvalidPath.
 */
export function checkName(major: number, name: string, isFolder = false): void {
  const trimmed = name.trim();
  if (trimmed === '') throw invalidPath('Empty filename is not allowed');
  if (trimmed === '.' || trimmed === '..') throw invalidPath('Dot files are not allowed');
  if (Buffer.byteLength(name) > MAX_BYTES) {
    throw invalidPath(major < 30 ? 'File name is too long' : 'Filename is too long');
  }
  const lower = name.toLowerCase();
  if (isFolder && lower === '.htaccess') throw invalidPath('Filename is a reserved word');
  for (const extension of forbiddenExtensions) {
    if (major >= 30 && lower.endsWith(extension))
      throw invalidPath(`"${extension}" is a forbidden file type.`);
  }
  if (major < 30 && /[\u0000-\u001f\\]/.test(name)) {
    throw invalidPath('File name contains at least one invalid character');
  }
  if (/[\u0000-\u001f]/.test(name)) throw invalidPath('Filename contains at least one invalid character');
  if (name.includes('\\')) throw invalidPath('"\\" is not allowed inside a file or folder name.');
}
