import { parentOf } from '../path.ts';
import type { RemotePath } from '../path.ts';

/** What takes a change back, as the call to make. A person finds the same in Nextcloud's own pages. */

function call(tool: string, args: Readonly<Record<string, unknown>>): string {
  return `${tool} ${JSON.stringify(args)}`;
}

/** What was made new goes into the trash. */
export function toTrash(path: RemotePath): string {
  return call('delete_file', { file_path: path });
}

export function fromTrash(path: RemotePath): string {
  return `${call('restore_from_trash', { item: path })} (toolset trash), or Restore under "Deleted files" in Nextcloud`;
}

/** What was moved goes back. */
export function back(from: RemotePath, to: RemotePath): string {
  return call('move_file', { source_path: to, destination_path: from });
}

/** The contents before a change; Nextcloud names a version by the second it was written, and keeps no empty one. */
export function toVersion(
  path: RemotePath,
  before: { readonly modified?: number; readonly size?: number },
): string {
  if (before.size === 0) return call('upload_file', { remote_path: path, content: '', overwrite: true });
  const version = String(Math.floor((before.modified ?? 0) / 1000));
  return `${call('restore_version', { file_path: path, version })} (toolset versions), or Versions in Nextcloud's sidebar`;
}

export function inOrder(...steps: (string | undefined)[]): string {
  return steps.filter((step) => step !== undefined).join(', then ');
}

export function topmost(made: readonly RemotePath[], path: RemotePath): RemotePath {
  return made.find((each) => !made.includes(parentOf(each))) ?? path;
}
