import { join } from 'node:path';
import * as z from 'zod';
import { writeFileAtomically } from '../atomic-file.ts';
import { AppError } from '../errors.ts';
import { systemFolders } from '../machine.ts';
import type { Machine } from '../machine.ts';
import { readPlainFileSync } from '../plain-file.ts';
import { vaultNames } from './vault/vault.ts';

const entry = z.object({
  name: z.string(),
  url: z.string(),
  username: z.string(),
  place: z.enum(vaultNames),
});
const content = z.object({ default: z.string().optional(), accounts: z.array(entry) });

/** A stored account, without its password. */
export type SavedLogin = z.infer<typeof entry>;

/**
 * The stored accounts of this computer's user, in a file without secrets. The file is small and is read again
 * for every call, so that a change made by another process is seen.
 */
export class AccountBook {
  readonly file: string;

  constructor(machine: Machine) {
    this.file = join(systemFolders(machine).config, 'accounts.json');
  }

  /** The stored accounts, the default account first. @throws AppError `config` when the file is damaged */
  list(): SavedLogin[] {
    const { default: defaultName, accounts } = this.#read();
    return accounts.toSorted((a, b) => Number(b.name === defaultName) - Number(a.name === defaultName));
  }

  /** The account with this name, or the default account. */
  find(name?: string): SavedLogin | undefined {
    const all = this.list();
    return name === undefined ? all[0] : all.find((one) => one.name === name);
  }

  /** @param makeDefault use this account when none is named. The first account stored is the default anyway. */
  async put(account: SavedLogin, makeDefault: boolean): Promise<void> {
    const { default: defaultName, accounts } = this.#read();
    const others = accounts.filter(({ name }) => name !== account.name);
    const keepsDefault = accounts.some(({ name }) => name === defaultName);
    const next = makeDefault || !keepsDefault ? account.name : defaultName;
    await this.#write({ default: next, accounts: [...others, account] });
  }

  async remove(name: string): Promise<void> {
    const { default: defaultName, accounts } = this.#read();
    const rest = accounts.filter((one) => one.name !== name);
    const next = defaultName === name ? rest[0]?.name : defaultName;
    await this.#write({ ...(next === undefined ? {} : { default: next }), accounts: rest });
  }

  #read(): z.infer<typeof content> {
    let text: string;
    try {
      text = readPlainFileSync(this.file);
    } catch {
      return { accounts: [] };
    }
    try {
      return content.parse(JSON.parse(text));
    } catch (cause) {
      throw new AppError('config', `${this.file} is damaged`, {
        hint: 'Repair the file, or move it away and sign in again with nextcloud-files-mcp login.',
        cause,
      });
    }
  }

  async #write(value: z.infer<typeof content>): Promise<void> {
    await writeFileAtomically(this.file, `${JSON.stringify(value, null, 2)}\n`);
  }
}
