import { pdf } from '../../src/embedded-nextcloud/seed/pdf.ts';

export const PAGES = 500;
export const bookNames = [
  'first',
  'second',
  'third',
  'fourth',
  'fifth',
  'sixth',
  'seventh',
  'eighth',
] as const;

/** A PDF of 500 pages of 50 lines, some 2 MB. */
export function book(title: string): Buffer {
  const line = (page: number, row: number): string =>
    `${title}, page ${page}, line ${row}: the quick brown fox jumps over the lazy dog`;
  return pdf(
    title,
    Array.from({ length: PAGES }, (_, page) =>
      Array.from({ length: 50 }, (__, row) => line(page + 1, row + 1)),
    ),
  );
}
