import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';

/** Nextcloud drops the chunks of an upload after a day without a new one. */
const KEPT_MS = 24 * 60 * 60 * 1000;

const noteSchema = z.object({
  kind: z.enum(['upload', 'download']),
  account: z.string(),
  remote_path: z.string(),
  local_path: z.string(),
  /** Bytes. */
  size: z.number(),
  /** Which version of the source this is about. */
  version: z.string(),
  /** Id of the upload folder, or path of the temporary file. */
  place: z.string(),
  /** Bytes of a chunk or of a stream's share. */
  share: z.number(),
  /** Chunks that were answered, or how far each stream's bytes are safely on the disk. */
  done: z.array(z.number()),
  /** Seconds since 1970, of the file to be made. */
  modified: z.number(),
  /** Upload: etag of what is to be replaced. */
  replaces: z.string().optional(),
  /** Milliseconds since 1970. */
  began: z.number(),
});

/** How far a transfer has come, for a call in another process to go on from there. */
export type Note = z.infer<typeof noteSchema>;
export type Subject = Pick<Note, 'kind' | 'account' | 'remote_path' | 'local_path'>;

/** How many bytes of it are done. */
export function bytesIn({ kind, size, share, done }: Note): number {
  const sizes = done.map((one, index) =>
    kind === 'upload' ? Math.min(share, size - (one - 1) * share) : one - index * share,
  );
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

/** One small file per unfinished transfer, in a folder that only the user can read. */
export class Journal {
  readonly #folder: string;
  /** One write after the other: streams report at the same time. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(folder: string) {
    this.#folder = folder;
  }

  async read(subject: Subject): Promise<Note | undefined> {
    return this.#parse(this.#file(subject));
  }

  async write(note: Note): Promise<void> {
    const file = this.#file(note);
    const write = async (): Promise<void> => {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeFile(`${file}.new`, JSON.stringify(note), { mode: 0o600 });
      await rename(`${file}.new`, file);
    };
    const written = this.#last.then(write);
    this.#last = written.catch(() => undefined);
    await written;
  }

  async remove(subject: Subject): Promise<void> {
    await this.#last;
    await rm(this.#file(subject), { force: true });
    await rm(`${this.#file(subject)}.new`, { force: true });
  }

  /** The unfinished transfers of an account; what is too old to go on is cleared away with its bytes. */
  async unfinished(account: string): Promise<Note[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const notes: Note[] = [];
    for (const name of names) {
      const file = join(this.#folder, name);
      const found = await stat(file).catch(() => undefined);
      if (!found) continue;
      const note = await this.#parse(file);
      if (Date.now() - found.mtimeMs > KEPT_MS) {
        await unlink(file).catch(() => undefined);
        if (note?.kind === 'download' && note.place.endsWith('.part')) await rm(note.place, { force: true });
      } else if (note?.account === account) notes.push(note);
    }
    return notes;
  }

  async #parse(file: string): Promise<Note | undefined> {
    try {
      return noteSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    } catch {
      return undefined; // none, or one that a crash left half-written: start anew
    }
  }

  #file({ kind, account, remote_path, local_path }: Subject): string {
    const key = JSON.stringify([kind, account, remote_path, local_path]);
    return join(this.#folder, `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.json`);
  }
}
