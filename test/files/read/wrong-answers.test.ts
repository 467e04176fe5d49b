import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Passage } from '../../support/fault-proxy.ts';
import type { RawAnswer } from '../../support/wire.ts';
import { openProxiedScene } from '../scene.ts';

let scene: Awaited<ReturnType<typeof openProxiedScene>>;
const home = (): ReturnType<(typeof scene)['cloud']['home']> => scene.cloud.home();

beforeEach(async () => {
  scene = await openProxiedScene();
});

afterEach(async () => scene.close());

const altered =
  (change: (answer: RawAnswer) => RawAnswer) =>
  async (passage: Passage): Promise<void> =>
    passage.answer(change(await passage.forward()));

describe('a file that is listed with 0 bytes and has more', () => {
  const lines = 'line\n'.repeat(100_000);

  beforeEach(() => {
    home().put('/full.txt', lines);
    const empty = altered((answer) => ({
      ...answer,
      body: Buffer.from(answer.body.toString().replaceAll(/<oc:size>500000</g, '<oc:size>0<')),
    }));
    scene.proxy.arm(empty, ({ method }) => method === 'PROPFIND');
  });

  it('is read, and the difference is told', async () => {
    const { text } = await scene.ok('read_file', { file_path: '/full.txt', limit: 2 });
    expect(text).toMatch(/lines? 1 to 2/);
    expect(text).toMatch(/lists .* with 0 B/);
  });

  it('gives its bytes', async () => {
    const { text } = await scene.ok('read_file_bytes', { file_path: '/full.txt', length: 5 });
    expect(text).toContain(Buffer.from('line\n').toString('base64'));
  });

  it.each([
    ['alone', '/full.txt'],
    ['with its folder', '/'],
  ])('is downloaded whole %s', async (_, remote_path) => {
    const { localFolder } = scene.bench;
    await scene.ok('download_file', { remote_path, local_path: join(localFolder, 'd', 'full.txt') });
    const at = remote_path === '/' ? ['d', 'full.txt', 'full.txt'] : ['d', 'full.txt'];
    expect(readFileSync(join(localFolder, ...at), 'utf8')).toBe(lines);
  });
});

it('a file that is empty stays so', async () => {
  home().put('/empty.txt', '');
  expect((await scene.ok('read_file', { file_path: '/empty.txt' })).text).toMatch(/the file is empty/);
  const local_path = join(scene.bench.localFolder, 'empty.txt');
  await scene.ok('download_file', { remote_path: '/empty.txt', local_path });
  expect(readFileSync(local_path, 'utf8')).toBe('');
});

describe.each(['at the end', 'instead'])('a web page %s of the contents of a file', (where) => {
  const PAGE = '<!DOCTYPE html><html><body>Please sign in</body></html>';

  beforeEach(() => {
    home().put('/a.md', 'some text\n'.repeat(10));
    const page = altered((answer) => ({
      ...answer,
      body: where === 'instead' ? Buffer.from(PAGE) : Buffer.concat([answer.body, Buffer.from(PAGE)]),
    }));
    scene.proxy.arm(page, ({ method }) => method === 'GET');
  });

  it.each(['read_file', 'download_file', 'edit_file'])('is told by %s, again and again', async (tool) => {
    const local_path = join(scene.bench.localFolder, 'a.md');
    const edits = [{ old_text: 'some', new_text: 'no', replace_all: true }];
    const more = { read_file: {}, download_file: { local_path }, edit_file: { edits } };
    const path = tool === 'download_file' ? { remote_path: '/a.md' } : { file_path: '/a.md' };
    for (let call = 0; call < 2; call++) {
      const text = await scene.fails(tool, { ...path, ...more[tool as keyof typeof more] });
      expect(text).not.toMatch(/changed while/);
      expect(text).toMatch(/^(invalid_response|unavailable): .*came with \d+ .* proxy/);
    }
  });
});

describe('a file that the server hands out encrypted', () => {
  const container = `HBEGIN:oc_encryption_module:OC_DEFAULT_MODULE:cipher:AES-256-CTR:signed:true:HEND${'-'.repeat(8192 - 79)}${'q83vEjRW'.repeat(500)}`;

  beforeEach(() => {
    for (const name of ['note.txt', 'letter.docx', 'photo.png']) home().put(`/${name}`, container);
  });

  it.each(['/note.txt', '/letter.docx', '/photo.png'])(
    'is not shown as the contents of %s',
    async (file_path) => {
      const text = await scene.fails('read_file', { file_path });
      expect(text).toMatch(/^invalid_response: .* still encrypted/);
      expect(text).not.toContain('HBEGIN');
    },
  );

  it('is not shown from its end', async () => {
    expect(await scene.fails('read_file', { file_path: '/note.txt', offset: -3 })).toMatch(/still encrypted/);
  });

  it('is not searched', async () => {
    const { text } = await scene.ok('search_file_contents', { pattern: 'HBEGIN' });
    expect(text).not.toMatch(/DEFAULT_MODULE/);
    expect(text).toMatch(/encrypted/);
  });

  it('is not edited', async () => {
    const edits = [{ old_text: 'HBEGIN', new_text: 'x' }];
    expect(await scene.fails('edit_file', { file_path: '/note.txt', edits })).toMatch(/still encrypted/);
    expect(home().get('/note.txt')?.toString()).toBe(container);
  });

  it.each([{ overwrite: true }, { if_match: 'the etag' }])('is not replaced with %o', async (how) => {
    const if_match = home().stat('/note.txt')?.etag ?? '';
    const args = { remote_path: '/note.txt', content: 'new', ...(how.overwrite ? how : { if_match }) };
    expect(await scene.fails('upload_file', args)).toMatch(/still encrypted/);
    expect(home().get('/note.txt')?.toString()).toBe(container);
  });

  it('can be downloaded, which says what it is', async () => {
    const local_path = join(scene.bench.localFolder, 'note.txt');
    const { text } = await scene.ok('download_file', { remote_path: '/note.txt', local_path });
    expect(text).toMatch(/still encrypted/);
    expect(readFileSync(local_path, 'utf8')).toBe(container);
  });
});
