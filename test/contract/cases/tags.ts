import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Area } from '../case.ts';
import type { ContractContext } from '../context.ts';

const area = new Area('favourites and tags');
export const tagCases = area.cases;

const favourite = '<oc:favorite>1</oc:favorite>';

/** A tag for one case; only an administrator may delete it again, so its name says where it is from. */
async function newTag(c: ContractContext): Promise<{ id: number; name: string }> {
  const name = `contract ${randomBytes(4).toString('hex')}`;
  const reply = await c.at('POST', '/remote.php/dav/systemtags/', {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, userVisible: true, userAssignable: true }),
  });
  const id = Number(/\/(\d+)$/.exec(reply.is(201).header('content-location') ?? '')?.[1]);
  assert.ok(id > 0);
  return { id, name };
}

const relation = (file: number, tag: number | string): string =>
  `/remote.php/dav/systemtags-relations/files/${file}/${tag}`;

area.fact('favourite: 1 and true set it, everything else and removing clears it', async (c) => {
  await c.put('a.txt');
  for (const [value, wanted] of [
    ['1', '1'],
    ['yes', '0'],
    ['true', '1'],
    ['0', '0'],
    ['1', '1'],
    ['', '0'],
  ]) {
    (await c.proppatch('a.txt', `<oc:favorite>${value}</oc:favorite>`)).is(207);
    assert.equal(await c.text('a.txt', 'oc:favorite'), wanted, `after ${JSON.stringify(value)}`);
  }
});

area.fact('REPORT lists the favourites below the folder it is asked at, whatever the value', async (c) => {
  await c.mkcol('in', 'out');
  await c.put('in/a.txt');
  await c.put('out/b.txt');
  await c.put('in/c.txt');
  for (const name of ['in/a.txt', 'out/b.txt']) (await c.proppatch(name, favourite)).is(207);
  assert.deepEqual(c.names((await c.report('in', favourite)).hits()), ['in/a.txt']);
  assert.deepEqual(c.names((await c.report('in', '<oc:favorite>0</oc:favorite>')).hits()), ['in/a.txt']);
  assert.deepEqual(c.names((await c.report('', favourite)).hits()), ['in/a.txt', 'out/b.txt']);
});

area.fact('REPORT without rules is 400, of a missing tag 412, on a file 415', async (c) => {
  await c.put('a.txt');
  (
    await c.report(
      '',
      '',
      '<oc:filter-files xmlns:d="DAV:" xmlns:oc="http://owncloud.org/ns"><d:prop/></oc:filter-files>',
    )
  ).refused(400, 'S\\BadRequest', 'Missing filter-rule block in request');
  (await c.report('', '<oc:systemtag>99999999</oc:systemtag>')).refused(
    412,
    'S\\PreconditionFailed',
    'Cannot filter by non-existing tag',
  );
  (await c.report('a.txt', favourite)).refused(415, 'S\\ReportNotSupported');
  (await c.report('none', favourite)).is(404);
});

area.fact('a tag is made by POST, seen in the list, and made twice is 409', async (c) => {
  const { id, name } = await newTag(c);
  const list = (
    await c.findAt(`${c.root}/remote.php/dav/systemtags/`, '1', [
      'oc:id',
      'oc:display-name',
      'oc:user-assignable',
    ])
  ).hits();
  const found = list.find(({ properties }) => properties.get('oc:display-name')?.text === name);
  assert.equal(found?.properties.get('oc:id')?.text, String(id));
  assert.equal(found?.properties.get('oc:user-assignable')?.text, 'true');
  const again = await c.at('POST', '/remote.php/dav/systemtags/', {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, userVisible: true, userAssignable: true }),
  });
  again.refused(409, 'S\\Conflict', 'Tag already exists');
});

area.fact('a tag is put on a file by PUT 201, again 409, taken off by DELETE 204, again 404', async (c) => {
  const { id, name } = await newTag(c);
  await c.put('a.txt');
  const file = await c.fileId('a.txt');
  (await c.at('PUT', relation(file, id))).is(201);
  (await c.at('PUT', relation(file, id))).refused(409, 'S\\Conflict');
  const tags = (await c.stat('a.txt', 'nc:system-tags'))
    .get('nc:system-tags')
    ?.children.map(({ text }) => text);
  assert.deepEqual(tags, [name]);
  (await c.at('DELETE', relation(file, id))).is(204);
  (await c.at('DELETE', relation(file, id))).is(404);
});

area.fact('an unknown tag is 412, an unknown file 404', async (c) => {
  const { id } = await newTag(c);
  await c.put('a.txt');
  (await c.at('PUT', relation(await c.fileId('a.txt'), 99999999))).is(412);
  (await c.at('PUT', relation(99999999, id))).is(404);
});

area.fact('REPORT by tag is not restricted to the folder; two tags mean both', async (c) => {
  const one = await newTag(c);
  const two = await newTag(c);
  await c.mkcol('in', 'out');
  await c.put('in/a.txt');
  await c.put('out/b.txt');
  for (const name of ['in/a.txt', 'out/b.txt'])
    (await c.at('PUT', relation(await c.fileId(name), one.id))).is(201);
  (await c.at('PUT', relation(await c.fileId('out/b.txt'), two.id))).is(201);
  const rule = ({ id }: { id: number }): string => `<oc:systemtag>${id}</oc:systemtag>`;
  assert.deepEqual(c.names((await c.report('in', rule(one))).hits()), ['in/a.txt', 'out/b.txt']);
  assert.deepEqual(c.names((await c.report('in', rule(one) + rule(two))).hits()), ['out/b.txt']);
});

area.fact('a REPORT without properties marks each hit 418', async (c) => {
  await c.put('a.txt');
  (await c.proppatch('a.txt', favourite)).is(207);
  const reply = await c.report(
    '',
    '',
    `<oc:filter-files xmlns:d="DAV:" xmlns:oc="http://owncloud.org/ns"><oc:filter-rules>${favourite}</oc:filter-rules></oc:filter-files>`,
  );
  assert.match(reply.is(207).text, /418/);
});
