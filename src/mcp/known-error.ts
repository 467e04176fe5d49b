import { randomUUID } from 'node:crypto';
import { AppError, isAppError } from '../errors.ts';
import type { Log } from '../log.ts';

/** The failure as a client may see it. Of what nobody foresaw the log has the detail, the answer a number to find it by. */
export function knownError(error: unknown, log: Log): AppError {
  if (isAppError(error)) return error;
  const id = randomUUID().slice(0, 8);
  log.error({ id, err: error }, 'unexpected error');
  return new AppError('unavailable', `Something unexpected went wrong (number ${id})`, {
    hint: 'The log on standard error has the details under that number.',
    cause: error,
  });
}
