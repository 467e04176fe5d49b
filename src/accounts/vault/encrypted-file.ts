import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { writeFileAtomically } from '../../atomic-file.ts';
import { AppError } from '../../errors.ts';
import { Secret } from '../../log.ts';
import { systemFolders } from '../../machine.ts';
import type { Machine } from '../../machine.ts';
import { readPlainFileSync } from '../../plain-file.ts';
import type { Vault } from './vault.ts';

const encrypted = z.object({ iv: z.string(), tag: z.string(), text: z.string() });
const content = z.record(z.string(), encrypted);

/**
 * For computers without a keychain, such as servers: passwords encrypted with AES-256-GCM. The key is in
 * another folder, so that a copy or a backup of one folder is useless. Whoever can read both folders can
 * read the passwords.
 */
export class EncryptedFile implements Vault {
  readonly place = 'encrypted-file';
  readonly title = 'an encrypted file';
  readonly #file: string;
  readonly #keyFile: string;

  constructor(machine: Machine) {
    const { data, state } = systemFolders(machine);
    this.#file = join(data, 'credentials.json');
    this.#keyFile = join(state, 'credentials.key');
  }

  async put(account: string, secret: Secret): Promise<void> {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', await this.#makeKey(), iv).setAAD(Buffer.from(account));
    const text = Buffer.concat([cipher.update(secret.reveal(), 'utf8'), cipher.final()]).toString('base64');
    const entry = { iv: iv.toString('base64'), tag: cipher.getAuthTag().toString('base64'), text };
    await this.#write({ ...this.#read(), [account]: entry });
  }

  async get(account: string): Promise<Secret | undefined> {
    const entry = this.#read()[account];
    if (!entry) return undefined;
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#readKey(), Buffer.from(entry.iv, 'base64'))
        .setAAD(Buffer.from(account))
        .setAuthTag(Buffer.from(entry.tag, 'base64'));
      const text = Buffer.concat([decipher.update(Buffer.from(entry.text, 'base64')), decipher.final()]);
      return new Secret(text.toString('utf8'));
    } catch (cause) {
      throw new AppError('config', `The password in ${this.#file} cannot be decrypted`, { cause });
    }
  }

  async remove(account: string): Promise<void> {
    const { [account]: _removed, ...rest } = this.#read();
    await this.#write(rest);
  }

  async #makeKey(): Promise<Buffer> {
    if (!existsSync(this.#keyFile))
      await writeFileAtomically(this.#keyFile, `${randomBytes(32).toString('base64')}\n`);
    return this.#readKey();
  }

  #readKey(): Buffer {
    return Buffer.from(readPlainFileSync(this.#keyFile), 'base64');
  }

  #read(): z.infer<typeof content> {
    if (!existsSync(this.#file)) return {};
    try {
      return content.parse(JSON.parse(readPlainFileSync(this.#file)));
    } catch (cause) {
      throw new AppError('config', `${this.#file} is damaged`, { cause });
    }
  }

  async #write(value: z.infer<typeof content>): Promise<void> {
    await writeFileAtomically(this.#file, `${JSON.stringify(value, null, 2)}\n`);
  }
}
