import type { Undo, UndoStep } from '../../files/context/undo.ts';

/** What takes a change back, as the calls to make. A person finds the same in Nextcloud's own pages. */

type Words = { readonly [K in UndoStep['action']]: (step: Extract<UndoStep, { action: K }>) => string };

const words: Words = {
  delete: ({ paths }) => call('delete_file', { file_path: paths }),
  move: ({ from, to }) => call('move_file', { source_path: from, destination_path: to }),
  'restore-from-trash': ({ item }) =>
    `${call('restore_from_trash', { item })} (toolset trash), or Restore under "Deleted files" in Nextcloud`,
  'restore-version': ({ path, version }) =>
    `${call('restore_version', { file_path: path, version })} (toolset versions), or Versions in Nextcloud's sidebar`,
  'write-empty': ({ path }) => call('upload_file', { remote_path: path, content: '', overwrite: true }),
  'set-tags': ({ path, add, remove }) => call('set_tags', { file_path: path, add, remove }),
  'set-favorite': ({ path, favorite }) => call('set_favorite', { file_path: path, favorite }),
  'delete-comment': () => 'Delete the comment in the sidebar of the file in Nextcloud.',
  'delete-share': ({ id }) => call('delete_share', { share_id: id }),
  'update-share': ({ id, can, expires, note, passwordLost }) =>
    call('update_share', { share_id: id, can, expires, note }) +
    (passwordLost ? ' (the old password is not known)' : ''),
  'create-share': ({ path, type, recipient, can, expires }) =>
    call('create_share', { file_path: path, type, share_with: recipient, can, expires }) +
    (type === 'link' ? ' (it gets a new address)' : ''),
  'ask-owner': ({ owner, path }) => `Ask ${owner} to share ${path} again.`,
  'connect-storage': ({ path }) => `Set up the external storage ${path} again in the settings of Nextcloud.`,
  impossible: () => 'This cannot be undone: there is no trash at this place.',
};

function call(tool: string, args: Readonly<Record<string, unknown>>): string {
  return `${tool} ${JSON.stringify(args)}`;
}

export function undoText(undo: Undo): string {
  return undo.map((step) => (words[step.action] as (step: UndoStep) => string)(step)).join(', then ');
}

export type WithUndoCalls<T> = T extends { readonly undo: Undo }
  ? Omit<T, 'undo'> & { readonly undo: string }
  : Omit<T, 'undo'> & { readonly undo?: string };

/** The result as clients see it. */
export function withUndoCalls<T extends { readonly undo?: Undo }>(result: T): WithUndoCalls<T> {
  const { undo, ...rest } = result;
  return { ...rest, ...(undo === undefined ? {} : { undo: undoText(undo) }) } as WithUndoCalls<T>;
}
