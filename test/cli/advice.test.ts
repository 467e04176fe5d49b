import { expect, test } from 'vitest';
import { remedyWords } from '../../src/cli/terminal/remedies.ts';
import { undoWords } from '../../src/cli/terminal/undo-words.ts';
import { catalogue } from '../../src/tools/catalogue.ts';
import { remedies, undoSteps } from '../support/advice.ts';

const tools = new RegExp(`\\b(${catalogue.map(({ name }) => name).join('|')})\\b`);

const words = [
  ...remedies.map((remedy) => [JSON.stringify(remedy), remedyWords(remedy)] as const),
  ...undoSteps.map((step) => [JSON.stringify(step), undoWords([step])] as const),
];

test.each(words)('a person at a terminal is told of %s without a tool or a parameter', (_data, text) => {
  expect(text).toMatch(/\w.*\w/);
  expect(text).not.toMatch(tools);
  expect(text).not.toMatch(/overwrite: true|[a-z]_[a-z]|\w=\w|undefined/);
});

test('restoring several versions is one step for a person', () => {
  const step = undoSteps.find(({ action }) => action === 'restore-version');
  if (!step) throw new Error('no such step');
  expect(undoWords([step, step])).toBe(undoWords([step]));
});
