import { AppError } from '../../errors.ts';
import type { Pending, Resource } from '../../nextcloud/dav/resource.ts';
import type { RemotePath } from '../../path.ts';

/** An entry of the server that no path can name, and the folder where it is. */
export interface OddName {
  readonly folder: RemotePath;
  readonly name: string;
}

type Storage = Pick<Resource, 'path' | 'pending'>;

const reasons: Readonly<Record<Pending, string>> = {
  offline: 'Nextcloud cannot reach its storage now',
  unscanned: 'Nextcloud has not scanned its storage yet',
  uncounted: 'Nextcloud has not counted yet what is in it',
};

const hints: Readonly<Record<Pending, string>> = {
  offline:
    'Try again later, or ask whoever set up this external storage. Do not create anything there meanwhile.',
  unscanned: 'The administrator of the Nextcloud can scan it with "occ files:scan".',
  uncounted: 'List the folder by itself, then try again.',
};

/** Whether the contents of a folder are not there to be seen. */
export function isUnready({ pending }: Pick<Resource, 'pending'>): boolean {
  return pending === 'offline' || pending === 'unscanned';
}

/** The same storages, each named with why its contents are missing and what can be done. */
export function unreadyNotes(folders: readonly Storage[]): string[] {
  const notes = folders.flatMap(({ path, pending }) =>
    pending === undefined ? [] : [`Not included: what is in ${path}. ${reasons[pending]}. ${hints[pending]}`],
  );
  return shortened(notes, 'more storages are missing like these.');
}

/** The error for a folder whose storage cannot be reached. */
export function notReady({ path, pending = 'offline' }: Storage, cause?: unknown): AppError {
  return new AppError('unavailable', `${path} cannot be opened: ${lowerFirst(reasons[pending])}`, {
    hint: hints[pending],
    cause,
  });
}

/** Entries that no path can name, by folder, with what can be done about them. */
export function oddNameNotes(odd: readonly OddName[]): string[] {
  const byFolder = Map.groupBy(odd, ({ folder }) => folder);
  const notes = [...byFolder].map(([folder, entries]) => {
    const names = entries.slice(0, MOST_NAMES).map(({ name }) => `"${name}"`);
    const more = entries.length > MOST_NAMES ? ` and ${entries.length - MOST_NAMES} more` : '';
    return (
      `Not included: ${names.join(', ')}${more} in ${folder}. Nextcloud does not serve ${entries.length === 1 ? 'a name' : 'names'} like this. ` +
      'It can only be renamed where it is stored (the administrator: convmv, then "occ files:scan"), or moved and deleted with its whole folder.'
    );
  });
  return shortened(notes, 'more folders have such names.');
}

const MOST_NAMES = 10;
const MOST_NOTES = 10;

function shortened(notes: readonly string[], more: string): string[] {
  const left = notes.length - MOST_NOTES;
  return left > 0 ? [...notes.slice(0, MOST_NOTES), `${left} ${more}`] : [...notes];
}

function lowerFirst(text: string): string {
  return text.startsWith('Nextcloud') ? text : text.slice(0, 1).toLowerCase() + text.slice(1);
}
