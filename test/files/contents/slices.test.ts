import { describe, expect, it } from 'vitest';
import { createLineMatcher } from '../../../src/files/contents/pattern/line-matcher.ts';
import type { LinePattern } from '../../../src/files/contents/pattern/line-pattern.ts';
import { BlockTester } from '../../../src/files/contents/block-tester.ts';
import { MatchCollector } from '../../../src/files/contents/matches.ts';
import { LineReader } from '../../../src/files/lines/line-reader.ts';
import { lineOffsets } from '../../../src/files/lines/line-ends.ts';
import { inSmallPieces } from '../../../src/nextcloud/transport/time-slice.ts';
import { allowedDelay, measureLoopDelay } from '../../support/event-loop.ts';

const MB = 1024 * 1024;
const repeated = (text: string, megabytes: number): Buffer => Buffer.alloc(megabytes * MB, text);

const texts: Readonly<Record<string, Buffer>> = {
  'line ends alone': repeated('\n', 4),
  'CR alone': repeated('\r', 4),
  'lines of one letter': repeated('a\n', 4),
  'one endless line': repeated('ab ', 8),
  'letters with marks': repeated('e\u0301\u0302 ', 4),
  'letters of two alphabets': repeated('Straße 東京 naïve\n', 4),
  'UTF-16': Buffer.from('\ufeff' + 'a\n'.repeat(1_000_000), 'utf16le'),
};
const patterns: readonly LinePattern[] = [
  { pattern: 'a', match: 'text', caseSensitive: false },
  { pattern: `${'ab '.repeat(300)}c`, match: 'text', caseSensitive: false },
  { pattern: 'e naive a*', match: 'words', caseSensitive: false },
];

/** Everything that is done with a text that is searched from its end, which is the most. */
async function search(bytes: Buffer, pattern: LinePattern, limit: number): Promise<number> {
  const matcher = await createLineMatcher(pattern, 'alice');
  const collector = new MatchCollector({
    context: limit === 0 ? 0 : 10,
    limit,
    keep: 'last',
    placeIn: (line) => matcher.placeIn(line),
  });
  const tester = new BlockTester({
    matcher,
    collector,
    number: (block, hits) => {
      const offsets = limit === 0 ? [] : lineOffsets(block.bytes, 'utf-8', hits);
      return { label: (index) => `${index}`, place: (index) => offsets[index] ?? 0 };
    },
  });
  const reader = new LineReader({ sink: tester.blocks });
  const take = inSmallPieces((piece) => reader.write(piece) && tester.test(undefined));
  for (let at = 0; at < bytes.length; at += 65_536) await take(bytes.subarray(at, at + 65_536));
  reader.end();
  await tester.test(undefined);
  return reader.lines;
}

describe('the event loop goes on while texts are searched', { timeout: 60_000 }, () => {
  it.each(Object.keys(texts).flatMap((name) => patterns.map((pattern) => ({ name, pattern }))))(
    '$name for $pattern.match',
    async ({ name, pattern }) => {
      for (const limit of [0, 1000]) {
        const { delay, outcome } = await measureLoopDelay(async () =>
          search(texts[name] ?? Buffer.alloc(0), pattern, limit),
        );
        expect(outcome.status).toBe('fulfilled');
        expect(delay.processor).toBeLessThan(allowedDelay(delay));
      }
    },
  );
});
