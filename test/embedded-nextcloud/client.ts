import { startEmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import type { EmbeddedNextcloud, EmbeddedOptions } from '../../src/embedded-nextcloud/index.ts';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

/** An embedded Nextcloud and a minimal client without decoding, cookies and retries. */
export class Bench {
  readonly cloud: EmbeddedNextcloud;
  readonly user: string;
  readonly password: string;

  constructor(cloud: EmbeddedNextcloud, user = 'demo', password = 'demo-app-password') {
    this.cloud = cloud;
    this.user = user;
    this.password = password;
  }

  static async start(options: EmbeddedOptions = {}): Promise<Bench> {
    return new Bench(await startEmbeddedNextcloud(options));
  }

  async send(
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body?: string | Buffer,
  ): Promise<Answer> {
    const basic = Buffer.from(`${this.user}:${this.password}`).toString('base64');
    const response = await fetch(this.cloud.url + path, {
      method,
      redirect: 'manual',
      headers: { Authorization: `Basic ${basic}`, ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  dav(method: string, path: string, headers: Record<string, string> = {}, body?: string): Promise<Answer> {
    return this.send(method, `/remote.php/dav/files/${this.user}${path}`, headers, body);
  }

  to(path: string): Record<string, string> {
    return { Destination: `${this.cloud.url}/remote.php/dav/files/${this.user}${path}` };
  }

  search(where: string, rest = '', scope = `/files/${this.user}`): Promise<Answer> {
    const body =
      '<d:searchrequest xmlns:d="DAV:" xmlns:oc="http://owncloud.org/ns"><d:basicsearch>' +
      '<d:select><d:prop><d:displayname/></d:prop></d:select>' +
      `<d:from><d:scope><d:href>${scope}</d:href><d:depth>infinity</d:depth></d:scope></d:from>` +
      `${where && `<d:where>${where}</d:where>`}${rest}</d:basicsearch></d:searchrequest>`;
    return this.send('SEARCH', '/remote.php/dav/', { 'Content-Type': 'text/xml' }, body);
  }
}

export const propfind = (...names: string[]): string =>
  '<d:propfind xmlns:d="DAV:" xmlns:oc="http://owncloud.org/ns" xmlns:nc="http://nextcloud.org/ns"><d:prop>' +
  `${names.map((name) => `<${name}/>`).join('')}</d:prop></d:propfind>`;

export const hrefs = ({ text }: Answer): string[] =>
  [...text.matchAll(/<d:href>([^<]*)<\/d:href>/g)].map(([, href]) => href ?? '');

export const value = ({ text }: Answer, name: string): string | undefined =>
  new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1];
