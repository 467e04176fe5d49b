import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { oneCallEach } from '../faults/cases.ts';
import { openScene } from '../files/scene.ts';
import type { Scene } from '../files/scene.ts';

/** Long enough for hundreds of requests to the embedded Nextcloud. */
const WAIT_MS = 250;
/** What was on its way when the call ended has arrived. */
const ARRIVE_MS = 100;

let scene: Scene;

beforeAll(async () => {
  scene = await openScene();
  scene.cloud.home().put('/Docs/letter.txt', 'a');
  for (let i = 0; i < 200; i++) scene.cloud.home().put(`/many/${i}.txt`, 'a');
});

afterAll(async () => {
  await scene.close();
});

const sent = (): number => scene.cloud.requests.length;
const links = (count: number): string[] =>
  Array.from({ length: count }, (_, number) => `${scene.cloud.url}/f/${900_000 + number}`);

describe('a refused call sends nothing after its answer', () => {
  it('with more links than it takes, nothing at all', async () => {
    const seen = sent();
    const text = await scene.fails('get_file_info', { file_path: links(1000) });
    expect(text).toMatch(/^invalid_input: file_path takes one path, paths a list of up to 100\./);
    await sleep(WAIT_MS);
    expect(sent()).toBe(seen);
  });

  it('with a link beside a wrong parameter, nothing at all', async () => {
    const seen = sent();
    const [file_path] = links(1);
    expect(await scene.fails('read_file', { file_path, offset: 'x' })).toMatch(/^invalid_input: offset/);
    expect(await scene.fails('read_file', { file_path, other: 1 })).toMatch(/^invalid_input: /);
    await sleep(WAIT_MS);
    expect(sent()).toBe(seen);
  });

  it('with links that lead nowhere, only the first of them', async () => {
    const seen = sent();
    expect(await scene.fails('get_file_info', { file_path: links(100) })).toMatch(/^not_found: /);
    await sleep(ARRIVE_MS);
    const arrived = sent();
    expect(arrived - seen).toBeLessThan(20);
    await sleep(WAIT_MS);
    expect(sent()).toBe(arrived);
  });

  it('resolves many links, the same one once', async () => {
    const home = scene.cloud.home();
    const found = Array.from({ length: 50 }, (_, number) => `/many/${number}.txt`);
    const file_path = found.map((path) => `${scene.cloud.url}/f/${home.stat(path)?.fileId}`);
    const { data } = await scene.ok('get_file_info', { file_path: [...file_path, ...file_path] });
    const paths = (data['items'] as { path: string }[]).map(({ path }) => path);
    expect(paths).toEqual([...found, ...found]);
  });
});

describe('a cancelled call sends nothing afterwards', () => {
  const manyPaths = { file_path: Array.from({ length: 100 }, (_, number) => `/many/${number}.txt`) };
  const calls = [
    ...oneCallEach,
    ['get_file_info', manyPaths] as const,
    ['search_file_contents', { pattern: 'b', folder_path: '/many' }] as const,
    ['delete_file', manyPaths] as const,
  ];

  it.each(calls.map(([name, args], number) => ({ number, name, args })))(
    '$name ($number)',
    async ({ name, args }) => {
      const seen = sent();
      const control = new AbortController();
      let ended = false;
      const call = scene.bench
        .call(name, args, control.signal)
        .catch(() => undefined)
        .finally(() => (ended = true));
      while (!ended && sent() === seen) await sleep(1);
      control.abort();
      await call;
      await sleep(ARRIVE_MS);
      const arrived = sent();
      await sleep(WAIT_MS);
      expect(sent()).toBe(arrived);
    },
  );

  it('with links on their way', async () => {
    const seen = sent();
    const control = new AbortController();
    const call = scene.bench.call('get_file_info', { file_path: links(100) }, control.signal);
    const ended = call.catch(() => undefined);
    while (sent() === seen) await sleep(1);
    control.abort();
    await ended;
    await sleep(ARRIVE_MS);
    const arrived = sent();
    expect(arrived - seen).toBeLessThan(20);
    await sleep(WAIT_MS);
    expect(sent()).toBe(arrived);
  });
});
