import type { Case } from './case.ts';
import { body, changed, entryPaths, must } from './case.ts';
import { book, dot, draft, hash, letter, photo } from './scene.ts';

const bookLines = book.split('\n');

const tookBack: Case['wrong'] = ({ data }) =>
  must(data['change'] === 'u1' && data['kept'] === undefined, 'not taken back');

/** Calls of the tools for files. */
export const fileCases: readonly Case[] = [
  {
    tool: 'test_connection',
    what: 'all',
    args: {},
    verb: 'GET',
    wrong: ({ data }) => must((data['user'] as { id: string } | undefined)?.id === 'demo', 'another user'),
  },
  {
    tool: 'list_files',
    what: 'a folder',
    args: { folder_path: '/Docs' },
    verb: 'PROPFIND',
    wrong: ({ data }) =>
      must(
        entryPaths(data) === '/Docs/Sub /Docs/book.txt /Docs/letter.txt /Docs/photo.bin' &&
          data['complete'] === true,
        entryPaths(data),
      ),
  },
  {
    tool: 'get_file_info',
    what: 'a file',
    args: { file_path: '/Docs/letter.txt' },
    verb: 'PROPFIND',
    wrong: ({ data }) =>
      must(data['size'] === letter.length && data['path'] === '/Docs/letter.txt', JSON.stringify(data)),
  },
  {
    tool: 'read_file',
    what: 'a page of a long text',
    args: { file_path: '/Docs/book.txt', offset: 9000, limit: 3 },
    verb: 'GET',
    wrong: ({ text }) => must(body(text) === bookLines.slice(8999, 9002).join('\n'), body(text)),
  },
  {
    tool: 'read_file',
    what: 'the end',
    args: { file_path: '/Docs/book.txt', offset: -3 },
    verb: 'GET',
    wrong: ({ text }) => must(body(text) === bookLines.slice(-3).join('\n'), body(text)),
  },
  {
    tool: 'read_file',
    what: 'whole',
    args: { file_path: '/Docs/letter.txt' },
    verb: 'GET',
    wrong: ({ text }) => must(body(text) === letter, body(text)),
  },
  {
    tool: 'read_file_bytes',
    what: 'a range',
    args: { file_path: '/Docs/photo.bin', offset: 100_001, length: 50_000 },
    verb: 'GET',
    wrong: ({ text }) =>
      must(body(text) === photo.subarray(100_001, 150_001).toString('base64'), body(text).slice(0, 50)),
  },
  {
    tool: 'read_file',
    what: 'a picture',
    args: { file_path: '/Pictures/dot.png' },
    verb: 'GET',
    wrong: ({ text }) => must(text.endsWith(`\n${dot.toString('base64')}`), text.slice(0, 300)),
  },
  {
    tool: 'search_file_contents',
    what: 'a word',
    args: { pattern: 'Line 7 of', folder_path: '/Docs', file_glob: 'letter.txt' },
    verb: 'GET',
    wrong: ({ text }) =>
      must(
        text.includes('Line 7 of the letter') ||
          /^Not searched: could not be read \(\w+\): \/Docs\/letter\.txt\.$/m.test(text),
        text,
      ),
  },
  {
    tool: 'search_files',
    what: 'by name',
    args: { query: '*.txt', folder_path: '/Docs' },
    verb: 'SEARCH',
    wrong: ({ data }) =>
      must(
        entryPaths(data) === '/Docs/book.txt /Docs/Sub/inner.txt /Docs/letter.txt /Docs/Sub/other.txt' &&
          data['complete'] === true,
        entryPaths(data),
      ),
  },
  {
    tool: 'upload_file',
    what: 'a new text',
    args: { remote_path: '/Docs/new.txt', content: book },
    verb: 'PUT',
    wrong: ({ data }) => must(data['created'] === true && data['path'] === '/Docs/new.txt', 'not created'),
    remote: changed({ '/Docs/new.txt': hash(book) }),
  },
  {
    tool: 'upload_file',
    what: 'in place of an older one',
    args: { remote_path: '/Docs/letter.txt', content: book, overwrite: true },
    verb: 'PUT',
    wrong: ({ data }) => must(data['replaced'] === true, 'not replaced'),
    remote: changed({ '/Docs/letter.txt': hash(book) }),
  },
  {
    tool: 'upload_file',
    what: 'from the disk',
    args: { remote_path: '/Docs/draft.bin', source_path: 'draft.bin' },
    verb: 'PUT',
    wrong: ({ data }) =>
      must(data['created'] === true && data['checksum'] === `SHA256:${hash(draft)}`, 'other checksum'),
    remote: changed({ '/Docs/draft.bin': hash(draft) }),
  },
  {
    tool: 'edit_file',
    what: 'a line',
    args: { file_path: '/Docs/letter.txt', edits: [{ old_text: 'Line 7 of', new_text: 'Row 7 of' }] },
    verb: 'PUT',
    wrong: ({ text }) => must(/^\/Docs\/letter\.txt \| edited \|[^]*\n\+Row 7 of/.test(text), text),
    remote: changed({ '/Docs/letter.txt': hash(letter.replace('Line 7 of', 'Row 7 of')) }),
  },
  {
    tool: 'create_folder',
    what: 'with its parent',
    args: { folder_path: '/Docs/A/B' },
    verb: 'MKCOL',
    wrong: ({ data }) => must(data['created'] === true, 'not created'),
    remote: changed({ '/Docs/A': 'folder', '/Docs/A/B': 'folder' }),
    parts: [{ tree: changed({ '/Docs/A': 'folder' }), told: false }],
    effects: 2,
  },
  {
    tool: 'create_folder',
    what: 'that is there already',
    args: { folder_path: '/Docs/Sub' },
    verb: 'MKCOL',
    wrong: ({ data }) => must(data['created'] === false, 'said to be new'),
  },
  {
    tool: 'move_file',
    what: 'a file',
    args: { source_path: '/Docs/letter.txt', destination_path: '/Docs/Sub/letter.txt' },
    verb: 'MOVE',
    wrong: ({ data }) => must(data['path'] === '/Docs/Sub/letter.txt', 'elsewhere'),
    remote: changed({ '/Docs/Sub/letter.txt': hash(letter) }, ['/Docs/letter.txt']),
  },
  {
    tool: 'move_file',
    what: 'onto another file',
    args: { source_path: '/Docs/letter.txt', destination_path: '/Docs/Sub/inner.txt', overwrite: true },
    verb: 'MOVE',
    wrong: ({ data }) => must(data['path'] === '/Docs/Sub/inner.txt', 'elsewhere'),
    remote: changed({ '/Docs/Sub/inner.txt': hash(letter) }, ['/Docs/letter.txt']),
  },
  {
    tool: 'copy_file',
    what: 'a file',
    args: { source_path: '/Docs/photo.bin', destination_path: '/Docs/Sub/photo.bin' },
    verb: 'COPY',
    wrong: ({ data }) => must(data['path'] === '/Docs/Sub/photo.bin', 'elsewhere'),
    remote: changed({ '/Docs/Sub/photo.bin': hash(photo) }),
  },
  {
    tool: 'copy_file',
    what: 'a folder',
    args: { source_path: '/Docs/Sub', destination_path: '/Copy' },
    verb: 'COPY',
    wrong: ({ data }) => must(data['path'] === '/Copy', 'elsewhere'),
    remote: changed({
      '/Copy': 'folder',
      '/Copy/inner.txt': hash('inner'),
      '/Copy/other.txt': hash('other'),
    }),
  },
  {
    tool: 'delete_file',
    what: 'a file',
    args: { file_path: '/Docs/letter.txt' },
    verb: 'DELETE',
    wrong: ({ data }) => must(data['deleted'] === true, 'not deleted'),
    remote: changed({}, ['/Docs/letter.txt']),
  },
  {
    tool: 'undo',
    what: 'the list, which asks the Nextcloud nothing',
    args: {},
    verb: 'GET',
    wrong: ({ data }) => must((data['changes'] as unknown[]).length === 0, 'a change'),
  },
  {
    tool: 'undo',
    what: 'of a new file',
    before: ['upload_file', { remote_path: '/Docs/new.txt', content: book }],
    args: { change: 'u1' },
    verb: 'DELETE',
    wrong: tookBack,
    remote: changed({}, ['/Docs/new.txt']),
  },
  {
    tool: 'undo',
    what: 'of an edit',
    before: [
      'edit_file',
      { file_path: '/Docs/letter.txt', edits: [{ old_text: 'Line 7 of', new_text: 'Row 7 of' }] },
    ],
    args: { change: 'u1' },
    verb: 'MOVE',
    wrong: tookBack,
    remote: changed({ '/Docs/letter.txt': hash(letter) }),
  },
  {
    tool: 'undo',
    what: 'of a move',
    before: ['move_file', { source_path: '/Docs/letter.txt', destination_path: '/Docs/Sub/letter.txt' }],
    args: { change: 'u1' },
    verb: 'MOVE',
    wrong: tookBack,
    remote: changed({ '/Docs/letter.txt': hash(letter) }, ['/Docs/Sub/letter.txt']),
  },
  {
    tool: 'undo',
    what: 'of a deletion',
    before: ['delete_file', { file_path: '/Docs/letter.txt' }],
    args: { change: 'u1' },
    verb: 'MOVE',
    wrong: tookBack,
    remote: changed({ '/Docs/letter.txt': hash(letter) }),
  },
  {
    tool: 'download_file',
    what: 'a new file',
    args: { remote_path: '/Docs/photo.bin', local_path: 'photo.bin' },
    verb: 'GET',
    wrong: ({ data }) => must(data['checksum'] === `SHA256:${hash(photo)}`, 'other checksum'),
    local: changed({ 'photo.bin': hash(photo) }),
  },
  {
    tool: 'download_file',
    what: 'in place of an older one',
    args: { remote_path: '/Docs/letter.txt', local_path: 'kept.txt', overwrite: true },
    verb: 'GET',
    wrong: ({ data }) => must(data['checksum'] === `SHA256:${hash(letter)}`, 'other checksum'),
    local: changed({ 'kept.txt': hash(letter) }),
  },
  {
    tool: 'transfer_status',
    what: 'which asks the Nextcloud nothing',
    args: {},
    verb: 'GET',
    wrong: ({ data }) => must((data['transfers'] as unknown[]).length === 0, 'a transfer'),
  },
];
