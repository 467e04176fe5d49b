import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface AtomicWriteOptions {
  /** Permissions of the file. Default: this user may read and write it, and nobody else may do either. */
  readonly mode?: number;
  /** A fixed name for the temporary file, for callers that delete what an earlier crash left. Default: a random one. */
  readonly temporary?: string;
}

/**
 * Replaces a small text file in one step: a reader sees the old contents or the new ones, never a part of
 * them, and a failed write leaves the old file. Missing folders are made, for this user only.
 *
 * @throws the error of the file system
 */
export async function writeFileAtomically(
  file: string,
  text: string,
  { mode = 0o600, temporary }: AtomicWriteOptions = {},
): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const name = temporary ?? `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(name, text, { mode, flag: temporary === undefined ? 'wx' : 'w' });
    await rename(name, file);
  } catch (error) {
    await rm(name, { force: true }).catch(() => undefined);
    throw error;
  }
}
