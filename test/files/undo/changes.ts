import type { EmbeddedNextcloud } from '../../../src/embedded-nextcloud/index.ts';

type Change = readonly [tool: string, args: Readonly<Record<string, unknown>>, verb: string];

/** Files that are changed. */
export function furnish(cloud: EmbeddedNextcloud): void {
  const home = cloud.home();
  home.put('/a.txt', 'one\n', { mtime: 1_700_000_000 });
  home.put('/b.txt', 'two\n', { mtime: 1_700_000_001 });
  home.put('/empty.txt', '', { mtime: 1_700_000_002 });
  home.put('/dir/c.txt', 'three\n', { mtime: 1_700_000_003 });
  home.put('/dir/sub/d.txt', 'four\n', { mtime: 1_700_000_004 });
  home.put('/other/e.txt', 'five\n', { mtime: 1_700_000_005 });
}

const edits = [{ old_text: 'one', new_text: 'uno' }];

/** Changes of every kind, and the method of the request that makes each. */
export const changes: readonly Change[] = [
  ['upload_file', { remote_path: '/new.txt', content: 'new' }, 'PUT'],
  ['upload_file', { remote_path: '/a.txt', content: 'other', overwrite: true }, 'PUT'],
  ['upload_file', { remote_path: '/empty.txt', content: 'full', overwrite: true }, 'PUT'],
  ['edit_file', { file_path: '/a.txt', edits }, 'PUT'],
  ['create_folder', { folder_path: '/x' }, 'MKCOL'],
  ['move_file', { source_path: '/a.txt', destination_path: '/dir/a.txt' }, 'MOVE'],
  ['move_file', { source_path: '/a.txt', destination_path: '/b.txt', overwrite: true }, 'MOVE'],
  ['move_file', { source_path: '/dir', destination_path: '/other', overwrite: true }, 'MOVE'],
  ['copy_file', { source_path: '/a.txt', destination_path: '/copy.txt' }, 'COPY'],
  ['copy_file', { source_path: '/dir', destination_path: '/copy' }, 'COPY'],
  ['copy_file', { source_path: '/a.txt', destination_path: '/b.txt', overwrite: true }, 'COPY'],
  ['delete_file', { file_path: '/a.txt' }, 'DELETE'],
  ['delete_file', { file_path: '/dir' }, 'DELETE'],
];
