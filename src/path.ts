import { AppError } from './errors.ts';

declare const remote: unique symbol;

/**
 * A path inside the account's files: absolute, NFC as Nextcloud stores names, `/` for the home folder,
 * no empty, `.` or `..` segment, no control character, no backslash. The only kind of path that the
 * service and the wire accept.
 */
export type RemotePath = string & { readonly [remote]: true };

export const ROOT = '/' as RemotePath;

const MAX_BYTES = 4000; // Apache refuses request lines above 8 kB, Nextcloud paths above 4 kB

// More cannot be a path, composed or not, and is not looked at.
const MAX_CHARS = 2 * MAX_BYTES;

/**
 * The guard. Takes `/a/b`, `a/b`, `a/b/` and, for pasted text, nothing that has to be guessed.
 *
 * @throws AppError `invalid_input` naming what is wrong with the path
 */
export function parsePath(text: string): RemotePath {
  if (text.length > MAX_CHARS) refuseLong(text);
  const trimmed = text.endsWith('/') ? text.replace(/\/+$/, '') : text;
  const absolute = trimmed.startsWith('/') ? trimmed.slice(1) : trimmed;
  if (absolute === '') {
    if (text === '' || !/^\/+$/.test(text)) refuse(text, 'it is empty', 'Use "/" for the home folder.');
    return ROOT;
  }
  const path = `/${absolute.normalize('NFC')}`;
  for (const segment of path.slice(1).split('/')) checkSegment(segment, text);
  if (!path.isWellFormed())
    refuse(text, 'it is not valid Unicode', 'Send the name as it is shown in a listing.');
  if (Buffer.byteLength(path) > MAX_BYTES) refuseLong(text);
  return path as RemotePath;
}

/** Whether Nextcloud stores a name in this spelling: in NFC, with composed characters. */
export function isStoredSpelling(text: string): boolean {
  // To bring a text into NFC can take time with the square of its length, and this one is refused for that anyway.
  if (text.length > MAX_CHARS) return true;
  return !/[^\0-\x7f]/.test(text) || text.normalize('NFC') === text;
}

/**
 * Nextcloud takes every spelling of a name for the one in NFC. What destroys or replaces a file must not be called
 * with another one: the file that is meant may be another one, which Nextcloud cannot reach.
 *
 * @throws AppError `invalid_input` with the spelling that Nextcloud stores
 */
export function refuseRespelled(text: string): void {
  if (isStoredSpelling(text)) return;
  refuse(
    text,
    'it has letters and their marks apart (NFD), and Nextcloud stores names with both in one (NFC)',
    `If ${JSON.stringify(text.normalize('NFC').slice(0, 200))} is meant, which looks the same, send it as it is here or in a listing.`,
  );
}

/**
 * The longest path that names make, each inside of the one before: the path, and how many of them it has. Takes time in
 * proportion to them, as parsing one path after the other would not.
 *
 * @param names decoded; undefined for what is no text
 */
export function longestPath(names: Iterable<string | undefined>): { path: RemotePath; count: number } {
  const parts: string[] = [];
  let bytes = 0;
  for (const name of names) {
    const part = name === undefined ? undefined : segmentOf(name);
    if (part === undefined || (bytes += Buffer.byteLength(part) + 1) > MAX_BYTES) break;
    parts.push(part);
  }
  return { path: `/${parts.join('/')}` as RemotePath, count: parts.length };
}

/** A name as it stands in a path; undefined for one that no path can have. */
function segmentOf(name: string): string | undefined {
  if (name.includes('/') || !isStoredSpelling(name)) return undefined;
  try {
    return parsePath(`/${name}`).slice(1) || undefined;
  } catch {
    return undefined;
  }
}

function checkSegment(segment: string, text: string): void {
  if (segment === '') refuse(text, 'it has an empty part (two slashes in a row)', 'Remove the extra slash.');
  if (segment === '.' || segment === '..')
    refuse(text, `"${segment}" is not allowed in it`, 'Write the full path from "/" on.');
  if (segment.includes('\\')) refuse(text, 'a backslash is not allowed in it', 'Separate folders with "/".');
  if (/\p{Cc}/u.test(segment))
    refuse(text, 'it has a control character', 'Send the name without line breaks, tabs or NUL.');
}

function refuseLong(text: string): never {
  refuse(text, `it is longer than ${MAX_BYTES} bytes`, 'Use a shorter path.');
}

function refuse(text: string, why: string, hint: string): never {
  throw new AppError(
    'invalid_input',
    `The path ${JSON.stringify(text.slice(0, 200))} cannot be used: ${why}`,
    { hint },
  );
}

/**
 * The same for a path of what is only read: `.` and nothing are the home folder, and `./a` and `a//b` are understood.
 *
 * @throws AppError `invalid_input` as {@link parsePath}
 */
export function parseLoosePath(text: string): RemotePath {
  if (text.length > MAX_CHARS) refuseLong(text);
  const names = text.split('/').filter((name) => name !== '' && name !== '.');
  return names.length === 0 ? ROOT : parsePath(`/${names.join('/')}`);
}

export function segments(path: RemotePath): string[] {
  return path === ROOT ? [] : path.slice(1).split('/');
}

export function baseName(path: RemotePath): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The folder that holds `path`; the home folder is its own parent. */
export function parentOf(path: RemotePath): RemotePath {
  const cut = path.lastIndexOf('/');
  return cut <= 0 ? ROOT : (path.slice(0, cut) as RemotePath);
}

/** @throws AppError `invalid_input` when `name` is not one plain segment */
export function join(folder: RemotePath, name: string): RemotePath {
  checkSegment(name.includes('/') ? '' : name, name);
  return parsePath(folder === ROOT ? `/${name}` : `${folder}/${name}`);
}

/**
 * The same as {@link parsePath} of both, made cheap for the ten thousand names of one folder: plain
 * names need no second look at what is above them.
 */
export function childPath(folder: RemotePath, name: string): RemotePath {
  const isPlain = /^[\w ,()@+-][\w .,()@+-]*$/.test(name) && folder.length + name.length < MAX_BYTES / 4;
  const path = `${folder === ROOT ? '' : folder}/${name}`;
  return isPlain ? (path as RemotePath) : parsePath(path);
}

/** Whether `path` is `folder` or lies below it. */
export function within(path: RemotePath, folder: RemotePath): boolean {
  return folder === ROOT || path === folder || path.startsWith(`${folder}/`);
}
