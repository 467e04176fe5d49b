import type { StoredContent } from '../store/content.ts';

/**
 * A text of `count` lines. A line is made when it is read. All lines have the same length, so that any position can be
 * read without making the lines before it.
 */
export function lines(count: number, line: (index: number) => string, width = 96): StoredContent {
  const make = (index: number): string =>
    `${line(index)
      .slice(0, width - 1)
      .padEnd(width - 1)}\n`;
  const size = count * width;
  return {
    size,
    slice(start, end) {
      const first = Math.floor(start / width);
      const last = Math.min(count, Math.ceil(end / width));
      let text = '';
      for (let index = first; index < last; index++) text += make(index);
      return Buffer.from(text, 'latin1').subarray(start - first * width, Math.min(end, size) - first * width);
    },
  };
}
