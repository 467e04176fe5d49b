import { megabytes, oneCall } from './attack.ts';
import type { Attack, Group, Prepare } from './attack.ts';

/** Texts that are hard to search or to read, by the name of the file. */
const texts: Readonly<Record<string, () => string>> = {
  'one endless line of 4 MB': () => megabytes(4, 'a'),
  'one endless line of 20 MB': () => megabytes(20, 'ab '),
  '1,000 lines of 4 KB': () => `${'a'.repeat(4000)}\n`.repeat(1000),
  '4 MB of lines that end in CR': () => megabytes(4, 'a line\r'),
  '4 MB of line ends': () => megabytes(4, '\n'),
  '4 MB of CR and LF': () => megabytes(4, '\r\n'),
  '4 MB of lines of one letter': () => megabytes(4, 'a\n'),
  '2 MB of letters with marks': () => megabytes(2, 'a\u0301\u0302'),
  '2 MB of emoji': () => megabytes(2, '\u{1F469}\u200D\u{1F467}'),
};

const patterns: Readonly<Record<string, string>> = {
  'nested repeats': '(a+)+$',
  'nested stars': '((a*)*)*b',
  'any before any': '.*.*.*.*.*x',
  'counted repeats': '(a{1,30}){1,30}b',
  '5 KB of alternatives': `(${'a|aa|'.repeat(1000)}b)+c`,
  '5 KB of optional letters': `${'a?'.repeat(2000)}${'a'.repeat(1000)}`,
  'a class of letters': '(\\p{L}|\\p{M}|[^\\x00])*x',
  '1 MB of pattern': megabytes(1, '(a|b)*'),
};

const folder = (index: number): string => `/regexes/${index}`;

const attacks: Attack[] = Object.entries(texts).flatMap(([name, text], index) => {
  const prepare: Prepare = (home) => home.put(`${folder(index)}/text.txt`, text());
  const file_path = `${folder(index)}/text.txt`;
  const search = (pattern: string, regex: boolean, more: Record<string, unknown> = {}) => ({
    tool: 'search_file_contents',
    args: { pattern, regex, folder_path: folder(index), ...more },
  });
  return [
    {
      name: `text in ${name}`,
      prepare,
      blows: () => [
        search('a', false, { context_lines: 10, limit: 1000 }),
        search('missing', false),
        search('A', false, { case_sensitive: false }),
        search(megabytes(4, 'a'), false),
        search('\n', false),
        search(`${'a'.repeat(5000)}b`, false),
      ],
    },
    {
      name: `expressions in ${name}`,
      prepare,
      blows: () => Object.values(patterns).map((pattern) => search(pattern, true)),
    },
    {
      name: `reading ${name}`,
      prepare,
      blows: () =>
        [{}, { offset: -1 }, { offset: 1_000_000 }, { limit: 5000 }, { offset: -2000, limit: 2000 }].map(
          (args) => ({ tool: 'read_file', args: { file_path, ...args } }),
        ),
    },
  ];
});

export const regexes: Group = {
  attacks: [...attacks, oneCall('a query of 4 MB', 'search_files', { query: megabytes(4, 'ab ') })],
};
