import type { EmbeddedFolder, EmbeddedNextcloud } from '../../../src/embedded-nextcloud/index.ts';

/** Whose home the tasks are in, and who else is on the Nextcloud. */
export const person = { id: 'mara', password: 'mara-app-password', displayName: 'Mara Lindqvist' };
export const colleague = { id: 'jonas', password: 'jonas-app-password', displayName: 'Jonas Weber' };
export const stranger = { id: 'lena', password: 'lena-app-password', displayName: 'Lena Okafor' };

/** A hand in the home of the person, past the tools: it furnishes the home, and does what an assistant must not do. */
export class Hand {
  readonly home: EmbeddedFolder;
  readonly #cloud: EmbeddedNextcloud;

  constructor(cloud: EmbeddedNextcloud) {
    this.#cloud = cloud;
    this.home = cloud.home(person.id);
  }

  /** @param day the modification time, as `2025-03-14` or with a time of day in UTC */
  put(path: string, content: string | Buffer, day: string): void {
    this.home.put(path, content, { mtime: new Date(day) });
  }

  async move(from: string, to: string): Promise<void> {
    await this.#send('MOVE', this.#address(from), { destination: this.#address(to), overwrite: 'F' });
  }

  /** Into the trash. */
  async trash(path: string): Promise<void> {
    await this.#send('DELETE', this.#address(path));
  }

  /** @param type as the OCS API numbers them: 0 a user, 3 a link */
  async share(path: string, type: 0 | 3, fields: Readonly<Record<string, string>>): Promise<void> {
    const address = `${this.#cloud.url}/ocs/v2.php/apps/files_sharing/api/v1/shares?format=json`;
    const body = new URLSearchParams({ path, shareType: String(type), ...fields });
    await this.#send('POST', address, { 'ocs-apirequest': 'true' }, body);
  }

  #address(path: string): string {
    const encoded = path.split('/').map(encodeURIComponent).join('/');
    return `${this.#cloud.url}/remote.php/dav/files/${person.id}${encoded}`;
  }

  async #send(
    method: string,
    address: string,
    headers: Readonly<Record<string, string>> = {},
    body?: URLSearchParams,
  ): Promise<void> {
    const login = Buffer.from(`${person.id}:${person.password}`).toString('base64');
    const response = await fetch(address, {
      method,
      headers: { authorization: `Basic ${login}`, ...headers },
      ...(body ? { body } : {}),
    });
    if (!response.ok) throw new Error(`${method} ${address} was answered with ${response.status}`);
  }
}
