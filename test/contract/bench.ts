import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Agent } from 'undici';
import { startEmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import type { EmbeddedVersion } from '../../src/embedded-nextcloud/index.ts';
import { createCast, dropCast, embeddedCast } from './cast.ts';
import type { ContractCase } from './case.ts';
import { ContractContext } from './context.ts';
import type { Login, Server } from './server.ts';

/** A real Nextcloud to hold the embedded one against. */
export interface Target {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** Login of an administrator, for the cases that need accounts of their own. */
  readonly admin?: { readonly username: string; readonly password: string };
}

/** A server with a folder for this run, in which every case gets a folder of its own. */
export class Bench {
  readonly server: Server;
  readonly version: string;
  readonly #folder: string;
  readonly #close: () => Promise<void>;
  #count = 0;

  private constructor(server: Server, version: string, close: () => Promise<void>) {
    this.server = server;
    this.version = version;
    this.#folder = `/contract-${randomBytes(4).toString('hex')}`;
    this.#close = close;
  }

  static async embedded(version: EmbeddedVersion): Promise<Bench> {
    const { users, cast, login } = embeddedCast();
    const cloud = await startEmbeddedNextcloud({ users, version, bruteForce: false });
    cloud.setEnabled(cast.disabled.userId, false);
    const dispatcher = new Agent();
    const server = {
      url: new URL(cloud.url),
      major: Number.parseInt(version, 10),
      login,
      dispatcher,
      embedded: cloud,
      cast,
    };
    const bench = new Bench(server, version, async () => {
      await dispatcher.destroy();
      await cloud.close();
    });
    await bench.#begin();
    return bench;
  }

  static async real({ url, username, password, admin }: Target): Promise<Bench> {
    const dispatcher = new Agent({ connections: 4, headersTimeout: 60_000, keepAliveTimeout: 2000 });
    const known = {
      url: new URL(url),
      major: 0,
      login: { username, password, userId: username },
      dispatcher,
    };
    const probe = new ContractContext(known, '/probe');
    const status = (await probe.at('GET', '/status.php', { as: null })).is(200).json();
    const { versionstring } = status as { versionstring: string };
    const user = (await probe.ocs('GET', '/cloud/user')).is(200).json();
    const { id } = (user as { ocs: { data: { id: string } } }).ocs.data;
    const login: Login = { username, password, userId: id };
    const cast = admin && (await createCast(probe, admin));
    const server = {
      ...known,
      login,
      major: Number.parseInt(versionstring, 10),
      ...(cast ? { cast } : {}),
    };
    const bench = new Bench(server, versionstring, async () => {
      await bench.#cleanUp();
      if (admin && cast) await dropCast(probe, admin, cast);
      await dispatcher.close();
    });
    await bench.#begin();
    return bench;
  }

  can({ needs }: ContractCase): boolean {
    const { embedded, cast } = this.server;
    if (needs === 'embedded') return embedded !== undefined;
    if (needs === 'received share') return !embedded && cast !== undefined;
    return needs !== 'accounts' || cast !== undefined;
  }

  /** Runs one case in a folder of its own. What it throws is its failure. */
  async run(one: ContractCase): Promise<void> {
    const context = new ContractContext(this.server, `${this.#folder}/${++this.#count}`);
    (await context.request('MKCOL', '')).is(201);
    try {
      await one.run(context);
    } finally {
      await context.request('DELETE', '', { headers: { 'x-nc-skip-trashbin': 'true' } });
    }
  }

  async close(): Promise<void> {
    await this.#close();
  }

  async #begin(): Promise<void> {
    (await new ContractContext(this.server, this.#folder).request('MKCOL', '')).is(201);
  }

  // What the cases deleted lies in the trash; nothing else there is touched.
  async #cleanUp(): Promise<void> {
    const context = new ContractContext(this.server, this.#folder);
    await context.request('DELETE', '', { headers: { 'x-nc-skip-trashbin': 'true' } });
    const trash = `${context.root}/remote.php/dav/trashbin/${encodeURIComponent(this.server.login.userId)}/trash`;
    const found = (await context.findAt(trash, '1', ['nc:trashbin-original-location'])).hits();
    for (const { href, properties } of found) {
      const origin = properties.get('nc:trashbin-original-location')?.text ?? '';
      if (`/${origin.replace(/^\//, '')}`.startsWith(this.#folder))
        (await context.send('DELETE', href)).is(204, 404);
    }
    const left = await context.findAt(trash, '1', ['nc:trashbin-original-location']);
    assert.ok(!left.text.includes(this.#folder.slice(1)), 'the trash still holds what the cases left');
  }
}
