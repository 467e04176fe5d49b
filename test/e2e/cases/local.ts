import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Case } from '../../support/case.ts';
import type { Stage } from '../../support/stage.ts';
import { refused, sha256, stored } from './expectation.ts';

interface Disk {
  /** A fresh folder inside of the allowed one. */
  readonly inside: string;
  /** A folder that is not allowed, with `secret.txt` in it. */
  readonly outside: string;
}

/** Runs with folders on this computer, which are gone afterwards. */
function onDisk(name: string, run: (stage: Stage, folder: string, disk: Disk) => Promise<void>): Case<Stage> {
  return {
    name,
    local: true,
    run: async (stage, folder) => {
      const inside = mkdtempSync(join(stage.localFolder, 'case-'));
      const outside = mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-outside-'));
      await writeFile(join(outside, 'secret.txt'), 'secret');
      try {
        await run(stage, folder, { inside, outside });
        assert.deepEqual(await readdir(outside), ['secret.txt']);
        assert.equal(await readFile(join(outside, 'secret.txt'), 'utf8'), 'secret');
      } finally {
        await rm(inside, { recursive: true });
        await rm(outside, { recursive: true });
      }
    },
  };
}

const MB = 1024 * 1024;

/** Bytes between the Nextcloud and this computer: only in the allowed folders, whole or not at all. */
export const localCases: readonly Case<Stage>[] = [
  onDisk('30 MB go up from disk and down to disk with equal bytes', async (stage, folder, { inside }) => {
    const bytes = randomBytes(30 * MB);
    await writeFile(join(inside, 'up.bin'), bytes);
    const remote_path = `${folder}/big.bin`;
    const up = await stage.ok('upload_file', { remote_path, source_path: join(inside, 'up.bin') });
    assert.equal(up.data['bytes'], bytes.length);
    // What is large and stays on this computer is not hashed on its way.
    assert.ok([undefined, `SHA256:${sha256(bytes)}`].includes(up.data['checksum'] as string | undefined));
    const down = await stage.ok('download_file', { remote_path, local_path: join(inside, 'down.bin') });
    assert.equal(down.data['bytes'], bytes.length);
    assert.equal(down.data['checksum'], `SHA256:${sha256(bytes)}`);
    const got = createHash('sha256').update(await readFile(join(inside, 'down.bin')));
    assert.equal(got.digest('hex'), sha256(bytes));
    assert.deepEqual((await readdir(inside)).toSorted(), ['down.bin', 'up.bin']);
  }),
  onDisk(
    'a file that is there and the same is neither sent nor fetched',
    async (stage, folder, { inside }) => {
      const source_path = join(inside, 'a.txt');
      const [remote_path, local_path] = [`${folder}/a.txt`, join(inside, 'b.txt')];
      await writeFile(source_path, 'once');
      await stage.ok('upload_file', { remote_path, source_path });
      await stage.ok('download_file', { remote_path, local_path });
      for (const overwrite of [false, true]) {
        const up = await stage.ok('upload_file', { remote_path, source_path, overwrite });
        assert.match(up.text, /^Left as it is/);
        assert.deepEqual([up.data['created'], up.data['same']], [false, true]);
        const down = await stage.ok('download_file', { remote_path, local_path, overwrite });
        assert.match(down.text, /^Left as it is/);
        assert.equal(down.data['same'], true);
      }
    },
  ),
  onDisk('a path that ends in a slash is the folder to put a file in', async (stage, folder, { inside }) => {
    const source_path = join(inside, 'own-name.txt');
    await writeFile(source_path, 'x');
    await stage.server.makeFolder(`${folder}/dir`);
    const up = await stage.ok('upload_file', { remote_path: `${folder}/dir/`, source_path });
    assert.equal(up.data['path'], `${folder}/dir/own-name.txt`);
    const nameless = { remote_path: `${folder}/new/`, content: 'x' };
    refused(await stage.fails('upload_file', nameless), 'invalid_input');
    assert.deepEqual(await stage.server.list(folder), ['dir']);
  }),
  onDisk('a link that leads nowhere is named as one', async (stage, folder, { inside }) => {
    await symlink(join(inside, 'nowhere'), join(inside, 'link'));
    const args = { remote_path: `${folder}/a.txt`, source_path: join(inside, 'link') };
    const text = await stage.fails('upload_file', args);
    refused(text, 'invalid_input');
    assert.match(text, /is a link that leads nowhere/);
  }),
  onDisk(
    'a relative path and a folder as target take the allowed folder',
    async (stage, folder, { inside }) => {
      const remote_path = `${folder}/note.txt`;
      await stage.server.put(remote_path, 'hello');
      const into = await stage.ok('download_file', { remote_path, local_path: inside });
      assert.equal(into.data['local_path'], join(inside, 'note.txt'));
      const long = `${'漢'.repeat(72)}.txt`; // 220 bytes, about the longest that every version takes
      await stage.server.put(`${folder}/${long}`, 'hello');
      await stage.ok('download_file', { remote_path: `${folder}/${long}`, local_path: `${inside}/` });
      assert.equal(await readFile(join(inside, long), 'utf8'), 'hello');
      const relative = `${inside.slice(stage.localFolder.length + 1)}/made/here/x.txt`;
      await stage.ok('download_file', { remote_path, local_path: relative });
      assert.equal(await readFile(join(inside, 'made/here/x.txt'), 'utf8'), 'hello');
    },
  ),
  onDisk('an existing file on disk stays unless told otherwise', async (stage, folder, { inside }) => {
    const remote_path = `${folder}/note.txt`;
    const local_path = join(inside, 'note.txt');
    await stage.server.put(remote_path, 'new');
    await writeFile(local_path, 'old');
    refused(await stage.fails('download_file', { remote_path, local_path }), 'exists');
    assert.equal(await readFile(local_path, 'utf8'), 'old');
    await stage.ok('download_file', { remote_path, local_path, overwrite: true });
    assert.equal(await readFile(local_path, 'utf8'), 'new');
    assert.deepEqual(await readdir(inside), ['note.txt']);
  }),
  onDisk('nothing is stored outside of the allowed folders', async (stage, folder, { inside, outside }) => {
    const remote_path = `${folder}/note.txt`;
    await stage.server.put(remote_path, 'new');
    await symlink(outside, join(inside, 'linked'));
    await symlink(join(outside, 'secret.txt'), join(inside, 'linked.txt'));
    await symlink(join(outside, 'not-there.txt'), join(inside, 'dangling.txt'));
    const places = [
      join(outside, 'x.txt'),
      `${outside}/`,
      join(inside, 'linked/x.txt'),
      join(inside, 'linked'),
      join(inside, 'linked/made/x.txt'),
      `${inside}/../../x.txt`,
      '../x.txt',
      '/etc/x.txt',
      `${stage.localFolder}-beside/x.txt`,
    ];
    for (const local_path of places)
      refused(await stage.fails('download_file', { remote_path, local_path, overwrite: true }), 'forbidden');
    for (const name of ['linked.txt', 'dangling.txt'])
      refused(
        await stage.fails('download_file', {
          remote_path,
          local_path: join(inside, name),
          overwrite: true,
        }),
        'invalid_input',
        'forbidden',
      );
    refused(
      await stage.fails('download_file', { remote_path, local_path: `${inside}/a\u0000b` }),
      'invalid_input',
    );
    refused(await stage.fails('download_file', { remote_path, local_path: '' }), 'invalid_input');
    assert.deepEqual((await readdir(inside)).toSorted(), ['dangling.txt', 'linked', 'linked.txt']);
  }),
  onDisk('nothing is taken from outside of the allowed folders', async (stage, folder, disk) => {
    const { inside, outside } = disk;
    await symlink(outside, join(inside, 'linked'));
    await symlink(join(outside, 'secret.txt'), join(inside, 'linked.txt'));
    const upload = async (source_path: string): Promise<string> =>
      stage.fails('upload_file', { remote_path: `${folder}/x.txt`, source_path });
    for (const place of [
      join(outside, 'secret.txt'),
      join(inside, 'linked/secret.txt'),
      join(inside, 'linked.txt'),
      '/etc/passwd',
      `${inside}/../../etc/passwd`,
    ])
      refused(await upload(place), 'forbidden', 'not_found');
    refused(await upload(join(inside, 'none.txt')), 'not_found');
    refused(await upload(join(inside, 'linked')), 'forbidden');
    refused(await upload(''), 'invalid_input');
    refused(await upload(`${inside}/a\u0000b`), 'invalid_input', 'not_found');
    assert.deepEqual(await stage.server.list(folder), []);
  }),
  onDisk('a folder goes up and comes back, without what its links lead to', async (stage, folder, disk) => {
    const { inside, outside } = disk;
    await mkdir(join(inside, 'up/sub'), { recursive: true });
    await writeFile(join(inside, 'up/a.txt'), 'a');
    await writeFile(join(inside, 'up/sub/b ü.txt'), 'b');
    await symlink(outside, join(inside, 'up/linked'));
    await symlink(join(outside, 'secret.txt'), join(inside, 'up/linked.txt'));
    const remote_path = `${folder}/up`;
    const { text } = await stage.ok('upload_file', { remote_path, source_path: join(inside, 'up') });
    assert.match(text, /2 files stored/);
    assert.match(text, /linked\.txt is a link or no plain file, and was left out/);
    assert.deepEqual(await stage.server.list(remote_path), ['a.txt', 'sub']);
    await stage.ok('download_file', { remote_path, local_path: join(inside, 'down') });
    assert.equal(await readFile(join(inside, 'down/sub/b ü.txt'), 'utf8'), 'b');
    assert.deepEqual((await readdir(join(inside, 'down'))).toSorted(), ['a.txt', 'sub']);
    const { data } = await stage.ok('transfer_status');
    assert.deepEqual(data['transfers'], []);
    refused(await stage.fails('transfer_status', { transfer_id: 'none' }), 'not_found');
  }),
  onDisk('a failed transfer leaves nothing behind on either side', async (stage, folder, { inside }) => {
    await stage.server.put(`${folder}/taken.txt`, 'taken');
    await writeFile(join(inside, 'up.txt'), 'up');
    const down = async (name: string): Promise<string> =>
      stage.fails('download_file', { remote_path: `${folder}/${name}`, local_path: join(inside, 'x') });
    refused(await down('none.txt'), 'not_found');
    const source_path = join(inside, 'up.txt');
    const up = async (name: string): Promise<string> =>
      stage.fails('upload_file', { remote_path: `${folder}/${name}`, source_path });
    refused(await up('taken.txt'), 'exists');
    refused(await up('no/where.txt'), 'conflict', 'not_found');
    assert.deepEqual(await readdir(inside), ['up.txt']);
    assert.deepEqual(await stage.server.list(folder), ['taken.txt']);
    assert.equal(await stored(stage, `${folder}/taken.txt`), 'taken');
  }),
];
