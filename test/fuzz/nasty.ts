import * as fc from 'fast-check';

/** Where the fuzzed account lives. */
export const ORIGIN = 'https://cloud.test';
export const ROOT_PATH = '/nextcloud';
export const USER = 'demo';
export const BASE = `${ROOT_PATH}/remote.php/dav/files/${USER}`;

const climbing = [
  '..',
  '.',
  '...',
  '%2e%2e',
  '%2E.',
  '.%2e',
  '%252e%252e',
  '%25252e',
  '%c0%ae%c0%ae',
  '%uff0e%uff0e',
  '\uff0e\uff0e',
  '\u2024\u2024',
  '\u2025',
  '..;',
  '..\u0000',
  '..%00',
  '..\\',
  '\\..',
  '..\u200b',
  ' ..',
  '.. ',
  '..\u0301',
];
const separators = ['/', '//', '\\', '%2f', '%2F', '%5c', '%252f', '\u2215', '\u2044', '\uff0f', ';/', '/./'];
const special = [
  '#',
  '?',
  '%',
  '&',
  '+',
  ';',
  ':',
  '@',
  '=',
  '*',
  '"',
  "'",
  '<',
  '>',
  '|',
  '~',
  '$',
  '`',
  '!',
];
const control = ['\u0000', '%00', '\r\n', '%0d%0a', '\t', '\u007f', '\u0085', '\u2028', '\u202e', '\ufeff'];
const names = [
  'bob',
  'alice',
  'demo',
  'files',
  'remote.php',
  'dav',
  'trashbin',
  'Work',
  'Shared',
  'Team',
  'Private',
  'secret.zip!',
  'a b',
  'u\u0308',
  '\u00fc',
  'e\u0301\u0327',
  '\u212b',
  '\u{1f600}',
  '\ud800',
  '\udc00',
  '%20',
  'a%20b',
  '#todo.txt',
  'q?x',
  '.htaccess',
  'CON',
  'x.part',
];

const piece = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...climbing) },
  { weight: 5, arbitrary: fc.constantFrom(...names) },
  { weight: 2, arbitrary: fc.constantFrom(...special) },
  { weight: 1, arbitrary: fc.constantFrom(...control) },
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 4 }) },
);

const separator = fc.oneof(
  { weight: 6, arbitrary: fc.constant('/') },
  { weight: 2, arbitrary: fc.constantFrom(...separators) },
);

const bare = fc
  .array(fc.tuple(separator, piece), { minLength: 1, maxLength: 7 })
  .map((parts) => parts.map(([before, text]) => before + text).join(''));

const rooted = fc
  .tuple(fc.constantFrom('/Work', '/Shared/Team', 'Work', '/Work/deep', '/', ''), bare)
  .map(([root, rest]) => root + rest);

const prefixes = [
  `${ORIGIN}${BASE}`,
  `${ORIGIN}${ROOT_PATH}/remote.php/webdav`,
  `${ORIGIN}${ROOT_PATH}/remote.php/dav/files/bob`,
  `${ORIGIN}${ROOT_PATH}/index.php/apps/files/?dir=`,
  `${ORIGIN}${ROOT_PATH}/apps/files/files/7?openfile=`,
  `${ORIGIN}${ROOT_PATH}/f/`,
  ORIGIN,
  'https://evil.test/nextcloud/remote.php/dav/files/demo',
  `https://cloud.test@evil.test${BASE}`,
  `HTTPS://CLOUD.TEST${BASE}`,
  'nextcloud://',
  'nextcloud:/',
  'file://',
  'http:',
];

const pasted = fc
  .tuple(fc.constantFrom(...prefixes), fc.oneof(bare, rooted), fc.boolean())
  .map(([prefix, rest, encode]) => prefix + (encode && rest.isWellFormed() ? encodeURI(rest) : rest));

/** Strings that try to be somewhere else. */
export const nastyPath = fc.oneof(
  { weight: 4, arbitrary: bare },
  { weight: 4, arbitrary: rooted },
  { weight: 2, arbitrary: pasted },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
);
