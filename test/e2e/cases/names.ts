import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Case } from '../../support/case.ts';
import type { Stage } from '../../support/stage.ts';
import { bodyOf, bytesOf, entriesOf, namesOf, stored } from './expectation.ts';

/** Names that must come back as they went in, each with what is odd about it. */
const odd: readonly (readonly [what: string, name: string])[] = [
  ['blanks', 'two  blanks .txt'],
  ['a blank at either end', ' edge '],
  ['a hash', '#todo.txt'],
  ['a question mark', 'why?x=1.txt'],
  ['a percent sign', '100% sure.txt'],
  ['an ampersand', 'this & that.txt'],
  ['a plus', 'a+b.txt'],
  ['a semicolon', 'a;b.txt'],
  ['an equals sign', 'a=b.txt'],
  ['an at sign', 'me@home.txt'],
  ['a colon', 'at 10:30.txt'],
  ['an apostrophe', "it's.txt"],
  ['quotes', '"quoted".txt'],
  ['an exclamation mark and a comma', 'stop!, please.txt'],
  ['round brackets', 'copy (1).txt'],
  ['square brackets', 'photo[1].txt'],
  ['braces', 'photo{1,2}.txt'],
  ['angle brackets and a bar', 'a <b> | c.txt'],
  ['a star', 'all * of it.txt'],
  ['all of them', `#?%&+;=@:'"!,()[]{}`],
  ['a literal %20', 'a%20b.txt'],
  ['an encoded dot segment', '%2e%2e'],
  ['an encoded slash', 'a%2Fb.txt'],
  ['a broken percent encoding', 'per%cent%.txt'],
  ['an XML entity', 'a&amp;b<!--.txt'],
  ['umlauts in NFC', 'Größe ÄÖÜ.txt'.normalize('NFC')],
  ['an emoji', 'party 🎉 👩‍👩‍👧.txt'],
  ['other scripts', '漢字 кириллица عربى.txt'],
  ['a folder word of the server', 'files'],
  ['a name of the protocol', 'remote.php'],
  ['a name of objects in JavaScript', '__proto__'],
  ['250 bytes', `${'n'.repeat(246)}.txt`],
  ['250 bytes in 85 letters', `${'漢'.repeat(82)}.txt`],
  ['210 bytes', `${'n'.repeat(206)}.txt`],
  ['two dots at its beginning', '..hidden'],
  ['three dots', '...'],
];

/** Through every tool and back: nothing but this very name is touched, and it is shown as it is. */
async function roundTrip(stage: Stage, folder: string, name: string, stored: string): Promise<void> {
  const path = `${folder}/${stored}`;
  const content = `I am ${stored}\n`;
  const local = join(stage.localFolder, 'back.txt');
  await stage.ok('upload_file', { remote_path: `${folder}/${name}`, content });
  assert.deepEqual(await stage.server.list(folder), [stored]);
  assert.equal((await stage.server.get(path))?.toString(), content);
  assert.deepEqual(namesOf(await stage.ok('list_files', { folder_path: folder })), [stored]);
  const info = await stage.ok('get_file_info', { file_path: `${folder}/${name}` });
  assert.equal(info.data['path'], path);
  assert.equal(info.data['name'], stored);
  assert.equal(bodyOf(await stage.ok('read_file', { file_path: path })), content.slice(0, -1));
  assert.equal(bytesOf(await stage.ok('read_file_bytes', { file_path: path })).bytes.toString(), content);
  if (stage.local) {
    await stage.ok('download_file', { remote_path: path, local_path: local, overwrite: true });
    assert.equal(await readFile(local, 'utf8'), content);
  }
  const found = await stage.ok('search_files', { query: escaped(stored), folder_path: folder });
  assert.deepEqual(
    entriesOf(found).map((entry) => entry.path),
    [path],
  );
  await stage.ok('create_folder', { folder_path: `${folder}/in` });
  await stage.ok('copy_file', { source_path: path, destination_path: `${folder}/in/${name}` });
  await stage.ok('delete_file', { file_path: path });
  await stage.ok('move_file', { source_path: `${folder}/in/${stored}`, destination_path: path });
  assert.deepEqual(await stage.server.list(folder), [stored, 'in'].toSorted());
  assert.deepEqual(await stage.server.list(`${folder}/in`), []);
  assert.equal((await stage.server.get(path))?.toString(), content);
}

// Brackets and stars are a pattern in a query; as a class of one each means itself.
function escaped(name: string): string {
  return /[*?[\]{}/]/.test(name) ? name.replace(/[*?[\]{}]/g, '?') : name;
}

