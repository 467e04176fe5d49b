import { catalogue } from '../../src/tools/catalogue.ts';
import type { ToolName } from '../../src/tools/catalogue.ts';
import type { Outcome } from '../support/bench.ts';
import { book, dot, draft, hash, letter, photo } from './scene.ts';
import type { Tree } from './scene.ts';

/** A call, what it must answer, and what must be different in the cloud and on the disk afterwards. */
export interface Case {
  readonly tool: ToolName;
  readonly what: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** The verb that does the work. */
  readonly verb: string;
  /** Undefined when the answer is right, else what is wrong with it. */
  readonly wrong: (outcome: Outcome) => string | undefined;
  readonly remote?: (before: Tree) => Tree;
  readonly local?: (before: Tree) => Tree;
}

const must = (right: boolean, what: string): string | undefined => (right ? undefined : what);

const changed =
  (add: Readonly<Record<string, string>>, remove: readonly string[] = []) =>
  (before: Tree): Tree =>
    new Map([...[...before].filter(([path]) => !remove.includes(path)), ...Object.entries(add)]);

const names = (data: Record<string, unknown>): string =>
  (data['entries'] as { path: string }[]).map(({ path }) => path).join(' ');

const body = (text: string): string => /^<<<(\w+)\n([\s\S]*)\n\1>>>$/m.exec(text)?.[2] ?? '(no fenced body)';

const bookLines = book.split('\n');

export const cases: readonly Case[] = [
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
        names(data) === '/Docs/Sub /Docs/book.txt /Docs/letter.txt /Docs/photo.bin' &&
          data['complete'] === true,
        names(data),
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
        text.includes('Line 7 of the letter') || /^Not searched: 1 could not be read \(\w+\)\.$/m.test(text),
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
        names(data) === '/Docs/book.txt /Docs/Sub/inner.txt /Docs/letter.txt /Docs/Sub/other.txt' &&
          data['complete'] === true,
        names(data),
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
];

/** A tool that has no case above: a call that would do, and why its faults are not driven. */
export interface Uncovered {
  readonly args: Case['args'];
  readonly reason: string;
}

const notYet = (args: Case['args']): Uncovered => ({ args, reason: 'its faults are not driven yet' });

const letterPath = { file_path: '/Docs/letter.txt' };

export const uncovered: Readonly<Partial<Record<ToolName, Uncovered>>> = {
  transfer_status: { args: {}, reason: 'it asks the Nextcloud nothing' },
  list_trash: notYet({}),
  restore_from_trash: notYet({ item: '/Docs/letter.txt' }),
  list_versions: notYet(letterPath),
  read_version: notYet({ ...letterPath, version: '1700000000' }),
  restore_version: notYet({ ...letterPath, version: '1700000000' }),
  list_tags: notYet({}),
  set_tags: notYet({ ...letterPath, add: ['new'] }),
  set_favorite: notYet(letterPath),
  list_comments: notYet(letterPath),
  add_comment: notYet({ ...letterPath, message: 'x' }),
  get_download_link: notYet(letterPath),
  list_shares: notYet({}),
  create_share: notYet({ ...letterPath, type: 'link' }),
  update_share: notYet({ share_id: '1', can: 'read' }),
  delete_share: notYet({ share_id: '1' }),
};

/** One call of every tool, as the catalogue orders them. */
export const oneCallEach: readonly (readonly [tool: string, args: Case['args']])[] = catalogue.map(
  ({ name }) => {
    const args = cases.find(({ tool }) => tool === name)?.args ?? uncovered[name]?.args;
    if (!args) throw new Error(`The fault matrix has no call of ${name}: add a case, or a reason why not`);
    return [name, args];
  },
);
