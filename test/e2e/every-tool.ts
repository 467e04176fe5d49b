/** One call of every tool, with arguments that would do on a cloud that has `/a.txt` and no `/new`. */
export const everyTool: readonly (readonly [tool: string, args: Readonly<Record<string, unknown>>])[] = [
  ['test_connection', {}],
  ['list_files', { folder_path: '/' }],
  ['get_file_info', { file_path: '/a.txt' }],
  ['read_file', { file_path: '/a.txt' }],
  ['read_file_bytes', { file_path: '/a.txt' }],
  ['search_files', { query: 'a' }],
  ['search_file_contents', { pattern: 'a' }],
  ['upload_file', { remote_path: '/new.txt', content: 'x' }],
  ['edit_file', { file_path: '/a.txt', edits: [{ old_text: 'a', new_text: 'b' }] }],
  ['create_folder', { folder_path: '/new' }],
  ['move_file', { source_path: '/a.txt', destination_path: '/new.txt' }],
  ['copy_file', { source_path: '/a.txt', destination_path: '/new.txt' }],
  ['delete_file', { file_path: '/a.txt' }],
  ['download_file', { remote_path: '/a.txt', local_path: 'new.txt' }],
  ['transfer_status', {}],
];

/** Those of them that ask the Nextcloud something. */
export const askingTools = everyTool.filter(([tool]) => tool !== 'transfer_status');