const pairs: readonly (readonly [target: string, decoys: readonly string[]])[] = [
  ['a b.txt', ['a%20b.txt', 'a+b.txt', 'a%2520b.txt']],
  ['a%20b.txt', ['a b.txt', 'a%2520b.txt']],
  ['q?x.txt', ['q', 'q%3Fx.txt']],
  ['q', ['q?x.txt', 'q#x']],
  ['#todo.txt', ['todo.txt', '%23todo.txt']],
  ['notes#1.txt', ['notes', 'notes%231.txt']],
  ['50%.txt', ['50', '50%25.txt']],
  ['x;v=1', ['x', 'x;v']],
  ['x&y.txt', ['x', 'x&amp;y.txt']],
  ['end ', ['end', 'end%20']],
  ['case.txt', ['Case.txt', 'CASE.TXT']],
  ['%2e%2e', ['..%2e', '%252e%252e']],
  ['file*', ['file1', 'file2']],
  ['{a,b}', ['a', 'b']],
];

/** Every operation acts on the named file alone, with names beside it that it could be taken for. */
async function sparesDecoys(
  stage: Stage,
  folder: string,
  target: string,
  decoys: readonly string[],
): Promise<void> {
  const path = `${folder}/${target}`;
  const others = ['bystander.txt', ...decoys];
  for (const name of others) await stage.server.put(`${folder}/${name}`, `decoy ${name}`);
  const check = async (expected: Readonly<Record<string, string>>, after: string): Promise<void> => {
    assert.deepEqual(
      await stage.server.list(folder),
      [...others, ...Object.keys(expected)].toSorted(),
      after,
    );
    for (const name of others)
      assert.equal(await stored(stage, `${folder}/${name}`), `decoy ${name}`, `${name} after ${after}`);
    for (const [name, content] of Object.entries(expected))
      assert.equal(await stored(stage, `${folder}/${name}`), content, `${name} after ${after}`);
  };
  await stage.ok('upload_file', { remote_path: path, content: 'first' });
  await check({ [target]: 'first' }, 'upload_file');
  assert.equal(bodyOf(await stage.ok('read_file', { file_path: path })), 'first');
  await stage.ok('upload_file', { remote_path: path, content: 'second', overwrite: true });
  await check({ [target]: 'second' }, 'overwriting');
  assert.equal(bytesOf(await stage.ok('read_file_bytes', { file_path: path })).bytes.toString(), 'second');
  assert.equal((await stage.ok('get_file_info', { file_path: path })).data['path'], path);
  await stage.ok('copy_file', { source_path: path, destination_path: `${folder}/${target}.2` });
  await check({ [target]: 'second', [`${target}.2`]: 'second' }, 'copy_file');
  await stage.ok('delete_file', { file_path: path });
  await check({ [`${target}.2`]: 'second' }, 'delete_file');
  await stage.ok('move_file', { source_path: `${folder}/${target}.2`, destination_path: path });
  await check({ [target]: 'second' }, 'move_file');
}

// Before 30 the name of the server's part file had to fit too.
const longNames = { versions: (major: number): boolean => major >= 30 };

export const nameCases: readonly Case<Stage>[] = [
  ...odd.map(([what, name]) => ({
    ...(Buffer.byteLength(name) < 220 ? {} : longNames),
    name: `a name with ${what} goes through every tool and back`,
    run: async (stage: Stage, folder: string) => roundTrip(stage, folder, name, name),
  })),
  {
    name: 'a name in NFD is stored in NFC and found by either spelling',
    run: async (stage, folder) =>
      roundTrip(stage, folder, 'Übermut.txt'.normalize('NFD'), 'Übermut.txt'.normalize('NFC')),
  },
  {
    name: 'a folder called as the user, in a folder called files, is a folder like any other',
    run: async (stage, folder) => {
      const inner = `${folder}/files/${stage.server.userId}`;
      await stage.ok('create_folder', { folder_path: inner });
      await roundTrip(stage, inner, 'files', 'files');
    },
  },
  {
    name: 'a path of 40 folders goes through every tool and back',
    run: async (stage, folder) => {
      const deep = `${folder}${'/level'.repeat(40)}`;
      await stage.ok('create_folder', { folder_path: deep });
      await roundTrip(stage, deep, 'deep.txt', 'deep.txt');
    },
  },
  {
    name: 'deleting #todo.txt leaves the folder that holds it',
    run: async (stage, folder) => {
      await stage.server.put(`${folder}/box/#todo.txt`, 'todo');
      await stage.server.put(`${folder}/box/keep.txt`, 'keep');
      await stage.ok('delete_file', { file_path: `${folder}/box/#todo.txt` });
      assert.deepEqual(await stage.server.list(`${folder}/box`), ['keep.txt']);
    },
  },
  ...pairs.map(([target, decoys]) => ({
    name: `${target} is not taken for ${decoys.join(' or ')}`,
    run: async (stage: Stage, folder: string) => sparesDecoys(stage, folder, target, decoys),
  })),
];
