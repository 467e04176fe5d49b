import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Entry } from '../../src/files/entry/entry.ts';
import { LinePage } from '../../src/files/lines/line-page.ts';
import { LineReader } from '../../src/files/lines/line-reader.ts';
import { fitting, MAX_CURSOR_CHARS, room, weight } from '../../src/files/entry/cursor.ts';
import { hitsText, listingText } from '../../src/tools/render/layout.ts';
import { part, TIMEOUT } from './runs.ts';

const unit = fc.constantFrom(...('ab"\\ \u00fc\u200b\u202e\u{1f600}\u2028'.match(/[^]/gu) ?? []));
const name = fc.string({ unit, minLength: 1, maxLength: 80 });
const entry: fc.Arbitrary<Entry> = fc.record({
  name,
  path: fc.array(name, { minLength: 1, maxLength: 5 }).map((parts) => `/${parts.join('/')}`),
  type: fc.constantFrom('file' as const, 'directory' as const),
  size: fc.nat(),
  modified: fc.constant('2026-01-31T08:00:00Z'),
  etag: fc.constant('0123456789abc'),
});

describe('results fit their budget', { timeout: TIMEOUT }, () => {
  test('a page of entries, as text and as structured content', () => {
    fc.assert(
      fc.property(
        fc.array(entry, { maxLength: 60 }),
        name,
        fc.integer({ min: 2000, max: 12_000 }),
        fc.integer({ min: 1, max: 50 }),
        (entries, folder, maxChars, count) => {
          const shown = fitting(entries, count, room(maxChars, `/${folder}`));
          const page = {
            folder_path: `/${folder}`,
            entries: shown,
            total: entries.length,
            complete: false,
            next_cursor: 'x'.repeat(MAX_CURSOR_CHARS),
          };
          expect(shown).toEqual(entries.slice(0, shown.length));
          expect(shown.length).toBeLessThanOrEqual(count);
          expect(shown.length > 0 || entries.length === 0).toBe(true);
          // One entry is always given, so that a list can go on.
          if (shown.length <= 1) return;
          for (const text of [
            JSON.stringify(page),
            listingText(page, 1),
            listingText(page, 3),
            hitsText(page),
          ])
            expect(text.length).toBeLessThanOrEqual(maxChars);
        },
      ),
      part(0.02),
    );
  });

  test('an entry is never laid out longer than it weighs', () => {
    fc.assert(
      fc.property(entry, (one) => {
        const page = { folder_path: '/', entries: [one], total: 1, complete: true };
        const frame = listingText({ ...page, entries: [] }, 1).length;
        return hitsText(page).length - frame <= weight(one) + 20;
      }),
      part(0.05),
    );
  });

  const text = fc.string({
    unit: fc.constantFrom('a', 'b', '\n', '\r', '\r\n', 'x'.repeat(900)),
    maxLength: 200,
  });

  test('lines of a text: the right ones, whole, within the characters', () => {
    fc.assert(
      fc.property(
        text,
        fc.nat({ max: 20 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 200, max: 5000 }),
        fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 5 }),
        (whole, skip, count, chars, cuts) => {
          const page = new LinePage({ skip, count, chars });
          const reader = new LineReader({ take: page.take, maxLineChars: page.maxLineChars });
          const bytes = Buffer.from(whole);
          let isWanted = true;
          for (let at = 0, turn = 0; at < bytes.length && isWanted; turn++) {
            const size = cuts[turn % cuts.length] ?? 1;
            isWanted = reader.write(bytes.subarray(at, at + size));
            at += size;
          }
          if (isWanted) reader.end();
          const lines = whole.split(/\r\n|\n|\r/);
          if (lines.at(-1) === '') lines.pop();
          const wanted = lines.slice(skip, skip + count);
          const got = page.lines;
          expect(got.join('\n').length).toBeLessThanOrEqual(chars);
          expect(got.length).toBeLessThanOrEqual(wanted.length);
          expect(got.length > 0 || wanted.length === 0).toBe(true);
          for (const [index, line] of got.entries()) {
            const cut = line.indexOf(' [... ');
            if (cut === -1) expect(line).toBe(wanted[index]);
            else expect(wanted[index]?.startsWith(line.slice(0, cut))).toBe(true);
          }
        },
      ),
      part(0.05),
    );
  });
});
