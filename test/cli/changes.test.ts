import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import type { EmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import { openSceneOn } from '../files/scene.ts';
import { Home } from './home.ts';

let home: Home;
let cloud: EmbeddedNextcloud;
let env: Record<string, string>;

beforeAll(async () => {
  home = new Home();
  cloud = await startEmbeddedNextcloud();
  env = {
    NEXTCLOUD_URL: cloud.url,
    NEXTCLOUD_USERNAME: 'demo',
    NEXTCLOUD_PASSWORD: 'demo-app-password',
    NEXTCLOUD_STATE_FOLDER: `${home.path}/state`,
  };
});
afterAll(async () => {
  await cloud.close();
  home.close();
});

test('changes lists what an assistant has changed, and takes no request for it', async () => {
  expect((await home.run(['changes'], { env })).out).toBe('Nothing was changed within the last day.\n');
  const scene = await openSceneOn({ cloud }, env);
  await scene.ok('upload_file', { remote_path: '/a\u202e.txt', content: 'x' });
  await scene.ok('move_file', { source_path: '/a\u202e.txt', destination_path: '/b.txt' });
  await scene.ok('undo', { change: 'u2' });
  await scene.close();
  const seen = cloud.requests.length;
  const { code, out, err } = await home.run(['changes'], { env });
  const when = String.raw`20\d\d-\d\d-\d\d \d\d:\d\d`;
  expect(out.split('\n')).toEqual([
    expect.stringMatching(`^u3 {5}${when}  took u2 back; moved /b\\.txt to /a\\\\u202e\\.txt$`),
    expect.stringMatching(`^u2 {5}${when}  moved /a\\\\u202e\\.txt to /b\\.txt; taken back$`),
    expect.stringMatching(`^u1 {5}${when}  created /a\\\\u202e\\.txt$`),
    '',
  ]);
  expect([code, err]).toEqual([0, '']);
  const { out: json } = await home.run(['changes', '--json'], { env });
  expect((JSON.parse(json) as { changes: object[] }).changes).toMatchObject([
    { change: 'u3', tool: 'undo', takes_back: 'u2' },
    { change: 'u2', tool: 'move_file', state: 'taken back' },
    { change: 'u1', tool: 'upload_file' },
  ]);
  expect(cloud.requests.length).toBe(seen);
});

test('changes of another account are not shown', async () => {
  const other = { ...env, NEXTCLOUD_USERNAME: 'other' };
  expect((await home.run(['changes'], { env: other })).out).toBe(
    'Nothing was changed within the last day.\n',
  );
});
