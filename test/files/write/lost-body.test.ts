import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Passage } from '../../support/fault-proxy.ts';
import { openProxiedScene } from '../scene.ts';

let scene: Awaited<ReturnType<typeof openProxiedScene>>;
const home = (): ReturnType<(typeof scene)['cloud']['home']> => scene.cloud.home();

/** A proxy that loses the body of a request, and asks for no hash of it. */
async function loseBody(passage: Passage): Promise<void> {
  const { head } = passage;
  await passage.body();
  const lines = head.lines.filter((line) => !/^(content-length|x-hash|transfer-encoding):/i.test(line));
  await passage.answer(
    await passage.forward({ ...head, lines: [...lines, 'Content-Length: 0'] }, Buffer.alloc(0)),
  );
}

beforeEach(async () => {
  scene = await openProxiedScene();
  scene.proxy.arm(loseBody, ({ method }) => method === 'PUT');
});

afterEach(async () => scene.close());

describe('a body that is lost on the way', () => {
  it('of a new file is no success', async () => {
    const args = { remote_path: '/new.txt', content: 'eighteen bytes.....' };
    expect(await scene.fails('upload_file', args)).toMatch(
      /^invalid_response: \/new\.txt has 0 B in the Nextcloud instead of 19 B.* overwrite: true/,
    );
  });

  it('of an edit is no success, and says where the contents before are', async () => {
    home().put('/old.txt', 'before', { mtime: 1_700_000_000 });
    const edits = [{ old_text: 'before', new_text: 'after' }];
    expect(await scene.fails('edit_file', { file_path: '/old.txt', edits })).toMatch(
      /^invalid_response: \/old\.txt has 0 B in the Nextcloud instead of 5 B.* list_versions/,
    );
  });
});
