import assert from 'node:assert/strict';
import { Area } from '../case.ts';
import type { ContractContext } from '../context.ts';
import type { Login } from '../server.ts';
import { isAppError } from '../../../src/errors.ts';
import { propfind } from '../../../src/nextcloud/dav/propfind.ts';
import { ROOT } from '../../../src/path.ts';
import { deleteItems } from '../../../src/files/change/delete.ts';
import { moveItems } from '../../../src/files/change/move-copy.ts';
import { fileInfo } from '../../../src/files/list/file-info.ts';
import { searchFiles } from '../../../src/files/search/search.ts';
import { createFolder } from '../../../src/files/write/create-folder.ts';
import { uploadFile } from '../../../src/files/write/upload.ts';

const area = new Area('login');
export const authCases = area.cases;

const wrong = (c: ContractContext): Login => ({ ...c.server.login, password: 'wrong' });
const jar = (cookies: readonly string[]): string => {
  const values = new Map<string, string>();
  for (const cookie of cookies) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
    values.set(name, value);
  }
  return [...values].map(([name, value]) => `${name}=${value}`).join('; ');
};

area.fact('a wrong password is 401 with a Basic challenge', async (c) => {
  const reply = await c.propfind('', '0', ['d:getetag'], { as: wrong(c) });
  reply.refused(401, 'S\\NotAuthenticated', c.by({ 28: /Username or password was incorrect/ }));
  assert.match(reply.header('www-authenticate') ?? '', /^Basic realm="[^"]+", charset="UTF-8"/);
});

area.fact('without a login it is 401 too', async (c) => {
  (await c.propfind('', '0', ['d:getetag'], { as: null })).refused(401, 'S\\NotAuthenticated');
});

area.fact('with X-Requested-With the challenge is DummyBasic', async (c) => {
  const reply = await c.propfind('', '0', ['d:getetag'], {
    as: null,
    headers: { 'x-requested-with': 'XMLHttpRequest' },
  });
  assert.match(reply.is(401).header('www-authenticate') ?? '', /^DummyBasic/);
});

area.fact(
  'OCS: 401 with status code 997, in JSON on newer servers',
  async (c) => {
    const reply = (await c.ocs('GET', '/cloud/user', { as: wrong(c) })).is(401);
    assert.match(reply.header('content-type') ?? '', c.by({ 28: /^text\/xml/, 30: /^application\/json/ }));
    assert.match(reply.text, /997/);
  },
  { versions: 'Errors of OCS before a route is found (401, 404) are XML in 28 and 29 whatever is accepted.' },
);

area.fact('Bearer with the app password needs no name', async (c) => {
  const { password } = c.server.login;
  const reply = await c.propfind('', '0', ['d:getetag'], {
    as: null,
    headers: { authorization: `Bearer ${password}` },
  });
  reply.is(207);
});

area.fact(
  'X-User-Id is told with every answer of newer servers',
  async (c) => {
    const wanted = c.by({ 28: undefined, 31: c.server.login.userId });
    assert.equal((await c.propfind('', '0', ['d:getetag'])).header('x-user-id'), wanted);
    assert.equal((await c.request('GET', 'none')).is(404).header('x-user-id'), wanted);
    assert.equal((await c.request('PUT', 'a.txt', { body: 'x' })).header('x-user-id'), wanted);
  },
  { versions: '`X-User-Id` is in 34; on 28 and 29 the user id is asked from OCS when it is in doubt.' },
);

area.fact(
  'the first answer sets cookies; on newer servers they go without the login too',
  async (c) => {
    const first = await c.propfind('', '0', ['d:getetag']);
    assert.ok(first.cookies.length >= 3, String(first.cookies.length));
    const cookie = jar(first.cookies);
    (await c.propfind('', '0', ['d:getetag'], { headers: { cookie } })).is(207);
    (await c.propfind('', '0', ['d:getetag'], { as: null, headers: { cookie } })).is(
      c.by({ 28: 401, 30: 207 }),
    );
  },
  { versions: 'Cookies alone, without the Authorization header, are 401 in 28 and 29.' },
);

area.fact('a live session beats a wrong password', async (c) => {
  const cookie = jar((await c.propfind('', '0', ['d:getetag'])).cookies);
  (await c.propfind('', '0', ['d:getetag'], { as: wrong(c), headers: { cookie } })).is(207);
});

area.fact(
  "another user's session beats the own login: the own home looks empty",
  async (c) => {
    const as = c.cast.other;
    const theirs = (await c.findAt(`${c.base(as)}/`, '0', ['d:getetag'], { as })).is(207);
    const headers = { cookie: jar(theirs.cookies) };
    const mixed = await c.findAt(`${c.base()}/`, '1', ['d:getetag'], { headers });
    assert.equal(mixed.hits().length, 1);
    assert.equal(mixed.hits()[0]?.statuses.get('d:getetag'), 404);
    if (c.major >= 31) assert.equal(mixed.header('x-user-id'), as.userId);
  },
  { needs: 'accounts' },
);

