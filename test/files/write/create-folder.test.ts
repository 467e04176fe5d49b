import { expect, test } from 'vitest';
import { openScene } from '../scene.ts';

test('a folder is made with up to fifty missing parents', async () => {
  const scene = await openScene();
  try {
    await scene.ok('create_folder', { folder_path: `/top${'/a'.repeat(50)}` });
    expect(scene.cloud.home().exists(`/top${'/a'.repeat(50)}`)).toBe(true);
    const before = scene.cloud.requests.length;
    const text = await scene.fails('create_folder', { folder_path: `/other${'/b'.repeat(1800)}` });
    expect(text).toMatch(/^invalid_input: More than 50 of the folders above are missing\. Create \/other\/b/);
    expect(scene.cloud.requests.length - before).toBeLessThan(160);
    expect(scene.cloud.home().exists('/other')).toBe(false);
  } finally {
    await scene.close();
  }
}, 60_000);
