import { megabytes } from './attack.ts';
import type { Attack, Group } from './attack.ts';

type Edit = Readonly<{ old_text: string; new_text: string; replace_all?: boolean }>;

const line = (index: number): string => `This is line ${index} of the text`;
const text = (lines: number): string => Array.from({ length: lines }, (_, index) => line(index)).join('\n');
const one = (old_text: string, new_text = 'x', replace_all = false): Edit[] => [
  { old_text, new_text, ...(replace_all ? { replace_all } : {}) },
];

const cases: readonly (readonly [name: string, content: () => string, edits: () => Edit[]])[] = [
  [
    '20,000 edits',
    () => text(20_000),
    () => Array.from({ length: 20_000 }, (_, index) => ({ old_text: line(index), new_text: `x ${index}` })),
  ],
  [
    '5,000 edits',
    () => text(20_000),
    () =>
      Array.from({ length: 5000 }, (_, index) => ({
        old_text: `${line(index)}\n`,
        new_text: `x ${index}\n`,
      })),
  ],
  [
    '5,000 edits of which the last is missing',
    () => text(20_000),
    () =>
      Array.from({ length: 5000 }, (_, index) => ({
        old_text: index === 4999 ? 'This is line 7777 of the test' : `${line(index)}\n`,
        new_text: 'x',
      })),
  ],
  ['50,000 missing lines', () => text(50_000), () => one(text(50_000).replaceAll('line', 'lime'))],
  ['5,000 missing lines', () => text(50_000), () => one(text(5000).replaceAll('line', 'lime'))],
  ['a missing part of 4 MB', () => megabytes(4, 'ab'), () => one(megabytes(3, 'ba ab'))],
  ['a missing letter in one line of 10 MB', () => megabytes(10, 'ab'), () => one('abababababac')],
  ['everything is replaced', () => text(100_000), () => one('line', 'lines', true)],
  ['every letter is replaced by 1,000', () => megabytes(1, 'ab'), () => one('a', 'x'.repeat(1000), true)],
  [
    '5,000 edits, each of every letter',
    () => text(5000),
    () =>
      Array.from({ length: 5000 }, (_, index) => ({
        old_text: 'e',
        new_text: index % 2 ? 'e' : 'ee',
        replace_all: true,
      })),
  ],
  ['ambiguous in 1,000,000 places', () => megabytes(2, 'a\n'), () => one('a\na')],
  ['lines that end in CR', () => megabytes(4, 'a line\r'), () => one('a lime\r'.repeat(5000))],
  ['letters with marks', () => megabytes(1, 'a\u0301\u0302'), () => one('\u0301a\u0301')],
];

const attacks: Attack[] = cases.flatMap(([name, content, edits], index) => {
  const file_path = `/edits/${index}.txt`;
  return [
    {
      name,
      prepare: (home) => home.put(file_path, content()),
      blows: () => [
        { tool: 'edit_file', args: { file_path, edits: edits(), dry_run: true } },
        { tool: 'edit_file', args: { file_path, edits: edits() } },
      ],
    },
  ];
});

export const edits: Group = { attacks };