area.fact(
  'a disabled account is 503 on DAV and 401 on OCS',
  async (c) => {
    const as = c.cast.disabled;
    const reply = await c.findAt(`${c.base(as)}/`, '0', ['d:getetag'], { as });
    reply.refused(503, 'S\\ServiceUnavailable', /Account disabled|User disabled/);
    (await c.ocs('GET', '/cloud/user', { as })).is(401);
    await assert.rejects(propfind(c.client(as), ROOT, 0, {}), (error) =>
      isAppError(error, 'forbidden', 'unauthorized'),
    );
  },
  { needs: 'accounts' },
);

area.fact(
  'an app password belongs to one login name',
  async (c) => {
    const { mail } = c.cast;
    const answer = (await c.ocs('GET', '/core/getapppassword', { as: mail })).is(200).json();
    const { apppassword: password } = (answer as { ocs: { data: { apppassword: string } } }).ocs.data;
    const ask = async (username: string): Promise<number> =>
      (await c.findAt(`${c.base(mail)}/`, '0', ['d:getetag'], { as: { ...mail, username, password } }))
        .status;
    assert.equal(await ask(mail.username), c.by({ 28: 401, 30: 207 }));
    assert.equal(await ask(mail.userId), c.by({ 28: 207, 30: 401 }));
  },
  {
    needs: 'accounts',
    versions:
      'An app password made after signing in with the e-mail address belongs to the address in 34, to the user id in 28 and 29.',
  },
);

area.fact(
  'the client finds the user id when the login name is the e-mail address',
  async (c) => {
    const account = c.client(c.cast.mail);
    const found = await propfind(account, ROOT, 0, {});
    assert.equal(found.resources[0]?.path, ROOT);
    await account.confirm();
    assert.equal(account.userId, c.cast.mail.userId);
  },
  { needs: 'accounts' },
);

area.fact(
  'the client works whatever comes first when the login name is the e-mail address',
  async (c) => {
    const first = c.workspaceOf(c.client(c.cast.mail));
    const path = c.path('').replace(/^\//, '').replaceAll('/', '-');
    const text = `/${path}.txt` as typeof ROOT;
    const stored = await uploadFile(
      first,
      { path: text, content: Buffer.from('hello'), overwrite: false },
      {},
    );
    assert.equal(stored.created, true);
    const second = c.workspaceOf(c.client(c.cast.mail));
    const page = await searchFiles(
      second,
      { query: path, folder: ROOT, type: 'all', favorite: false, sortBy: 'name', order: 'asc', limit: 10 },
      {},
    );
    assert.deepEqual(
      page.entries.map((entry) => entry.path),
      [text],
    );
    const third = c.workspaceOf(c.client(c.cast.mail));
    const [gone] = await deleteItems(third, [text], undefined, {});
    assert.ok(gone && 'deleted' in gone);
  },
  { needs: 'accounts' },
);

area.fact(
  'the client works with a user id that has a space and an @',
  async (c) => {
    const { odd } = c.cast;
    const workspace = c.workspaceOf(c.client(odd));
    const folder = '/a b' as typeof ROOT;
    const file = '/a b/ü#?.txt' as typeof ROOT;
    await createFolder(workspace, folder, {});
    await uploadFile(workspace, { path: file, content: Buffer.from('hello'), overwrite: false }, {});
    const page = await searchFiles(
      workspace,
      { query: '*.txt', folder, type: 'all', favorite: false, sortBy: 'name', order: 'asc', limit: 10 },
      {},
    );
    assert.deepEqual(
      page.entries.map((entry) => entry.path),
      [file],
    );
    await moveItems(workspace, [{ from: file, to: '/a b/z.txt' as typeof ROOT }], { overwrite: false }, {});
    assert.equal((await fileInfo(workspace, '/a b/z.txt' as typeof ROOT, {})).size, 5);
    await deleteItems(workspace, ['/a b/z.txt' as typeof ROOT], undefined, {});
    await deleteItems(workspace, [folder], undefined, {});
  },
  { needs: 'accounts' },
);

area.fact(
  'maintenance is 503 before the login is looked at; status.php stays 200',
  async (c) => {
    c.embedded.set({ maintenance: true });
    try {
      (await c.propfind('', '0', ['d:getetag'], { as: wrong(c) })).refused(
        503,
        'OCA\\DAV\\Exception\\ServerMaintenanceMode',
        'System is in maintenance mode.',
      );
      assert.equal((await c.ocs('GET', '/cloud/user')).is(503).header('x-nextcloud-maintenance-mode'), '1');
      const status = (await c.at('GET', '/status.php', { as: null })).is(200).json() as {
        maintenance: boolean;
      };
      assert.equal(status.maintenance, true);
      await assert.rejects(
        propfind(c.account, ROOT, 0, {}),
        (error) => isAppError(error, 'unavailable') && /maintenance/.test(error.message),
      );
    } finally {
      c.embedded.set({ maintenance: false });
    }
  },
  { needs: 'embedded' },
);
