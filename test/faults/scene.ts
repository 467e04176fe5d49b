import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import type { EmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import { Bench } from '../support/bench.ts';
import { FaultProxy } from '../support/fault-proxy.ts';

/** Path -> hash of its content, or `folder`. */
export type Tree = ReadonlyMap<string, string>;

export const letter = Array.from({ length: 40 }, (_, index) => `Line ${index + 1} of the letter`).join('\n');
export const book = Array.from(
  { length: 12_000 },
  (_, index) => `Line ${index + 1}: ${'words '.repeat(index % 9)}`,
).join('\n');
export const photo = pattern(200_000, 7);
export const dot = readFileSync(join(import.meta.dirname, '../corpus/imagemagick-dot.png'));
export const draft = pattern(150_000, 3);

function pattern(length: number, seed: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * seed + (i >> 8)) & 0xff;
  return bytes;
}

export function hash(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Has tags, a comment and a link, and an older content. */
export const plan = '/Pictures/plan.txt';
/** The second in which the older content of the plan was written. */
export const PLAN_VERSION = 1_600_000_000;
/** Was deleted. */
export const gone = '/Pictures/gone.txt';

/** A cloud of its own with a few files, the proxy before it, and the server in this process. */
export class Scene {
  readonly cloud: EmbeddedNextcloud;
  readonly proxy: FaultProxy;
  readonly bench: Bench;

  private constructor(cloud: EmbeddedNextcloud, proxy: FaultProxy, bench: Bench) {
    this.cloud = cloud;
    this.proxy = proxy;
    this.bench = bench;
  }

  static async open(): Promise<Scene> {
    const users = [
      { id: 'demo', password: 'demo-app-password' },
      { id: 'bob', password: 'bob-app-password' },
    ];
    const cloud = await startEmbeddedNextcloud({ users, bruteForce: false });
    const home = cloud.home();
    const mtime = 1_700_000_000;
    home.put('/Docs/letter.txt', letter, { mtime });
    home.put('/Docs/book.txt', book, { mtime: mtime + 100 });
    home.put('/Docs/photo.bin', photo, { mtime: mtime + 200 });
    home.put('/Docs/Sub/inner.txt', 'inner', { mtime });
    home.put('/Docs/Sub/other.txt', 'other', { mtime });
    home.put('/Pictures/dot.png', dot, { mtime });
    home.put('/Private/x.txt', 'private', { mtime });
    cloud.home('bob').put('/secret.txt', 'of bob', { mtime });
    home.put(plan, 'the first plan', { mtime: PLAN_VERSION });
    home.put(plan, 'the second plan', { mtime, tags: ['old'] });
    home.put(gone, 'gone', { mtime });
    await attach(cloud);
    const proxy = await FaultProxy.start(cloud.url);
    const bench = await Bench.open({
      NEXTCLOUD_URL: proxy.url,
      NEXTCLOUD_TOOLSETS: 'all',
      NEXTCLOUD_TIMEOUT_SECONDS: '1',
      NEXTCLOUD_CACHE_LISTING_SECONDS: '0',
      NEXTCLOUD_CACHE_SEARCH_SECONDS: '0',
    });
    writeFileSync(join(bench.localFolder, 'draft.bin'), draft);
    writeFileSync(join(bench.localFolder, 'kept.txt'), 'kept as it was');
    return new Scene(cloud, proxy, bench);
  }

  /** What is in the cloud: the files, and under `path favorite` and so on what is attached to them. */
  remote(): Tree {
    const home = this.cloud.home();
    const tree = new Map([['tags of the server', home.knownTags().join()]]);
    const walk = (folder: string): void => {
      for (const name of home.list(folder)) {
        const path = folder === '/' ? `/${name}` : `${folder}/${name}`;
        const content = home.get(path);
        tree.set(path, content ? hash(content) : 'folder');
        const marks: [string, boolean | number | readonly unknown[]][] = Object.entries(
          home.marks(path) ?? {},
        );
        for (const [kind, mark] of marks)
          // Versions come with many changes, and are counted where they are the change.
          if (hasMark(mark) && (kind !== 'versions' || path === plan))
            tree.set(`${path} ${kind}`, JSON.stringify(mark));
        if (!content) walk(path);
      }
    };
    walk('/');
    return tree;
  }

  /** What is on the disk, unfinished downloads too. */
  local(): Tree {
    const tree = new Map<string, string>();
    for (const name of readdirSync(this.bench.localFolder)) {
      const path = join(this.bench.localFolder, name);
      tree.set(name, existsSync(path) && statSync(path).isFile() ? hash(readFileSync(path)) : 'folder');
    }
    return tree;
  }

  async close(): Promise<void> {
    await this.bench.close();
    await this.proxy.close();
    await this.cloud.close();
  }
}

function hasMark(mark: boolean | number | readonly unknown[]): boolean {
  return Array.isArray(mark) ? mark.length > 0 : Boolean(mark);
}

/** What the plan has, and the file in the trash. */
async function attach(cloud: EmbeddedNextcloud): Promise<void> {
  const send = async (method: string, path: string, body?: [type: string, text: string]): Promise<void> => {
    const headers = {
      authorization: `Basic ${Buffer.from('demo:demo-app-password').toString('base64')}`,
      'ocs-apirequest': 'true',
      ...(body ? { 'content-type': body[0] } : {}),
    };
    const { ok } = await fetch(cloud.url + path, { method, headers, body: body?.[1] ?? null });
    if (!ok) throw new Error(`${method} ${path} failed`);
  };
  const fileId = cloud.home().stat(plan)?.fileId ?? 0;
  const comment = JSON.stringify({ actorType: 'users', verb: 'comment', message: 'Looks good' });
  const share = new URLSearchParams({ path: plan, shareType: '3', permissions: '1' }).toString();
  await send('POST', `/remote.php/dav/comments/files/${fileId}`, ['application/json', comment]);
  await send('POST', '/ocs/v2.php/apps/files_sharing/api/v1/shares', [
    'application/x-www-form-urlencoded',
    share,
  ]);
  await send('DELETE', `/remote.php/dav/files/demo${gone}`);
}

export function same(a: Tree, b: Tree): boolean {
  return a.size === b.size && [...a].every(([path, value]) => b.get(path) === value);
}
