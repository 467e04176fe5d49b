import { expect, it } from 'vitest';
import { openScene } from '../scene.ts';

it('a token lock is told apart from one of a person, and a refusal says what can be done', async () => {
  const scene = await openScene();
  scene.cloud.home().put('/a.txt', 'x');
  const authorization = `Basic ${Buffer.from('demo:demo-app-password').toString('base64')}`;
  const body =
    '<d:lockinfo xmlns:d="DAV:"><d:lockscope><d:exclusive/></d:lockscope><d:locktype><d:write/></d:locktype></d:lockinfo>';
  const url = `${scene.cloud.url}/remote.php/dav/files/demo/a.txt`;
  const locked = await fetch(url, { method: 'LOCK', headers: { authorization }, body });
  expect(locked.status).toBe(200);
  const { text } = await scene.ok('get_file_info', { file_path: '/a.txt' });
  expect(text).toMatch(/locked by a program of Demo User since .*gives it free/);
  const refused = await scene.fails('delete_file', { file_path: '/a.txt' });
  expect(refused).toMatch(/^locked: \/a\.txt is locked by a program of Demo User since /);
  const args = { file_path: ['/a.txt', '/b.txt'] };
  expect((await scene.bench.call('delete_file', args)).text).toMatch(/NO {2}\/a\.txt {2}locked: .* since /);
  const edits = [{ old_text: 'x', new_text: 'y' }];
  expect(await scene.fails('edit_file', { file_path: '/a.txt', edits })).toMatch(/^locked: .* since /);
  const upload = { remote_path: '/a.txt', content: 'y', overwrite: true };
  expect(await scene.fails('upload_file', upload)).toMatch(/^locked: .* since /);
  await scene.close();
});
