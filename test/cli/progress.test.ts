import type { WriteStream } from 'node:tty';
import { expect, test } from 'vitest';
import { ProgressBar } from '../../src/cli/terminal/progress-bar.ts';
import { formatDuration } from '../../src/text/duration.ts';

test.each([
  [0.3, '0.3 s'],
  [3, '3 s'],
  [9.96, '10 s'],
  [99, '99 s'],
  [120, '2 min'],
  [2694, '45 min'],
  [3600, '1 h'],
  [4800, '1 h 20 min'],
  [300_000, '3 days'],
])('%d seconds are %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

test('the progress line has the amount, the rate and the time left, and fits into the width', async () => {
  const written: string[] = [];
  const out = { isTTY: true, columns: 100, write: (text: string) => written.push(text) };
  const bar = new ProgressBar(out as unknown as WriteStream);
  bar.show(0, 10_000_000_000, 'a.bin');
  await new Promise((resolve) => setTimeout(resolve, 1100));
  bar.show(1_000_000, 10_000_000_000, 'a.bin');
  bar.clear();
  const line = written.at(-2) ?? '';
  expect(line).toMatch(/ 0% 1\.0 MB of 10 GB, \S+ [KM]?B\/s, [^,]+ left  a\.bin$/);
  for (const one of written) expect(one.length).toBeLessThan(104);
});

test('the progress line promises nothing before it has measured, and ends with the transfer', () => {
  const written: string[] = [];
  const out = { isTTY: true, columns: 100, write: (text: string) => written.push(text) };
  const bar = new ProgressBar(out as unknown as WriteStream);
  bar.show(97, 100, 'a.bin');
  bar.clear();
  bar.show(100, 100, 'late.bin');
  expect(written[0]).toMatch(/#{19}\. 97% 97 B of 100 B  a\.bin$/);
  expect(written).toEqual([written[0], '\r\u001b[K']);
});
