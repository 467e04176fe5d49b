import { megabytes, oneCall } from './attack.ts';
import type { Attack, Group, Prepare } from './attack.ts';

const NAMES = 2000;

/** Names that match all but the end of a pattern. */
const manyNames: Prepare = (home) => {
  for (let index = 0; index < NAMES; index++)
    home.put(`/globs/${'a'.repeat(200)}${index}.txt`, 'a line of text');
};

const patterns: Readonly<Record<string, string>> = {
  '30 stars': `${'*a'.repeat(30)}*[c]`,
  '120 stars': `${'a*'.repeat(120)}c`,
  '40 times **': `${'**/'.repeat(40)}c`,
  '60 sets': `${'[a-z]*'.repeat(60)}[0]`,
  '20 braces': `${'{a,b}'.repeat(20)}*`,
  'nested braces': `${'{a,'.repeat(60)}${'}'.repeat(60)}`,
  '100 question marks': `${'?'.repeat(100)}*?*?*c`,
  'open brackets': '['.repeat(900),
  '1,000 characters': 'ab*'.repeat(333),
  '4 MB of stars': megabytes(4, '*a'),
  '4 MB of braces': megabytes(4, '{a,b}'),
  '4 MB of letters': megabytes(4),
};

const attacks: Attack[] = Object.entries(patterns).flatMap(([name, pattern]) => [
  oneCall(`query of ${name}`, 'search_files', { query: pattern, folder_path: '/globs' }),
  oneCall(`file_glob of ${name}`, 'search_file_contents', {
    pattern: 'nothing of this',
    file_glob: pattern,
    folder_path: '/globs',
  }),
]);

/** Rules of access, which look at every name of a listing. */
const rules: Readonly<Record<string, string>> = {
  '12 times **': '**/a/**/b/**/c/**/d/**/e/**/f/**/g/**/h/**/i/**/j/**/k/**/[l]',
  '30 stars': patterns['30 stars'] ?? '',
  braces: '**/{.ssh,.gnupg,*a*a*a*a*[c]}',
};

for (const [name, rule] of Object.entries(rules))
  attacks.push(
    oneCall(
      `NEXTCLOUD_DENY of ${name}`,
      'list_files',
      { folder_path: '/globs', depth: 3 },
      {
        env: { NEXTCLOUD_DENY: rule },
      },
    ),
  );

export const globs: Group = {
  attacks: attacks.map((attack) => ({ ...attack, prepare: manyNames })),
};
