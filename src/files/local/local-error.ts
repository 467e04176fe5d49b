import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../../errors.ts';
import { NotPlainFileError } from '../../plain-file.ts';

/** What the file system of this computer says, in our words. */

export function throwLocalError(path: string, why: string, hint: string): AppError {
  return new AppError('invalid_input', `${path} ${why}`, { hint });
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

export function localError(cause: unknown, path: string, verb: 'read' | 'written'): AppError {
  if (cause instanceof AppError) return cause;
  if (cause instanceof NotPlainFileError)
    return new AppError('invalid_input', `${path} ${cause.why}`, { cause, hint: 'Choose a plain file.' });
  switch (codeIn(cause, path, verb)) {
    case 'ENOENT':
      return new AppError('not_found', `${path} does not exist on this computer`, {
        cause,
        hint: 'Check the path.',
      });
    case 'EEXIST':
      return new AppError('exists', `${path} exists already`, {
        cause,
        hint: 'Choose another name.',
        remedy: { kind: 'overwrite' },
      });
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return new AppError('quota_exceeded', `The disk is full: ${path} was not written`, {
        cause,
        hint: 'Free some space and try again.',
      });
    case 'EROFS':
      return new AppError('forbidden', `${path} cannot be written: nothing can be changed on that disk`, {
        cause,
        hint: 'It is mounted read-only. Choose a folder on another one.',
      });
    case 'EACCES':
    case 'EPERM':
      return new AppError('forbidden', `${path} cannot be ${verb} with the rights of this program`, {
        cause,
        hint:
          verb === 'read'
            ? 'Allow the person who runs it to read that, or choose something else.'
            : 'Choose another folder.',
      });
    default:
      return new AppError('unavailable', `${path} cannot be ${verb} (${codeOf(cause) || String(cause)})`, {
        cause,
      });
  }
}

// Making a folder and those above it says ENOENT for whatever stops it; what is there already says why.
function codeIn(cause: unknown, path: string, verb: 'read' | 'written'): string {
  const code = codeOf(cause);
  if (code !== 'ENOENT' || verb === 'read') return code;
  for (let above = dirname(path); ; above = dirname(above))
    try {
      accessSync(above, constants.W_OK);
      return code;
    } catch (error) {
      if (codeOf(error) !== 'ENOENT' || above === dirname(above)) return codeOf(error);
    }
}
