import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { STORE_FILE } from '../../../src/store/store.ts';
import { openScene } from '../scene.ts';
import type { Scene } from '../scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(async () => scene.close());

const state = (): string => `${scene.bench.localFolder}-state`;
const file = (): string => join(state(), STORE_FILE);
const upload = async (name: string): Promise<string> =>
  (await scene.ok('upload_file', { remote_path: name, content: 'x' })).text;

describe('a change is made all the same', () => {
  it('where the notes are no database', async () => {
    mkdirSync(state(), { recursive: true });
    writeFileSync(file(), 'not a database'.repeat(100));
    for (const name of ['/a.txt', '/b.txt'])
      expect(await upload(name)).toMatch(/\ncannot be undone by id: it could not be noted on this computer$/);
    expect(scene.cloud.home().exists('/b.txt')).toBe(true);
    expect(await scene.fails('undo', {})).toMatch(
      /^config: The notes of changes in .*store\.db cannot be used/,
    );
  });

  it('where another process keeps the notes locked', async () => {
    await upload('/first.txt');
    const other = new DatabaseSync(file());
    other.exec('BEGIN IMMEDIATE');
    const started = performance.now();
    for (const name of ['/a.txt', '/b.txt', '/c.txt'])
      expect(await upload(name)).toMatch(/\ncannot be undone by id: it could not be noted/);
    // It is waited for once.
    expect(performance.now() - started).toBeLessThan(5000);
    other.exec('ROLLBACK');
    other.close();
    expect(scene.cloud.home().exists('/c.txt')).toBe(true);
  });
});

it('reading and listing tools open no notes', async () => {
  await scene.ok('list_files', { folder_path: '/' });
  await scene.ok('search_files', { query: 'x' });
  expect(existsSync(file())).toBe(false);
  await upload('/a.txt');
  expect(existsSync(file())).toBe(true);
});
