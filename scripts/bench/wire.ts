import { Agent } from 'undici';
import { detailProperties, listingProperties } from '../../src/nextcloud/dav/resource.ts';
import { searchBody } from '../../src/nextcloud/dav/search-query.ts';
import { propfindBody } from '../../src/nextcloud/dav/xml-request.ts';
import { parsePath } from '../../src/path.ts';

/** The lower bound: the same requests by undici alone, with keep-alive and session cookies, read to the end. */
export class Wire {
  readonly #agent = new Agent({ connections: 4, pipelining: 1 });
  readonly #url: URL;
  readonly #user: string;
  readonly #authorization: string;
  readonly #cookies = new Map<string, string>();

  constructor(url: string, user: string, password: string) {
    this.#url = new URL(url);
    this.#user = user;
    this.#authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  }

  async propfind(path: string, depth: 0 | 1, detailed = false): Promise<number> {
    const body = propfindBody(detailed ? detailProperties : listingProperties);
    const headers = { depth: String(depth), 'content-type': 'application/xml', prefer: 'return=minimal' };
    return this.#drain('PROPFIND', this.#file(path), 207, { headers, body });
  }

  async get(path: string): Promise<number> {
    return this.#drain('GET', this.#file(path), 200);
  }

  async put(path: string): Promise<void> {
    await this.#drain('PUT', this.#file(path), 201, { body: 'x' });
  }

  /** The results for a part of a name, as many as a first page needs. */
  async search(folder: string, name: string, limit: number): Promise<number> {
    const body = searchBody(
      {
        folder: parsePath(folder),
        names: [`%${name}%`],
        sortBy: 'name',
        order: 'asc',
        limit: limit + 2,
        offset: 0,
        favorite: false,
      },
      this.#user,
    );
    return this.#drain('SEARCH', `${this.#url.pathname.replace(/\/$/, '')}/remote.php/dav/`, 207, {
      headers: { 'content-type': 'text/xml' },
      body,
    });
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }

  #file(path: string): string {
    const base = `${this.#url.pathname.replace(/\/$/, '')}/remote.php/dav/files/${encodeURIComponent(this.#user)}`;
    return base + path.split('/').map(encodeURIComponent).join('/');
  }

  async #drain(
    method: string,
    path: string,
    expected: number,
    { headers = {}, body }: { readonly headers?: Record<string, string>; readonly body?: string } = {},
  ): Promise<number> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await this.#agent.request({
      origin: this.#url.origin,
      path,
      method,
      headers: { authorization: this.#authorization, ...(cookie ? { cookie } : {}), ...headers },
      body: body ?? null,
    });
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (name !== undefined && value !== undefined) this.#cookies.set(name, value);
    }
    let bytes = 0;
    for await (const chunk of answer.body) bytes += (chunk as Buffer).length;
    if (answer.statusCode !== expected) throw new Error(`${method} ${path}: ${answer.statusCode}`);
    return bytes;
  }
}
