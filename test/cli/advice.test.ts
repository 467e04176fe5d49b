import { expect, test } from 'vitest';
import { remedyWords } from '../../src/cli/terminal/remedies.ts';
import { undoWords } from '../../src/cli/terminal/undo-words.ts';
import { catalogue } from '../../src/tools/catalogue.ts';
import { facts, remedies } from '../support/advice.ts';

const tools = new RegExp(`\\b(${catalogue.map(({ name }) => name).join('|')})\\b`);

const words = [
  ...remedies.map((remedy) => [JSON.stringify(remedy), remedyWords(remedy)] as const),
  ...facts.map((fact) => [JSON.stringify(fact), undoWords([fact])] as const),
];

test.each(words)('a person at a terminal is told of %s without a tool or a parameter', (_data, text) => {
  expect(text).toMatch(/\w.*\w/);
  expect(text).not.toMatch(tools);
  expect(text).not.toMatch(/overwrite: true|[a-z]_[a-z]|\w=\w|undefined/);
});

test('restoring several versions is one step for a person', () => {
  const fact = facts.find((each) => each.kind === 'replaced' && each.oldSize !== 0);
  if (!fact) throw new Error('no such fact');
  expect(undoWords([fact, fact])).toBe(undoWords([fact]));
});
