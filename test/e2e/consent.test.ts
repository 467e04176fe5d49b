import { expect, test } from 'vitest';
import { Stage } from '../support/stage.ts';
import type { StageOptions } from '../support/stage.ts';

const ways: readonly (readonly [name: string, options: StageOptions])[] = [
  ['stdio, current client', { client: 'modern' }],
  ['stdio, current client in the older era', { client: 'modern', era: 'legacy' }],
  ['stdio, older client', { client: 'legacy' }],
  ['Streamable HTTP, current client', { client: 'modern', transport: 'http' }],
  [
    'Streamable HTTP, current client in the older era',
    { client: 'modern', era: 'legacy', transport: 'http' },
  ],
  ['Streamable HTTP, older client', { client: 'legacy', transport: 'http' }],
  ['HTTP+SSE, older client', { client: 'legacy', transport: 'sse' }],
];

type Reply = ReturnType<NonNullable<StageOptions['person']>>;

test.each(ways)('over %s a person is asked, and what was not agreed to is not done', async (_, options) => {
  const questions: string[] = [];
  let reply: Reply | undefined;
  const person = (question: string): Reply => {
    questions.push(question);
    if (!reply) throw new Error('the window was lost');
    return reply;
  };
  const stage = await Stage.open({ ...options, person });
  const home = stage.cloud.home();
  home.put('/dir/a.txt', 'a');
  const remove = async () => stage.call('delete_file', { file_path: '/dir' });
  for (reply of [{ action: 'decline' }, { action: 'cancel' }, { action: 'accept', agree: false }] as const) {
    const { isError, text } = await remove();
    expect(isError).toBe(true);
    expect(text).toMatch(/^cancelled: .*Nothing was changed/);
  }
  expect(questions).toHaveLength(3);
  expect(questions[0]).toContain('Delete the folder /dir: 1 file');
  reply = undefined;
  const lost = await remove().catch((error: unknown) => ({ isError: true, text: String(error) }));
  expect(lost.isError, lost.text).toBe(true);
  expect(home.exists('/dir/a.txt')).toBe(true);
  reply = { action: 'accept', agree: true };
  expect((await remove()).data['deleted']).toBe(true);
  expect(home.exists('/dir')).toBe(false);
  await stage.close();
});
