import { isAppError } from '../../src/errors.ts';
import type { ErrorCode } from '../../src/errors.ts';

/** For `assert.rejects`: an error of the client with this code. */
export const fails =
  (code: ErrorCode, status?: number) =>
  (error: unknown): boolean =>
    isAppError(error, code) && (status === undefined || error.status === status);
