import assert from 'node:assert/strict';
import { Area } from '../case.ts';
import { fails } from '../failure.ts';
import { deleteItems } from '../../../src/files/change/delete.ts';
import { copyItems, moveItems } from '../../../src/files/change/move-copy.ts';
import { resolveLink } from '../../../src/files/context/link.ts';
import { testConnection } from '../../../src/files/health/connection.ts';
import { fileInfo } from '../../../src/files/list/file-info.ts';
import { listFolder } from '../../../src/files/list/list.ts';
import { createFolder } from '../../../src/files/write/create-folder.ts';
import { uploadFile } from '../../../src/files/write/upload.ts';

const area = new Area('file service');
export const serviceCases = area.cases;

area.fact('links that people paste lead to their file', async (c) => {
  await c.mkcol('a%20b');
  await c.put('a%20b/c.txt');
  const id = await c.fileId('a%20b/c.txt');
  const path = c.path('a b/c.txt');
  const base = c.server.url.href.replace(/\/$/, '');
  for (const link of [
    `${base}/f/${id}`,
    `${base}/index.php/f/${id}`,
    `${base}/index.php/apps/files/?dir=/&openfile=${id}`,
    `${base}/apps/files/files/${id}?dir=/x`,
    c.url('a%20b/c.txt'),
    `nextcloud://${path.split('/').map(encodeURIComponent).join('/')}`,
  ])
    assert.equal(await resolveLink(c.workspace, link, {}), path, link);
  assert.equal(
    await resolveLink(c.workspace, `${base}/apps/files/?dir=${encodeURIComponent(c.path('a b'))}`, {}),
    c.path('a b'),
  );
  await assert.rejects(resolveLink(c.workspace, `${base}/f/99999999`, {}), fails('not_found'));
  await assert.rejects(resolveLink(c.workspace, 'https://elsewhere.example/f/1', {}), fails('invalid_input'));
});

area.fact(
  'test_connection passes and knows what the server has',
  async (c) => {
    const found = await testConnection(c.workspace, {});
    assert.equal(found.ok, true, JSON.stringify(found.checks));
    assert.equal(found.user?.id, c.server.login.userId);
    const wanted = [
      'trash',
      'versions',
      ...(c.major >= 31 ? ['locks'] : []),
      'chunked upload',
      'bulk upload',
      'sharing',
      'tags',
    ];
    assert.deepEqual(found.features, wanted);
  },
  { versions: '`locks` is among the features of 34.' },
);

area.fact('the whole life of a file through the service', async (c) => {
  const folder = c.path('notes');
  const note = c.path('notes/été.md');
  await createFolder(c.workspace, folder, {});
  const stored = await uploadFile(
    c.workspace,
    { path: note, content: Buffer.from('# one\n'), overwrite: false },
    {},
  );
  assert.equal(stored.created, true);
  await assert.rejects(
    uploadFile(c.workspace, { path: note, content: Buffer.from('two'), overwrite: false }, {}),
    fails('exists'),
  );
  const replaced = await uploadFile(
    c.workspace,
    { path: note, content: Buffer.from('# two\n'), overwrite: true },
    {},
  );
  assert.equal(replaced.replaced, true);
  assert.notEqual(replaced.etag, stored.etag);
  assert.equal(await c.content('notes/%C3%A9t%C3%A9.md'), '# two\n');
  const listed = await listFolder(
    c.workspace,
    folder,
    { depth: 1, sortBy: 'name', order: 'asc', limit: 50, type: 'all' } as never,
    {},
  );
  assert.deepEqual(
    listed.entries.map(({ path }) => path),
    [note],
  );
  await copyItems(c.workspace, [{ from: note, to: c.path('notes/copy.md') }], { overwrite: false }, {});
  await moveItems(
    c.workspace,
    [{ from: c.path('notes/copy.md'), to: c.path('moved.md') }],
    { overwrite: false },
    {},
  );
  assert.equal((await fileInfo(c.workspace, c.path('moved.md'), {})).type, 'file');
  await deleteItems(c.workspace, [note], undefined, {});
  await deleteItems(c.workspace, [folder], undefined, {});
  await assert.rejects(fileInfo(c.workspace, note, {}), fails('not_found'));
});
