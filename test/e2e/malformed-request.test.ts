import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const main = join(import.meta.dirname, '../../dist/main.js');

/** What the server answers to lines of standard input, until it ends with them. */
function answersTo(lines: readonly string[]): { id?: unknown; error?: { code: number; message: string } }[] {
  const output = execFileSync(process.execPath, [main], {
    input: `${lines.join('\n')}\n`,
    env: { PATH: process.env['PATH'] ?? '' },
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: 20_000,
  });
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as object);
}

it('answers a request that is none by its id, and nothing else that it cannot understand', () => {
  const answers = answersTo([
    '{"jsonrpc":"2.0","id":7,"method":"ping","params":[1]}',
    '{"jsonrpc":"1.0","id":"a","method":"ping"}',
    '{"id":8,"method":5,"params":{}}',
    '{"jsonrpc":"2.0","id":null,"method":"ping"}',
    '{"jsonrpc":"2.0","method":"notifications/initialized","params":7}',
    '{"jsonrpc":"2.0","id":9}',
    'no JSON',
    '[]',
    'null',
  ]);
  expect(answers.map(({ id, error }) => [id, error?.code])).toEqual([
    [7, -32_600],
    ['a', -32_600],
    [8, -32_600],
    [null, -32_600],
  ]);
  expect(answers[0]?.error?.message).toMatch(/^This is no JSON-RPC request: .*Nothing was done\.$/);
});
