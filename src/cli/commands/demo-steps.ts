import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EmbeddedNextcloud } from '../../embedded-nextcloud/index.ts';

export interface StepAnswer {
  readonly isError: boolean;
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** One thing an assistant does, and what must come of it. */
export interface Step {
  readonly says: string;
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** What is wrong with the answer or with the cloud after it; undefined when all is right. */
  readonly check: (answer: StepAnswer) => string | undefined;
}

const note = '# Shopping\n\n- flour\n- plums\n';
const page = '/Projects/Odd names';

export function steps(cloud: EmbeddedNextcloud, downloads: string): Step[] {
  const home = cloud.home();
  const text = (path: string): string => home.get(path)?.toString('utf8') ?? '';
  const upload = join(downloads, 'holiday plan.txt');
  writeFileSync(upload, 'Two weeks at the lake.\n'.repeat(50_000));
  return [
    step('Is the connection all right?', 'test_connection', {}, (answer) =>
      expect(answer.data['ok'] === true, 'the test failed'),
    ),
    step('What is there?', 'list_files', {}, (answer) =>
      expect(answer.data['total'] === 7, 'there must be 7 entries'),
    ),
    step(
      'And below the documents and projects?',
      'list_files',
      { folder_path: '/Projects', depth: 3 },
      (answer) => expect(answer.text.includes('Garden/Plan.md'), 'the tree must show Garden/Plan.md'),
    ),
    step('Where is the rental agreement?', 'search_files', { query: 'rental' }, (answer) =>
      expect(answer.text.includes('/Documents/Rental agreement.pdf'), 'it must be found'),
    ),
    step(
      'Which invoices came as PDF?',
      'search_files',
      { query: '*.pdf', folder_path: '/Invoices', limit: 5 },
      (answer) =>
        expect(answer.data['complete'] === false && hits(answer) === 5, 'five of more must be shown'),
    ),
    step(
      'Two thousand scans, the newest first',
      'list_files',
      { folder_path: '/Archive/Scans', sort_by: 'modified', order: 'desc', limit: 3 },
      (answer) => expect(answer.data['total'] === 2000 && hits(answer) === 3, 'three of 2000 must be shown'),
    ),
    step(
      'Everything about one file',
      'get_file_info',
      { file_path: '/Documents/Rental agreement.pdf' },
      (answer) => expect(answer.data['favorite'] === true, 'it must be a favorite'),
    ),
    step('Read a note', 'read_file', { file_path: '/Notes/Plum cake.md' }, (answer) =>
      expect(answer.text.includes(text('/Notes/Plum cake.md').trim()), 'the note must be there whole'),
    ),
    step(
      'The end of a long log, without reading it all',
      'read_file',
      { file_path: '/Archive/server.log', offset: -3 },
      (answer) => expect(answer.text.includes('request 74999 '), 'the last line must be there'),
    ),
    step(
      'The first bytes of a picture',
      'read_file_bytes',
      { file_path: '/Photos/avatar.png', length: 8 },
      (answer) => expect(answer.text.includes('iVBORw0KGgo='), 'it must begin as a PNG'),
    ),
    step('Write a note', 'upload_file', { remote_path: '/Notes/Shopping.md', content: note }, () =>
      expect(text('/Notes/Shopping.md') === note, 'it must be stored as it was sent'),
    ),
    step(
      'The same again must not replace it',
      'upload_file',
      { remote_path: '/Notes/Shopping.md', content: 'oops' },
      (answer) =>
        expect(
          answer.isError && answer.text.startsWith('exists:') && text('/Notes/Shopping.md') === note,
          'it must be refused',
        ),
    ),
    step(
      'Unless it is meant',
      'upload_file',
      { remote_path: '/Notes/Shopping.md', content: `${note}- sugar\n`, overwrite: true },
      (answer) =>
        expect(
          answer.data['replaced'] === true && text('/Notes/Shopping.md').endsWith('- sugar\n'),
          'it must be replaced',
        ),
    ),
    step('Make a folder in a folder', 'create_folder', { folder_path: '/Projects/Kitchen/Offers' }, () =>
      expect(home.exists('/Projects/Kitchen/Offers'), 'it must be there'),
    ),
    step(
      'Rename and move',
      'move_file',
      { source_path: '/Notes/Kitchen kick-off.md', destination_path: '/Projects/Kitchen/Kick-off.md' },
      () =>
        expect(
          home.exists('/Projects/Kitchen/Kick-off.md') && !home.exists('/Notes/Kitchen kick-off.md'),
          'it must have moved',
        ),
    ),
    step(
      'Copy a folder on the server',
      'copy_file',
      { source_path: '/Projects/Garden', destination_path: '/Projects/Kitchen/Garden' },
      () =>
        expect(
          text('/Projects/Kitchen/Garden/Plan.md') === text('/Projects/Garden/Plan.md'),
          'the copy must be whole',
        ),
    ),
    step('A name that breaks careless clients', 'delete_file', { file_path: `${page}/todo/#todo.txt` }, () =>
      expect(
        home.exists(`${page}/todo`) && !home.exists(`${page}/todo/#todo.txt`),
        'the file alone must be gone',
      ),
    ),
    step('And its cousin', 'delete_file', { file_path: `${page}/a%20b.txt` }, () =>
      expect(
        home.exists(`${page}/a b.txt`) && !home.exists(`${page}/a%20b.txt`),
        'the file alone must be gone',
      ),
    ),
    step(
      'Put a file on this computer',
      'download_file',
      { remote_path: '/Archive/server.log', local_path: 'server.log' },
      () =>
        expect(
          digest(readFileSync(join(downloads, 'server.log'))) === digest(home.get('/Archive/server.log')),
          'it must be identical',
        ),
    ),
    step(
      'And send one from it',
      'upload_file',
      { remote_path: '/Documents/holiday plan.txt', source_path: upload },
      () =>
        expect(
          digest(home.get('/Documents/holiday plan.txt')) === digest(readFileSync(upload)),
          'it must be identical',
        ),
    ),
    step('Leave the home folder? No.', 'list_files', { folder_path: '/../../etc' }, (answer) =>
      expect(answer.isError && answer.text.startsWith('invalid_input:'), 'it must be refused'),
    ),
    step('Look for what is not there', 'read_file', { file_path: '/Notes/Secret.md' }, (answer) =>
      expect(answer.isError && answer.text.startsWith('not_found:'), 'it must say so'),
    ),
  ];
}

function step(says: string, tool: string, args: Step['arguments'], check: Step['check']): Step {
  return { says, tool, arguments: args, check: (answer) => check(answer) };
}

function expect(right: boolean, otherwise: string): string | undefined {
  return right ? undefined : otherwise;
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
