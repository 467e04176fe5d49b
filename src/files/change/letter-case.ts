import { AppError } from '../../errors.ts';
import type { RemotePath } from '../../path.ts';

/** Whether two paths differ in upper and lower case only. Some servers keep their files where both are one. */
export function onlyCaseDiffers(a: RemotePath, b: RemotePath): boolean {
  return a !== b && a.toLowerCase() === b.toLowerCase();
}

/** The error for a rename that such a server takes for one onto itself. */
export function sameFile(from: RemotePath, to: RemotePath, cause?: unknown): AppError {
  return new AppError('exists', `The server finds something at ${to} already, which may be ${from} itself`, {
    status: 412,
    hint: 'Nothing was changed. Where upper and lower case are one, rename it in two steps: first to another name, then to the one wanted. Do not overwrite it: that would delete both.',
    cause,
  });
}
