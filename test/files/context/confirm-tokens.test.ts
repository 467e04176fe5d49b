import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { ConfirmTokens } from '../../../src/files/context/confirm-tokens.ts';

const key = randomBytes(32);
const change = { delete: ['/a', '1', 'etag'] };

test('processes that share the key take the tokens of each other', () => {
  const token = new ConfirmTokens(key, 'alice@cloud', Date.now).token(change);
  expect(new ConfirmTokens(key, 'alice@cloud', Date.now).holds(token, change)).toBe(true);
});

test.each([
  ['another person', new ConfirmTokens(key, 'bob@cloud', Date.now), change],
  ['another key', new ConfirmTokens(randomBytes(32), 'alice@cloud', Date.now), change],
  ['another change', new ConfirmTokens(key, 'alice@cloud', Date.now), { delete: ['/b', '2', 'etag'] }],
  ['another time', new ConfirmTokens(key, 'alice@cloud', () => Date.now() + 3_600_001), change],
])('a token does not hold for %s', (_what, tokens, other) => {
  const token = new ConfirmTokens(key, 'alice@cloud', Date.now).token(change);
  expect(tokens.holds(token, other)).toBe(false);
});
