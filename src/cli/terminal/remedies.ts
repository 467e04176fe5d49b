import { options } from '../../config/options.ts';
import { errorText } from '../../errors.ts';
import type { AppError } from '../../errors.ts';
import type { Remedy } from '../../remedy.ts';
import { escapeLine } from '../../text/foreign-text.ts';
import { asTyped, program } from './program.ts';
import { shellQuoted } from './shell-lines.ts';

/** What to do next in the words of a person at a terminal: a command, a flag, or Nextcloud's own pages. */

type Words = { readonly [K in Remedy['kind']]: (remedy: Extract<Remedy, { kind: K }>) => string };

const wholeFile = (): string => `Replace the file as a whole with ${program} put --overwrite.`;
const download = (): string => `${program} get stores it on this computer.`;

const keeping = {
  version: ' (Nextcloud keeps the old version)',
  trash: ' (the old one goes to the trash)',
} as const;

const without = {
  offset: 'Read it from the start.',
  at: 'Read it from the start.',
  regex: 'Look for the text as it is.',
  'if-match': 'It can be created again.',
} as const;

const words: Words = {
  // Each of the problems says how it is corrected.
  'correct-settings': () => `${program} doctor checks the settings.`,
  'set-up': ({ missing }) => setUp(missing),
  'check-connection': () => `Check the connection with ${program} doctor.`,
  list: ({ folder = '/' }) => `${program} ls ${shellQuoted(folder)} shows what is there.`,
  'list-contents': () => 'Name a file in it.',
  info: () => 'Choose another place.',
  'verify-change': () => 'Look in Nextcloud before you repeat it.',
  'unseen-link': () => 'If it was, nobody has seen the link and it ends by itself.',
  'create-folder': () => 'Create it in Nextcloud, then try again.',
  overwrite: ({ keeps }) => `To replace it, add --overwrite${keeps === undefined ? '' : keeping[keeps]}.`,
  'upload-again': () => 'Upload it again with --overwrite.',
  'replace-file': wholeFile,
  read: () => 'Read the file again.',
  'read-sheet': () => 'Name the sheet to read another.',
  'read-on': ({ offset }) => `There is more, from ${offset} on.`,
  'read-on-at': () => 'There is more.',
  'read-bytes': download,
  'read-whole-lines': () => `${program} get stores the whole file on this computer.`,
  download,
  'list-trash': () => 'Look under "Deleted files" in Nextcloud.',
  'list-versions': () => "Look under Versions in Nextcloud's sidebar.",
  'restore-version': () => "Restore it from Versions in Nextcloud's sidebar.",
  'list-changes': () => `${program} changes lists them.`,
  'list-shares': () => "Look under Sharing in Nextcloud's sidebar.",
  'list-tags': () => 'Look under Tags in Nextcloud.',
  'list-transfers': () => 'The same command takes a transfer up again.',
  'free-destination': () => 'Name another place that is free.',
  'replace-all': () => 'Or replace them all.',
  'next-page': () => 'There is more.',
  'restart-listing': () => 'Start anew.',
  omit: ({ option }) => without[option],
};

/** The easiest way first: nobody needs to type a password. */
function setUp(missing: readonly string[]): string {
  const variables = missing.map((name) => {
    const option = options.find(({ env }) => env === name);
    return `  ${name.padEnd(20)}${option?.example ?? ''}`;
  });
  return [
    '',
    '',
    'Sign in once with your browser:',
    `  ${program} login https://cloud.example.com`,
    '',
    `Or set ${missing.length === 1 ? 'this variable' : 'these variables'}, for example:`,
    ...variables,
    'The password is an app password, which you create in Nextcloud under Settings, Security, Devices & sessions.',
  ].join('\n');
}

export function remedyWords(remedy: Remedy): string {
  const say = words[remedy.kind] as (remedy: Remedy) => string;
  // The lines of this one are all our own.
  return remedy.kind === 'set-up' ? setUp(remedy.missing) : escapeLine(say(remedy));
}

/** `code: what happened. what to do next`, without a full stop that would be copied with an address. */
export function failureWords(error: AppError): string {
  const text = errorText(error, remedyWords).replace(/ +\n/g, '\n');
  return asTyped(text.replace(/(https?:\/\/\S+)\.$/, '$1'));
}
