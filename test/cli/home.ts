import { spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { secretsIn } from '../support/secrets.ts';
import type { Login } from '../support/secrets.ts';

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Sees standard output as it grows; for commands that wait for a person. */
  readonly watch?: (out: string) => void;
  readonly input?: string;
}

const main = join(import.meta.dirname, '../../dist/main.js');

/** A computer's user with an empty home, who runs the built program. */
export class Home {
  readonly path = realpathSync(mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-home-')));
  readonly printed: string[] = [];
  readonly #secrets: Login[] = [];
  readonly #bin: string;

  constructor() {
    this.#bin = join(this.path, 'bin');
    for (const folder of ['bin', 'Downloads', 'tmp']) mkdirSync(join(this.path, folder));
    symlinkSync(main, this.program);
  }

  /** Commands of the computer that are found before the usual ones. */
  get bin(): string {
    return this.#bin;
  }

  /** The program as npm installs it for all projects: a link on the PATH. */
  get program(): string {
    return join(this.#bin, 'nextcloud-files-mcp');
  }

  /** Must never be printed, nor lie in a file as it is. */
  guard(username: string, password: string): void {
    this.#secrets.push({ username, password });
  }

  get env(): Record<string, string> {
    return {
      HOME: this.path,
      TMPDIR: join(this.path, 'tmp'),
      // The folder of Node.js and not the whole of the usual places: nothing of this machine's own is to be found.
      PATH: `${this.#bin}:${join(process.execPath, '..')}`,
    };
  }

  async run(argv: readonly string[], { env = {}, watch, input }: RunOptions = {}): Promise<Ran> {
    const all = Object.entries({ ...this.env, ...env }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    const child = spawn(process.execPath, [this.program, ...argv], {
      env: Object.fromEntries(all),
      cwd: this.path,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stdin.end(input ?? '');
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString('utf8');
      watch?.(out);
    });
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString('utf8')));
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    this.printed.push(out, err);
    return { code, out, err };
  }

  read(...names: string[]): string {
    return readFileSync(join(this.path, ...names), 'utf8');
  }

  /** Every file below the home, by its path from there. */
  files(): string[] {
    return readdirSync(this.path, { recursive: true, encoding: 'utf8' }).filter(
      (name) => join(this.path, name) !== this.program && statSync(join(this.path, name)).isFile(),
    );
  }

  /** @throws Error when anything that was printed or written holds a secret */
  close(): void {
    const texts = this.files().map((name): [string, string] => [
      name,
      readFileSync(join(this.path, name), 'latin1'),
    ]);
    texts.push(['the output', this.printed.join('\n')]);
    rmSync(this.path, { recursive: true, force: true });
    const found = texts.flatMap(([where, text]) =>
      this.#secrets.flatMap((login) => secretsIn(text, login).map((what) => `${what} in ${where}`)),
    );
    if (found.length > 0) throw new Error(`a secret lies open: ${found.join(', ')}`);
  }
}
