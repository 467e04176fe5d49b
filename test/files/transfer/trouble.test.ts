import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { zeros } from '../../../src/embedded-nextcloud/index.ts';
import type { EmbeddedOptions } from '../../../src/embedded-nextcloud/index.ts';
import {
  hashOfContent,
  hashOfFile,
  MEBI,
  sparseContent,
  sparseFile,
  Terminal,
} from '../../support/terminal.ts';
import type { Run } from '../../support/terminal.ts';

const size = 120 * MEBI;
const user = { id: 'demo', password: 'demo-app-password' };

describe('what goes wrong during a transfer', () => {
  let terminal: Terminal | undefined;
  afterEach(async () => terminal?.close());

  const open = async (options: EmbeddedOptions = {}): Promise<Terminal> => {
    terminal = await Terminal.open({ latencyMs: 60, ...options });
    return terminal;
  };

  /** Does something when the first chunk has arrived, or the first part is being fetched. */
  const meanwhile = async (at: Terminal, args: readonly string[], act: () => void): Promise<Run> => {
    const done = at.run(args);
    const begun = (): boolean =>
      at.cloud.requests.some(({ method, path }) => method === 'PUT' && path.includes('/uploads/')) ||
      at.names.some((name) => name.endsWith('.part'));
    while (!begun()) await sleep(2);
    act();
    return done;
  };

  /** When each stream of a download has begun. */
  const streams = async (at: Terminal): Promise<void> => {
    const before = at.cloud.requests.length;
    const begun = (): number =>
      at.cloud.requests.slice(before).filter(({ method }) => method === 'GET').length;
    while (begun() < 3) await sleep(1);
  };

  const nothingLeft = (at: Terminal): void => {
    expect(at.cloud.home().uploads()).toEqual([]);
    expect(at.notes).toEqual([]);
    expect(at.names.filter((name) => name.endsWith('.part'))).toEqual([]);
  };

  it('the source changes: nothing is stored', async () => {
    const at = await open();
    sparseFile(at.path('source.bin'), size);
    const run = await meanwhile(at, ['put', 'source.bin', '/a.bin'], () =>
      appendFileSync(at.path('source.bin'), 'more'),
    );
    expect(run.code).toBe(1);
    expect(run.text).toMatch(/^conflict: .*source\.bin changed while it was uploaded\. Nothing was stored\./);
    expect(at.cloud.home().exists('/a.bin')).toBe(false);
    nothingLeft(at);
  });

  it('somebody takes the name of the target: theirs stays', async () => {
    const at = await open();
    sparseFile(at.path('source.bin'), size);
    const run = await meanwhile(at, ['put', 'source.bin', '/a.bin'], () =>
      at.cloud.home().put('/a.bin', 'theirs'),
    );
    expect(run.text).toMatch(
      /^exists: \/a\.bin exists already\. Choose another name\. To replace it, add --overwrite/,
    );
    expect(at.cloud.home().get('/a.bin')?.toString()).toBe('theirs');
    nothingLeft(at);
  });

  it('somebody changes the target that is to be replaced: their version stays', async () => {
    const at = await open();
    at.cloud.home().put('/a.bin', 'before', { mtime: 1_600_000_000 });
    sparseFile(at.path('source.bin'), size);
    const run = await meanwhile(at, ['put', 'source.bin', '/a.bin', '--overwrite'], () =>
      at.cloud.home().put('/a.bin', 'theirs'),
    );
    expect(run.text).toMatch(/^precondition_failed: \/a\.bin was changed by somebody else meanwhile/);
    expect(at.cloud.home().get('/a.bin')?.toString()).toBe('theirs');
    nothingLeft(at);
  });

  it('the quota is used up by somebody else in the middle', async () => {
    const at = await open({ users: [{ ...user, quota: 200 * MEBI }] });
    sparseFile(at.path('source.bin'), size);
    const run = await meanwhile(at, ['put', 'source.bin', '/a.bin'], () =>
      at.cloud.home().put('/theirs.bin', zeros(150 * MEBI)),
    );
    expect(run.text).toMatch(/^quota_exceeded: There is not enough space in the Nextcloud/);
    expect(at.cloud.home().exists('/a.bin')).toBe(false);
    nothingLeft(at);
  });

  it('the target is locked', async () => {
    const at = await open();
    at.cloud.home().put('/a.bin', 'before', { mtime: 1_600_000_000 });
    sparseFile(at.path('source.bin'), 20 * MEBI);
    const login = Buffer.from('demo:demo-app-password').toString('base64');
    const lock = await fetch(`${at.cloud.url}/remote.php/dav/files/demo/a.bin`, {
      method: 'LOCK',
      headers: { authorization: `Basic ${login}`, timeout: 'Second-600' },
      body: '<?xml version="1.0"?><d:lockinfo xmlns:d="DAV:"><d:lockscope><d:exclusive/></d:lockscope><d:locktype><d:write/></d:locktype></d:lockinfo>',
    });
    expect(lock.status).toBe(200);
    const run = await at.run(['put', 'source.bin', '/a.bin', '--overwrite']);
    expect(run.text).toMatch(/^locked: /);
    expect(at.cloud.home().get('/a.bin')?.toString()).toBe('before');
    nothingLeft(at);
  });

  it('the disk takes no more in the middle', async () => {
    const at = await open();
    at.cloud.home().put('/a.bin', sparseContent(size));
    // The shell counts in blocks of 512 bytes.
    const run = await at.run(['get', '/a.bin', 'a.bin'], undefined, 'ulimit -f 90000;');
    expect(run.text).toMatch(/^quota_exceeded: The disk is full: .*a\.bin was not written/);
    expect(at.names).toEqual([]);
    nothingLeft(at);
  });

  // Where mounting is for the administrator alone, as on macOS, there is no such disk to be had.
  const mounts =
    spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', '-o', 'ro', 'none', tmpdir()]).status === 0;
  it.skipIf(!mounts)('nothing can be written to the disk: it says so of what was asked for', async () => {
    const at = await open({ latencyMs: 0 });
    at.cloud.home().put('/d/a.txt', 'a');
    mkdirSync(at.path('disk'));
    const readOnly = `set -- unshare -rm sh -c 'mount -t tmpfs -o ro none disk && exec "$0" "$@"' "$@";`;
    for (const args of [
      ['/d/a.txt', 'disk/a.txt'],
      ['/d', 'disk/d'],
      ['/d/a.txt', 'disk/new/a.txt'],
    ]) {
      const run = await at.run(['get', ...args], undefined, readOnly);
      expect(run.code).toBe(1);
      expect(run.text).toMatch(
        /^forbidden: \S+disk\/(a\.txt|d|new) cannot be written: .*read-only\. Choose a folder on another/,
      );
    }
    nothingLeft(at);
  });

  it('the disk has less room than is needed: nothing is fetched', async () => {
    const at = await open();
    at.cloud.home().put('/a.bin', zeros(2 ** 50));
    const run = await at.run(['get', '/a.bin', 'a.bin']);
    expect(run.text).toMatch(/^quota_exceeded: The disk has .* left/);
    expect(at.cloud.requests.filter(({ method }) => method === 'GET')).toEqual([]);
    nothingLeft(at);
  });

  it('an unfinished download outlives a call that is refused', async () => {
    const at = await open();
    at.cloud.home().put('/a.bin', sparseContent(size), { mtime: 1_600_000_000 });
    expect((await at.run(['get', '/a.bin', 'a.bin'], streams(at))).code).toBeUndefined();
    const left = at.names;
    expect(left).toEqual([expect.stringMatching(/\.part$/)]);
    writeFileSync(at.path('a.bin'), 'mine');
    const refused = await at.run(['get', '/a.bin', 'a.bin']);
    expect(refused.text).toMatch(/^exists: .*a\.bin exists already/);
    expect(at.names.toSorted()).toEqual([...left, 'a.bin'].toSorted());
    expect(at.notes).toHaveLength(1);
    await at.ok(['get', '/a.bin', 'a.bin', '--overwrite']);
    expect(await hashOfFile(at.path('a.bin'))).toBe(hashOfContent(at.cloud.home().get('/a.bin')));
    nothingLeft(at);
  });

  it('what is left of a larger version does not stay', async () => {
    const at = await open();
    for (const smaller of [size / 2, 1000]) {
      at.cloud.home().put('/a.bin', sparseContent(size), { mtime: 1_600_000_000 });
      expect((await at.run(['get', '/a.bin', 'a.bin'], streams(at))).code).toBeUndefined();
      expect(at.names).toEqual([expect.stringMatching(/\.part$/)]);
      at.cloud.home().put('/a.bin', sparseContent(smaller), { mtime: 1_700_000_000 });
      await at.ok(['get', '/a.bin', 'a.bin']);
      expect(await hashOfFile(at.path('a.bin'))).toBe(hashOfContent(at.cloud.home().get('/a.bin')));
      nothingLeft(at);
      rmSync(at.path('a.bin'));
    }
  });

  it.each(['put', 'get'])('the same %s twice at once: one does it, the other is told', async (command) => {
    const at = await open({ latencyMs: 200 });
    const [local, remote] = ['a.bin', '/a.bin'];
    if (command === 'put') sparseFile(at.path(local), size);
    else at.cloud.home().put(remote, sparseContent(size));
    const args = command === 'put' ? [command, local, remote] : [command, remote, local];
    const runs = await Promise.all([at.run(args), at.run(args)]);
    const [won, lost] = runs.toSorted((a, b) => Number(a.code) - Number(b.code));
    expect(won?.text).toMatch(/^(Up|Down)loaded \S*a\.bin, /);
    expect(lost?.text).toMatch(/^locked: The same (up|down)load of \/a\.bin is running already\. Wait until/);
    expect(await hashOfFile(at.path(local))).toBe(hashOfContent(at.cloud.home().get(remote)));
    nothingLeft(at);
  });

  it('nothing can be noted: a transfer works all the same', async () => {
    const at = await open();
    sparseFile(at.path('a.bin'), size);
    at.env = { ...at.env, NEXTCLOUD_STATE_FOLDER: join(at.path('a.bin'), 'no folder') };
    await at.ok(['put', 'a.bin', '/a.bin']);
    await at.ok(['get', '/a.bin', 'b.bin']);
    expect(await hashOfFile(at.path('b.bin'))).toBe(await hashOfFile(at.path('a.bin')));
    nothingLeft(at);
  });

  it('the file changes on the server while it is downloaded', async () => {
    const at = await open();
    at.cloud.home().put('/a.bin', sparseContent(size), { mtime: 1_600_000_000 });
    writeFileSync(at.path('a.bin'), 'older');
    const args = ['get', '/a.bin', 'a.bin', '--overwrite'];
    const done = at.run(args);
    while (!at.names.some((name) => name.endsWith('.part'))) await sleep(1);
    at.cloud.home().put('/a.bin', sparseContent(size), { mtime: 1_700_000_000 });
    const run = await done;
    // Either the streams had begun, and it says so, or none had, and it is the new one.
    const right = hashOfContent(at.cloud.home().get('/a.bin'));
    const said = run.text.startsWith('conflict: /a.bin changed while it was downloaded');
    expect(said || (await hashOfFile(at.path('a.bin'))) === right).toBe(true);
    nothingLeft(at);
  });

  it('the server is away for a moment: it goes on by itself', async () => {
    const at = await open();
    sparseFile(at.path('source.bin'), size);
    const run = await meanwhile(at, ['put', 'source.bin', '/a.bin'], () => {
      at.cloud.set({ maintenance: true });
      setTimeout(() => at.cloud.set({ maintenance: false }), 1500);
    });
    expect(run.text).toMatch(/^Uploaded \/a\.bin, /m);
    expect(hashOfContent(at.cloud.home().get('/a.bin'))).toBe(await hashOfFile(at.path('source.bin')));
    nothingLeft(at);
  });
});
