import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EmbeddedNextcloud } from '../../embedded-nextcloud/index.ts';

export interface StepAnswer {
  readonly isError: boolean;
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** One tool call of the demo, and the check of its result. */
export interface Step {
  readonly says: string;
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** What is wrong with the answer or the state of the Nextcloud; undefined if all is as expected. */
  readonly check: (answer: StepAnswer) => string | undefined;
}

const note = '# Shopping\n\n- flour\n- plums\n';
const oddNames = '/Projects/Odd names';

export function steps(cloud: EmbeddedNextcloud, downloads: string): Step[] {
  const home = cloud.home();
  const text = (path: string): string => home.get(path)?.toString('utf8') ?? '';
  const upload = join(downloads, 'holiday plan.txt');
  writeFileSync(upload, 'Two weeks at the lake.\n'.repeat(50_000));
  return [
    step('Does the connection work?', 'test_connection', {}, (answer) =>
      expect(answer.data['ok'] === true, 'the test failed'),
    ),
    step('Which files are there?', 'list_files', {}, (answer) =>
      expect(answer.data['total'] === 7, 'there must be 7 entries'),
    ),
    step(
      'What is in the projects folder, with its subfolders?',
      'list_files',
      { folder_path: '/Projects', depth: 3 },
      (answer) => expect(answer.text.includes('Garden/Plan.md'), 'the tree must show Garden/Plan.md'),
    ),
    step('Where is the rental agreement?', 'search_files', { query: 'rental' }, (answer) =>
      expect(answer.text.includes('/Documents/Rental agreement.pdf'), 'it must be found'),
    ),
    step(
      'Which invoices are PDF files?',
      'search_files',
      { query: '*.pdf', folder_path: '/Invoices', limit: 5 },
      (answer) =>
        expect(
          answer.data['complete'] === false && hits(answer) === 5,
          'the first five of more must be shown',
        ),
    ),
    step(
      'List two thousand scans, the newest first',
      'list_files',
      { folder_path: '/Archive/Scans', sort_by: 'modified', order: 'desc', limit: 3 },
      (answer) => expect(answer.data['total'] === 2000 && hits(answer) === 3, 'three of 2000 must be shown'),
    ),
    step(
      'Show all properties of one file',
      'get_file_info',
      { file_path: '/Documents/Rental agreement.pdf' },
      (answer) => expect(answer.data['favorite'] === true, 'it must be a favorite'),
    ),
    step('Read a note', 'read_file', { file_path: '/Notes/Plum cake.md' }, (answer) =>
      expect(answer.text.includes(text('/Notes/Plum cake.md').trim()), 'the whole note must be shown'),
    ),
    step(
      'Read the end of a long log, and not the rest',
      'read_file',
      { file_path: '/Archive/server.log', offset: -3 },
      (answer) => expect(answer.text.includes('request 74999 '), 'the last line must be shown'),
    ),
    step(
      'Read the first bytes of a picture',
      'read_file_bytes',
      { file_path: '/Photos/avatar.png', length: 8 },
      (answer) => expect(answer.text.includes('iVBORw0KGgo='), 'it must begin with the PNG signature'),
    ),
    step('Write a note', 'upload_file', { remote_path: '/Notes/Shopping.md', content: note }, () =>
      expect(text('/Notes/Shopping.md') === note, 'it must be stored as it was sent'),
    ),
    step(
      'Write to the same path, which must not replace the note',
      'upload_file',
      { remote_path: '/Notes/Shopping.md', content: 'oops' },
      (answer) =>
        expect(
          answer.isError && answer.text.startsWith('exists:') && text('/Notes/Shopping.md') === note,
          'it must be refused',
        ),
    ),
    step(
      'Replace it on request',
      'upload_file',
      { remote_path: '/Notes/Shopping.md', content: `${note}- sugar\n`, overwrite: true },
      (answer) =>
        expect(
          answer.data['replaced'] === true && text('/Notes/Shopping.md').endsWith('- sugar\n'),
          'it must be replaced',
        ),
    ),
    step('Create a folder in a folder', 'create_folder', { folder_path: '/Projects/Kitchen/Offers' }, () =>
      expect(home.exists('/Projects/Kitchen/Offers'), 'the folder must exist'),
    ),
    step(
      'Rename and move',
      'move_file',
      { source_path: '/Notes/Kitchen kick-off.md', destination_path: '/Projects/Kitchen/Kick-off.md' },
      () =>
        expect(
          home.exists('/Projects/Kitchen/Kick-off.md') && !home.exists('/Notes/Kitchen kick-off.md'),
          'the file must have moved',
        ),
    ),
    step(
      'Copy a folder on the server',
      'copy_file',
      { source_path: '/Projects/Garden', destination_path: '/Projects/Kitchen/Garden' },
      () =>
        expect(
          text('/Projects/Kitchen/Garden/Plan.md') === text('/Projects/Garden/Plan.md'),
          'the copy must be complete',
        ),
    ),
    step(
      'Delete a file with a # in its name',
      'delete_file',
      { file_path: `${oddNames}/todo/#todo.txt` },
      () =>
        expect(
          home.exists(`${oddNames}/todo`) && !home.exists(`${oddNames}/todo/#todo.txt`),
          'only this file must be deleted',
        ),
    ),
    step('Delete a file with a % in its name', 'delete_file', { file_path: `${oddNames}/a%20b.txt` }, () =>
      expect(
        home.exists(`${oddNames}/a b.txt`) && !home.exists(`${oddNames}/a%20b.txt`),
        'only this file must be deleted',
      ),
    ),
    step(
      'Download a file to this computer',
      'download_file',
      { remote_path: '/Archive/server.log', local_path: 'server.log' },
      () =>
        expect(
          digest(readFileSync(join(downloads, 'server.log'))) === digest(home.get('/Archive/server.log')),
          'it must be identical',
        ),
    ),
    step(
      'Upload a file from this computer',
      'upload_file',
      { remote_path: '/Documents/holiday plan.txt', source_path: upload },
      () =>
        expect(
          digest(home.get('/Documents/holiday plan.txt')) === digest(readFileSync(upload)),
          'it must be identical',
        ),
    ),
    step(
      'Try to leave the home folder, which must fail',
      'list_files',
      { folder_path: '/../../etc' },
      (answer) => expect(answer.isError && answer.text.startsWith('invalid_input:'), 'it must be refused'),
    ),
    step('Read a file that does not exist', 'read_file', { file_path: '/Notes/Secret.md' }, (answer) =>
      expect(answer.isError && answer.text.startsWith('not_found:'), 'the error must be not_found'),
    ),
  ];
}

function step(says: string, tool: string, args: Step['arguments'], check: Step['check']): Step {
  return { says, tool, arguments: args, check: (answer) => check(answer) };
}

function expect(condition: boolean, otherwise: string): string | undefined {
  return condition ? undefined : otherwise;
}

function hits(answer: StepAnswer): number {
  const { entries } = answer.data;
  return Array.isArray(entries) ? entries.length : 0;
}

function digest(bytes: Uint8Array | undefined): string {
  return createHash('sha256')
    .update(bytes ?? '')
    .digest('hex');
}
