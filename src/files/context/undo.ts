import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { RemotePath } from '../../path.ts';

/** What takes a change back, as the call to make. A person finds the same in Nextcloud's own pages. */

/** The call with these arguments. */
export function again(tool: string, args: Readonly<Record<string, unknown>>): string {
  return `${tool} ${JSON.stringify(args)}`;
}

/** What was made new goes into the trash. */
export function toTrash(path: RemotePath): string {
  return again('delete_file', { file_path: path });
}

export function fromTrash({ path, fileId }: Resource): string {
  return `${again('restore_from_trash', { item: fileId ?? path })} (toolset trash), or Restore under "Deleted files" in Nextcloud`;
}

/** What was moved goes back. */
export function back(from: RemotePath, to: RemotePath): string {
  return again('move_file', { source_path: to, destination_path: from });
}

/** The contents before a change; Nextcloud names a version by the second it was written, and keeps no empty one. */
export function toVersion(
  path: RemotePath,
  before: { readonly modified?: number; readonly size?: number },
): string {
  if (before.size === 0) return again('upload_file', { remote_path: path, content: '', overwrite: true });
  const version = String(Math.floor((before.modified ?? 0) / 1000));
  return `${again('restore_version', { file_path: path, version })} (toolset versions), or Versions in Nextcloud's sidebar`;
}

export function inOrder(...steps: (string | undefined)[]): string {
  return steps.filter((step) => step !== undefined).join(', then ');
}
