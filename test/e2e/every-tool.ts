import { catalogue } from '../../src/tools/catalogue.ts';
import type { ToolName } from '../../src/tools/catalogue.ts';

type Args = Readonly<Record<string, unknown>>;

/** One call of every tool, with arguments that would do on a cloud that has `/a.txt` and no `/new`. */
const calls: Readonly<Record<ToolName, Args>> = {
  test_connection: {},
  list_files: { folder_path: '/' },
  get_file_info: { file_path: '/a.txt' },
  read_file: { file_path: '/a.txt' },
  read_file_bytes: { file_path: '/a.txt' },
  search_files: { query: 'a' },
  search_file_contents: { pattern: 'a' },
  upload_file: { remote_path: '/new.txt', content: 'x' },
  edit_file: { file_path: '/a.txt', edits: [{ old_text: 'a', new_text: 'b' }] },
  create_folder: { folder_path: '/new' },
  move_file: { source_path: '/a.txt', destination_path: '/new.txt' },
  copy_file: { source_path: '/a.txt', destination_path: '/new.txt' },
  delete_file: { file_path: '/a.txt' },
  download_file: { remote_path: '/a.txt', local_path: 'new.txt' },
  transfer_status: {},
  list_trash: {},
  restore_from_trash: { item: '/a.txt' },
  list_versions: { file_path: '/a.txt' },
  read_version: { file_path: '/a.txt', version: '1700000000' },
  restore_version: { file_path: '/a.txt', version: '1700000000' },
  list_tags: {},
  set_tags: { file_path: '/a.txt', add: ['new'] },
  set_favorite: { file_path: '/a.txt' },
  list_comments: { file_path: '/a.txt' },
  add_comment: { file_path: '/a.txt', message: 'x' },
  get_download_link: { file_path: '/a.txt' },
  list_shares: {},
  create_share: { file_path: '/a.txt', type: 'link' },
  update_share: { share_id: '1', can: 'read' },
  delete_share: { share_id: '1' },
};

/** Those of the toolset `files`, which a server has unless more is asked for. */
export const everyTool: readonly (readonly [tool: string, args: Args])[] = catalogue
  .filter(({ toolset }) => toolset === 'files')
  .map(({ name }) => [name, calls[name]]);

/** Those of them that ask the Nextcloud something. */
export const askingTools = everyTool.filter(([tool]) => tool !== 'transfer_status');
