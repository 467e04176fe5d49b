import { errorText } from '../../errors.ts';
import type { AppError } from '../../errors.ts';
import type { Note, Remedy } from '../../remedy.ts';
import { escapeLine } from '../../text/foreign-text.ts';
import { name as program } from '../../version.ts';

/** What to do next in the words of an assistant: it calls tools and passes parameters. */

type Words = { readonly [K in Remedy['kind']]: (remedy: Extract<Remedy, { kind: K }>) => string };

const keeping = {
  version: ' (Nextcloud keeps the old version)',
  trash: ' (the old one goes to the trash)',
} as const;

const without = {
  offset: 'Leave offset out.',
  at: 'Leave at out.',
  regex: 'With match: text it is looked for as it is.',
  'if-match': 'Leave if_match out to create it again.',
} as const;

const shownBy = {
  files: 'get_file_info or list_files',
  comments: 'list_comments',
  shares: 'list_shares',
  tags: 'list_tags',
  trash: 'list_trash and list_files',
  versions: 'get_file_info and list_versions',
} as const;

const words: Words = {
  'correct-settings': () => 'Correct them in the settings of the assistant, then restart the server.',
  'set-up': ({ missing }) =>
    `The person can sign in once with \`npx ${program} login https://cloud.example.com\` in a terminal, or set ${missing.join(', ')} in the settings of the assistant. Then restart the server.`,
  'check-connection': () => 'Check the connection with test_connection.',
  list: ({ folder }) =>
    folder === undefined
      ? 'list_files shows what is there.'
      : `list_files of ${JSON.stringify(folder)} or search_files shows what is there.`,
  'list-contents': () => 'Use list_files to see what is in it.',
  info: () => 'Use get_file_info or read_file.',
  'verify-change': ({ place }) => `Look with ${shownBy[place ?? 'files']} before you repeat it.`,
  'unseen-link': () =>
    'If it was, nobody has seen the link and it ends by itself. A new call makes another one.',
  'create-folder': () => 'Create it with create_folder, then try again.',
  overwrite: ({ keeps }) =>
    `To replace it, pass overwrite: true${keeps === undefined ? '' : keeping[keeps]}.`,
  'upload-again': () => 'Upload it again with overwrite: true.',
  'replace-file': () => 'Replace the file as a whole with upload_file and overwrite: true.',
  read: () => 'Read the file again with read_file.',
  'read-sheet': () => 'Pass sheet to read another.',
  'read-on': ({ offset }) => `There is more: go on with offset=${offset}.`,
  'read-on-at': ({ at }) => `There is more: go on with at=${at}.`,
  'read-bytes': ({ preview }) =>
    `read_file_bytes gives its bytes, download_file stores it on this computer${preview ? ', as=image shows it where the server has a preview' : ''}.`,
  'read-whole-lines': ({ lines }) => `read_file_bytes returns ${lines === 1 ? 'it' : 'them'} whole.`,
  download: () => 'download_file stores it on this computer.',
  'list-trash': () => 'list_trash shows what is there.',
  'list-versions': () => 'list_versions shows those there are.',
  'restore-version': () => 'Look at it in Nextcloud, or make it the present one with restore_version.',
  'list-changes': () => 'undo without an argument lists the changes.',
  'list-shares': () => 'list_shares shows those there are.',
  'list-tags': () => 'list_tags shows those there are.',
  'list-transfers': () => 'transfer_status without an id lists them.',
  'free-destination': () => 'Name a free destination_path.',
  'replace-all': () => 'To replace them all, pass replace_all: true.',
  'next-page': ({ cursor }) => `There is more: go on with cursor="${cursor}".`,
  'restart-listing': () =>
    'Pass next_cursor of the previous answer with the same parameters, or leave cursor out to start anew.',
  omit: ({ option }) => without[option],
};

export function remedyText(remedy: Remedy): string {
  const say = words[remedy.kind] as (remedy: Remedy) => string;
  return escapeLine(say(remedy));
}

/** `code: what happened. what to do next` */
export function failureText(error: AppError): string {
  return errorText(error, remedyText);
}

export function noteText(note: Note): string {
  if (typeof note === 'string') return note;
  return [note.text, remedyText(note.remedy)].filter((text) => text !== undefined).join(' ');
}
