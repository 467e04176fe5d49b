import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openScene } from '../scene.ts';
import type { Scene } from '../scene.ts';

let scene: Scene;

afterEach(async () => scene.close());

describe('a server where upper and lower case are one', () => {
  beforeEach(async () => {
    scene = await openScene({}, { ignoresCase: true });
    scene.cloud.home().put('/docs/readme.md', 'kept');
  });

  it.each([false, true])(
    'keeps the file when only the case of its name changes, overwrite: %s',
    async (overwrite) => {
      const args = { source_path: '/docs/readme.md', destination_path: '/docs/README.md', overwrite };
      const text = await scene.fails('move_file', args);
      expect(text).toMatch(/^exists: .*two steps/);
      expect(text).not.toMatch(/overwrite: true/);
      expect(scene.cloud.home().get('/docs/readme.md')?.toString()).toBe('kept');
    },
  );

  it('takes the two steps', async () => {
    await scene.ok('move_file', { source_path: '/docs/readme.md', destination_path: '/docs/x.md' });
    await scene.ok('move_file', { source_path: '/docs/x.md', destination_path: '/docs/README.md' });
    expect(scene.cloud.home().list('/docs')).toEqual(['README.md']);
  });
});

describe('a server that tells upper and lower case apart', () => {
  beforeEach(async () => {
    scene = await openScene();
    scene.cloud.home().put('/readme.md', 'lower');
  });

  it('renames', async () => {
    await scene.ok('move_file', { source_path: '/readme.md', destination_path: '/README.md' });
    expect(scene.cloud.home().list()).toEqual(['README.md']);
  });

  it('replaces another file whose name differs in case only', async () => {
    scene.cloud.home().put('/README.md', 'upper');
    await scene.ok('move_file', {
      source_path: '/readme.md',
      destination_path: '/README.md',
      overwrite: true,
    });
    expect(scene.cloud.home().get('/README.md')?.toString()).toBe('lower');
  });
});
