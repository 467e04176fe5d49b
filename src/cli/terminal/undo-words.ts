import type { Undo, UndoStep } from '../../files/context/undo.ts';

/** What takes a change back, as what a person does in Nextcloud's own pages. */

type Words = { readonly [K in UndoStep['action']]: (step: Extract<UndoStep, { action: K }>) => string };

const quoted = (text: string): string => JSON.stringify(text);
const list = (names: readonly string[]): string => names.map(quoted).join(', ');

const words: Words = {
  delete: ({ paths }) => `delete ${list(typeof paths === 'string' ? [paths] : paths)} in Nextcloud`,
  move: ({ from, to }) => `move ${quoted(from)} to ${quoted(to)} in Nextcloud`,
  'restore-from-trash': ({ path }) => `restore ${quoted(path)} from "Deleted files" in Nextcloud`,
  'restore-version': () => 'restore the previous version under Versions in the sidebar of Nextcloud',
  'write-empty': ({ path }) => `put an empty file in place of ${quoted(path)}`,
  'set-tags': ({ path, add, remove }) =>
    [
      ...(add.length > 0 ? [`add the tags ${list(add)} to ${quoted(path)} in Nextcloud`] : []),
      ...(remove.length > 0 ? [`remove the tags ${list(remove)} from ${quoted(path)} in Nextcloud`] : []),
    ].join(', then '),
  'set-favorite': ({ path, favorite }) =>
    `${favorite ? 'mark' : 'unmark'} ${quoted(path)} as a favorite in Nextcloud`,
  'delete-comment': ({ path }) => `delete the comment in the sidebar of ${quoted(path)} in Nextcloud`,
  'delete-share': () => "end the share in Nextcloud's sidebar",
  'update-share': () => "change the share back in Nextcloud's sidebar",
  'create-share': ({ path }) => `share ${quoted(path)} again in Nextcloud`,
  'ask-owner': ({ owner, path }) => `ask ${quoted(owner)} to share ${quoted(path)} with you again`,
  'connect-storage': ({ path }) => `set up the external storage ${quoted(path)} again in Nextcloud`,
  impossible: () => 'this cannot be undone: there is no trash at this place',
};

/** The steps as they are done by hand. The versions of several files are one step. */
export function undoWords(undo: Undo): string {
  const steps = undo.map((step) => (words[step.action] as (step: UndoStep) => string)(step));
  return [...new Set(steps)].join(', then ');
}
