import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { AppError } from '../errors.ts';
import { systemFolders } from '../machine.ts';
import type { Machine } from '../machine.ts';

export const vaultNames = ['keychain', 'secret-service', 'credential-manager', 'encrypted-file'] as const;
/** Where a password is kept. */
export type VaultName = (typeof vaultNames)[number];

const entry = z.object({
  name: z.string(),
  url: z.string(),
  username: z.string(),
  place: z.enum(vaultNames),
});
const content = z.object({ default: z.string().optional(), accounts: z.array(entry) });

/** A stored account, without its password. */
export type SavedLogin = z.infer<typeof entry>;

/** The accounts of this computer's user, in a file without any secret. Read anew each time: it is small. */
export class AccountBook {
  readonly file: string;

  constructor(machine: Machine) {
    this.file = join(systemFolders(machine).config, 'accounts.json');
  }

  /** The account that is used when none is named comes first. @throws AppError `config` */
  list(): SavedLogin[] {
    const { default: first, accounts } = this.#read();
    return accounts.toSorted((a, b) => Number(b.name === first) - Number(a.name === first));
  }

  find(name?: string): SavedLogin | undefined {
    const all = this.list();
    return name === undefined ? all[0] : all.find((one) => one.name === name);
  }

  /** @param first use it when none is named */
  put(account: SavedLogin, first: boolean): void {
    const { default: before, accounts } = this.#read();
    const others = accounts.filter(({ name }) => name !== account.name);
    const known = others.some(({ name }) => name === before) || before === account.name;
    this.#write({ default: first || !known ? account.name : before, accounts: [...others, account] });
  }

  remove(name: string): void {
    const { default: before, accounts } = this.#read();
    const rest = accounts.filter((one) => one.name !== name);
    const first = before === name ? rest[0]?.name : before;
    this.#write({ ...(first === undefined ? {} : { default: first }), accounts: rest });
  }

  #read(): z.infer<typeof content> {
    let text: string;
    try {
      text = readFileSync(this.file, 'utf8');
    } catch {
      return { accounts: [] };
    }
    try {
      return content.parse(JSON.parse(text));
    } catch (cause) {
      throw new AppError('config', `${this.file} is damaged`, {
        hint: 'Repair it, or move it away and sign in again with nextcloud-files-mcp login.',
        cause,
      });
    }
  }

  #write(value: z.infer<typeof content>): void {
    writePrivately(this.file, `${JSON.stringify(value, null, 2)}\n`);
  }
}

/** For the eyes of this user alone, and never half written. */
export function writePrivately(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(temporary, text, { mode: 0o600, flag: 'wx' });
  renameSync(temporary, file);
}
