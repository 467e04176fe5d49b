import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { lstat, open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { formatBytes } from './text/byte-size.ts';

/** What is there is no plain file. To open it could wait for ever, or do something: a pipe, a device, a socket. */
export class NotPlainFileError extends Error {
  override readonly name = 'NotPlainFileError';
  /** Beside the codes of the system, such as ENOENT. */
  readonly code = 'NOT_A_PLAIN_FILE';
  readonly path: string;
  /** The end of a sentence: "is a named pipe". */
  readonly why: string;

  constructor(path: string, why: string) {
    super(`${path} ${why}`);
    this.path = path;
    this.why = why;
  }
}

export interface OpenPlainOptions {
  /** `existing` reads and writes what is there. */
  readonly access?: 'read' | 'existing';
  /** Whether a link at the end is followed. */
  readonly followLinks: boolean;
}

/** Of a file that is read at the start, unless the caller expects less. */
const MAX_BYTES = 16_000_000;

/**
 * Opens a plain file of this computer, and nothing else. It is looked at before it is opened, opened in a way that waits
 * for nothing, and looked at again: something else may have taken its place meanwhile.
 *
 * @throws NotPlainFileError, or the error of the system
 */
export async function openPlainFile(path: string, options: OpenPlainOptions): Promise<FileHandle> {
  const before = await (options.followLinks ? stat : lstat)(path);
  assertPlain(path, before);
  const handle = await open(path, flagsOf(options));
  try {
    assertSame(path, before, await handle.stat());
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/**
 * The bytes of a file that is small.
 *
 * @throws NotPlainFileError, or the error of the system
 */
export async function readPlainFile(path: string, options: OpenPlainOptions): Promise<Buffer> {
  const handle = await openPlainFile(path, options);
  try {
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/**
 * The text of a file that is read at the start, links followed.
 *
 * @throws NotPlainFileError, also for a file that is too large, or the error of the system
 */
export function readPlainFileSync(path: string, maxBytes = MAX_BYTES): string {
  const before = statSync(path);
  assertPlain(path, before);
  const file = openSync(path, flagsOf({ followLinks: true }));
  try {
    assertSame(path, before, fstatSync(file));
    const chunks: Buffer[] = [];
    for (let size = 0; ;) {
      const chunk = Buffer.allocUnsafe(64 * 1024);
      const bytes = readSync(file, chunk);
      if (bytes === 0) return Buffer.concat(chunks).toString();
      chunks.push(chunk.subarray(0, bytes));
      size += bytes;
      if (size > maxBytes) throw new NotPlainFileError(path, `has more than ${formatBytes(maxBytes)}`);
    }
  } finally {
    closeSync(file);
  }
}

function flagsOf({ access = 'read', followLinks }: OpenPlainOptions): number {
  // Those that Windows does not have are undefined there, which changes nothing.
  const { O_RDONLY, O_RDWR, O_NONBLOCK, O_NOFOLLOW } = constants;
  return (access === 'read' ? O_RDONLY : O_RDWR) | O_NONBLOCK | (followLinks ? 0 : O_NOFOLLOW);
}

function assertPlain(path: string, found: Stats): void {
  if (!found.isFile()) throw new NotPlainFileError(path, kindOf(found));
}

function assertSame(path: string, before: Stats, opened: Stats): void {
  assertPlain(path, opened);
  if (opened.ino !== before.ino || opened.dev !== before.dev)
    throw new NotPlainFileError(path, 'was replaced while it was opened');
}

function kindOf(found: Stats): string {
  if (found.isDirectory()) return 'is a folder';
  if (found.isSymbolicLink()) return 'is a link';
  if (found.isFIFO()) return 'is a named pipe';
  if (found.isSocket()) return 'is a socket';
  return found.isCharacterDevice() || found.isBlockDevice() ? 'is a device' : 'is not a plain file';
}
