import { AppError } from '../../errors.ts';
import type { ErrorDetail } from '../../errors.ts';
import { isRead } from './retry.ts';

/** A refusal of Nextcloud itself whose reason tells more than its status. */
export interface ReasonedRefusal {
  readonly method: string;
  readonly status: number;
  /** The class of the exception, with its namespace. */
  readonly exception: string;
  /** Its message, made fit for being shown. */
  readonly reason: string;
}

/** Exceptions of the encryption, and its words where another exception carries them. */
const encryptionExceptions =
  /\\Encryption\\|DecryptionFailed|EncryptionFailed|(Private|Public)KeyMissing|MultiKey|ModuleDoesNotExist/;
const encryptionWords =
  /can ?not (de|en)crypt|bad signature|encryption (is )?not ready|(private|public) key (is )?missing|multikey/i;

function isAboutEncryption({ status, exception, reason }: ReasonedRefusal): boolean {
  if (![403, 500, 503].includes(status)) return false;
  return encryptionExceptions.test(exception) || encryptionWords.test(reason);
}

/** @returns undefined where the status says enough */
export function reasonedError(refusal: ReasonedRefusal, detail: ErrorDetail): AppError | undefined {
  const { method, status, exception, reason } = refusal;
  const why = reason === '' ? '' : `: ${reason}`;
  if (isAboutEncryption(refusal))
    return new AppError('unavailable', `Nextcloud could not encrypt or decrypt this file${why}`, {
      ...detail,
      uncertain: !isRead(method) && status >= 500,
      lasting: true,
      hint: 'The same call will fail again. Ask the administrator, or whoever shares the file to share it anew; where the login password was changed, signing in to Nextcloud in a browser may be needed.',
    });
  // The app files_antivirus, and rules that administrators set.
  if (status === 415 && exception.endsWith('UnsupportedMediaType') && reason !== '')
    return new AppError('forbidden', `Nextcloud does not accept this file${why}`, {
      ...detail,
      hint: 'A rule of the administrator or a scanner refuses its contents. Nothing was stored.',
    });
  if (status === 413 && /space/i.test(reason))
    return new AppError('quota_exceeded', 'There is not enough space in the Nextcloud', {
      ...detail,
      hint: 'Free some space (the trash counts as well) or ask for a larger quota.',
    });
  return undefined;
}
