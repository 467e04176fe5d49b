import { afterAll, beforeAll, expect, test } from 'vitest';
import { Stage } from '../support/stage.ts';

const MB = 1024 * 1024;

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open({ client: 'legacy' });
});
afterAll(async () => stage.close());

const deep = (levels: number): unknown => (levels === 0 ? 0 : [deep(levels - 1)]);
const keys = (count: number): Record<string, unknown> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`key ${index}`, 0]));

test.each<[name: string, args: () => Record<string, unknown>, says: RegExp]>([
  [
    '11 MB',
    () => ({ remote_path: '/a.txt', content: 'x'.repeat(11 * MB) }),
    /pass source_path, the path of the file/,
  ],
  ['300 levels', () => ({ edits: deep(300) }), /nested at most 200 levels deep.*Nothing was done/],
  [
    '5,000,000 values',
    () => ({ edits: Array.from({ length: 5_000_000 }, () => 0) }),
    /at most 100,000 values and keys/,
  ],
  ['100,000 keys', () => keys(100_000), /at most 100,000 values and keys/],
  ['49,000 keys', () => keys(49_000), /object in a message can have at most 1,000 keys/],
])('a message of %s is refused by its id, and the next one is answered', async (_name, args, says) => {
  await expect(stage.call('upload_file', args())).rejects.toThrow(says);
  expect((await stage.ok('list_files', { folder_path: '/' })).data['total']).toBe(0);
});

test('5 MB of text are stored', async () => {
  const content = 'a line of text\n'.repeat((5 * MB) / 15);
  await stage.ok('upload_file', { remote_path: '/large.txt', content });
  expect(stage.cloud.home().get('/large.txt')?.toString('utf8') === content).toBe(true);
});
