import type { Fact } from '../../files/history/fact.ts';
import { within } from '../../path.ts';

/** What takes a change back, as what a person does in Nextcloud's own pages. */

type Words = { readonly [K in Fact['kind']]: (fact: Extract<Fact, { kind: K }>) => string };

const quoted = (text: string): string => JSON.stringify(text);
const list = (names: readonly string[]): string => names.map(quoted).join(', ');

const words: Words = {
  made: ({ path }) => `delete ${list([path])} in Nextcloud`,
  moved: ({ from, to }) => `move ${quoted(to)} to ${quoted(from)} in Nextcloud`,
  removed: ({ path }) => `restore ${quoted(path)} from "Deleted files" in Nextcloud`,
  replaced: ({ path, oldSize }) =>
    oldSize === 0
      ? `put an empty file in place of ${quoted(path)}`
      : 'restore the previous version under Versions in the sidebar of Nextcloud',
  tagged: ({ path, added, removed }) =>
    [
      ...(removed.length > 0 ? [`add the tags ${list(removed)} to ${quoted(path)} in Nextcloud`] : []),
      ...(added.length > 0 ? [`remove the tags ${list(added)} from ${quoted(path)} in Nextcloud`] : []),
    ].join(', then '),
  favorite: ({ path, was }) => `${was ? 'mark' : 'unmark'} ${quoted(path)} as a favorite in Nextcloud`,
  commented: ({ path }) => `delete the comment in the sidebar of ${quoted(path)} in Nextcloud`,
  shared: () => "end the share in Nextcloud's sidebar",
  'share-changed': () => "change the share back in Nextcloud's sidebar",
  final: ({ path, why, owner }) => endings[why](quoted(path), quoted(owner ?? '')),
};

const endings: Readonly<
  Record<Extract<Fact, { kind: 'final' }>['why'], (path: string, owner: string) => string>
> = {
  'no-trash': () => 'this cannot be undone: there is no trash at this place',
  'share-left': (path, owner) => `ask ${owner} to share ${path} with you again`,
  'storage-removed': (path) => `set up the external storage ${path} again in Nextcloud`,
  'share-ended': (path) => `share ${path} again in Nextcloud`,
  'link-made': () => 'this cannot be undone: the link ends by itself',
  'comment-deleted': (path) => `write the comment on ${path} again in Nextcloud`,
};

/** Things to delete that are named one by one. */
const MAX_NAMED = 100;

/**
 * The steps as they are done by hand, the last change first. What is in a new folder goes with it, and the versions of
 * several files are one step. Empty where it would be too many.
 *
 * @param foreign what others have stored in new folders, which therefore stay
 */
export function undoWords(facts: readonly Fact[], foreign: readonly string[] = []): string {
  const stays = (folder: string): boolean => foreign.some((path) => path.startsWith(`${folder}/`));
  const made = facts.flatMap((fact) => (fact.kind === 'made' ? [fact] : []));
  const folders = made.filter(({ folder, path }) => folder && !stays(path)).map(({ path }) => path);
  const isInside = ({ path }: { path: (typeof folders)[number] }): boolean =>
    folders.some((folder) => folder !== path && within(path, folder));
  const tops = made.filter((fact) => !isInside(fact) && !stays(fact.path)).map(({ path }) => path);
  const others = facts.filter(({ kind }) => kind !== 'made').toReversed();
  const steps = others.map((fact) => (words[fact.kind] as (fact: Fact) => string)(fact));
  const different = new Set([...(tops.length > 0 ? [`delete ${list(tops)} in Nextcloud`] : []), ...steps]);
  return tops.length + different.size > MAX_NAMED ? '' : [...different].join(', then ');
}
