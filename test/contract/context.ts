import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { EmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import type { Workspace } from '../../src/files/workspace.ts';
import { Secret } from '../../src/log.ts';
import { Account } from '../../src/nextcloud/account.ts';
import { BasicCredentials } from '../../src/nextcloud/transport/credentials.ts';
import { parsePath } from '../../src/path.ts';
import type { RemotePath } from '../../src/path.ts';
import { workspaceOf } from '../support/workspace.ts';
import { Reply } from './reply.ts';
import type { Cast, Login, Server } from './server.ts';
import type { Element, Hit } from './xml.ts';

export interface Options {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Whose request it is; `null` for nobody's. */
  readonly as?: Login | null;
}

const NAMESPACES =
  'xmlns:d="DAV:" xmlns:oc="http://owncloud.org/ns" xmlns:nc="http://nextcloud.org/ns" xmlns:ocs="http://open-collaboration-services.org/ns"';

/** What a case works with: raw requests and the client, both in a folder that only this case has. */
export class ContractContext {
  readonly server: Server;
  /** The case's own folder, `/contract-…/12`. */
  readonly folder: RemotePath;
  readonly account: Account;
  readonly workspace: Workspace;

  constructor(server: Server, folder: string) {
    this.server = server;
    this.folder = parsePath(folder);
    this.account = this.client(server.login);
    this.workspace = this.workspaceOf(this.account);
  }

  get major(): number {
    return this.server.major;
  }

  /** The value for this release: that of the newest one named that is not newer. */
  by<T>(values: Readonly<Record<number, T>>): T {
    const [last] = Object.keys(values)
      .map(Number)
      .filter((major) => major <= this.major)
      .toSorted((a, b) => b - a);
    assert.ok(last !== undefined && last in values);
    return values[last] as T;
  }

  get cast(): Cast {
    assert.ok(this.server.cast, 'this case needs accounts of its own');
    return this.server.cast;
  }

  get embedded(): EmbeddedNextcloud {
    assert.ok(this.server.embedded, 'this case needs the embedded cloud');
    return this.server.embedded;
  }

  client(login: Login): Account {
    return new Account({
      dispatcher: this.server.dispatcher,
      url: this.server.url,
      username: login.username,
      credentials: new BasicCredentials(login.username, new Secret(login.password)),
      userAgent: 'nextcloud-files-mcp-contract',
      minIntervalMs: 0,
      timeoutSeconds: 60,
      log: pino({ level: 'silent' }),
    });
  }

  workspaceOf(account: Account): Workspace {
    return workspaceOf({ account, stateFolder: join(tmpdir(), 'nextcloud-files-mcp-contract') });
  }

  /** A path of the case for the client. */
  path(name: string): RemotePath {
    return parsePath(name === '' || name === '/' ? this.folder : `${this.folder}/${name}`);
  }

  /** Encoded path of the account's files on the server, without a slash at the end. */
  base(login: Login = this.server.login): string {
    return `${this.root}/remote.php/dav/files/${encodeURIComponent(login.userId)}`;
  }

  get root(): string {
    return this.server.url.pathname.replace(/\/+$/, '');
  }

  /** Encoded path of a name in the case's folder. The name is encoded already where it has to be. */
  href(name = ''): string {
    return `${this.base()}${this.folder}${name === '' ? '' : `/${name}`}`;
  }

  /** The same with scheme and host, for Destination and If. */
  url(name = ''): string {
    return this.server.url.origin + this.href(name);
  }

  /** A request for a name in the case's folder. */
  async request(method: string, name: string, options: Options = {}): Promise<Reply> {
    return this.send(method, this.href(name), options);
  }

  /** A request for a path below the install, `/remote.php/...`. */
  async at(method: string, path: string, options: Options = {}): Promise<Reply> {
    return this.send(method, this.root + path, options);
  }

  async send(method: string, path: string, { headers, body, as }: Options = {}): Promise<Reply> {
    const login = as === undefined ? this.server.login : as;
    const basic = login && Buffer.from(`${login.username}:${login.password}`).toString('base64');
    const answer = await this.server.dispatcher.request({
      origin: this.server.url.origin,
      path,
      method,
      headers: { ...(basic ? { authorization: `Basic ${basic}` } : {}), ...headers },
      body: body ?? null,
    });
    const bytes = Buffer.from(await answer.body.arrayBuffer());
    return new Reply(`${method} ${path}`, answer.statusCode, answer.headers, bytes);
  }

  async ocs(method: string, path: string, options: Options = {}): Promise<Reply> {
    return this.at(method, `/ocs/v2.php${path}`, {
      ...options,
      headers: { 'ocs-apirequest': 'true', accept: 'application/json', ...options.headers },
    });
  }

  /** Writes a file; a time a minute ago keeps its etag from repeating (see the case about that). */
  async put(
    name: string,
    body: string | Buffer = 'content',
    headers: Options['headers'] = {},
  ): Promise<Reply> {
    return (await this.request('PUT', name, { body, headers })).is(201, 204);
  }

  async mkcol(...names: string[]): Promise<void> {
    for (const name of names) (await this.request('MKCOL', name)).is(201);
  }

  async propfind(
    name: string,
    depth: string,
    properties: readonly string[],
    options: Options = {},
  ): Promise<Reply> {
    return this.findAt(this.href(name), depth, properties, options);
  }

  async findAt(
    path: string,
    depth: string,
    properties: readonly string[],
    options: Options = {},
  ): Promise<Reply> {
    const names = properties.map((name) => `<${name}/>`).join('');
    return this.send('PROPFIND', path, {
      ...options,
      headers: { depth, 'content-type': 'application/xml', ...options.headers },
      body: `<?xml version="1.0"?><d:propfind ${NAMESPACES}><d:prop>${names}</d:prop></d:propfind>`,
    });
  }

  /** The properties of one thing, by name; absent ones are absent. */
  async stat(name: string, ...properties: string[]): Promise<ReadonlyMap<string, Element>> {
    const [hit] = (await this.propfind(name, '0', properties)).hits();
    assert.ok(hit);
    return hit.properties;
  }

  async text(name: string, property: string): Promise<string | undefined> {
    return (await this.stat(name, property)).get(property)?.text;
  }

  async etag(name: string): Promise<string> {
    return (await this.text(name, 'd:getetag')) ?? '';
  }

  async fileId(name: string): Promise<number> {
    return Number(await this.text(name, 'oc:fileid'));
  }

  async content(name: string): Promise<string> {
    return (await this.request('GET', name)).is(200).text;
  }

  /** Decoded names below the case's folder, of hits in any order. */
  names(hits: readonly Hit[]): string[] {
    const base = decodeURIComponent(this.href());
    return hits
      .map(({ href }) => decodeURIComponent(href))
      .map((path) => {
        assert.ok(path.startsWith(base), `${path} is not below ${base}`);
        return path.slice(base.length + 1);
      })
      .toSorted();
  }

  async proppatch(name: string, set: string, options: Options = {}): Promise<Reply> {
    return this.request('PROPPATCH', name, {
      ...options,
      body: `<?xml version="1.0"?><d:propertyupdate ${NAMESPACES}><d:set><d:prop>${set}</d:prop></d:set></d:propertyupdate>`,
    });
  }

  async report(name: string, rules: string, body?: string): Promise<Reply> {
    return this.request('REPORT', name, {
      headers: { 'content-type': 'application/xml' },
      body:
        body ??
        `<?xml version="1.0"?><oc:filter-files ${NAMESPACES}><d:prop><oc:fileid/></d:prop><oc:filter-rules>${rules}</oc:filter-rules></oc:filter-files>`,
    });
  }
}
