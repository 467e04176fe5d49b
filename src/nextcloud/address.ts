import { AppError } from '../errors.ts';
import { childPath, isStoredSpelling, longestPath, parentOf, parsePath, ROOT, segments } from '../path.ts';
import type { RemotePath } from '../path.ts';

/** An entry of the server that no path can name. */
export interface OddEntry {
  readonly folder: RemotePath;
  /** With escapes for what cannot be shown. */
  readonly name: string;
  /** The entry lies inside the folder that has this name. */
  readonly inside: boolean;
}

/**
 * The only place where a path becomes a URL and an href from a server becomes a path. Both are converted
 * segment by segment, so that no name can change the structure of a URL.
 */
export class Address {
  /** Path of the installation, `''` or `/nextcloud`, without a trailing slash. */
  readonly root: string;
  readonly origin: string;
  /** The parent folder of the last href: most hrefs of a listing have the same one. */
  #parent: { readonly raw: string; readonly userId: string; readonly path: RemotePath } | undefined;

  constructor(url: URL) {
    this.origin = url.origin;
    this.root = url.pathname.replace(/\/+$/, '');
  }

  /** `/nextcloud/remote.php/dav/files/alice` */
  filesBase(userId: string): string {
    return `${this.root}/remote.php/dav/files/${encodeURIComponent(userId)}`;
  }

  uploadsBase(userId: string): string {
    return `${this.root}/remote.php/dav/uploads/${encodeURIComponent(userId)}`;
  }

  /** Path of a place of the DAV interface, given as decoded segments: `trashbin`, `alice`, `trash`, `a.txt.d1`. */
  dav(...names: string[]): string {
    return `${this.root}/remote.php/dav/${names.map(encodeURIComponent).join('/')}`;
  }

  /** The decoded path segments of an href below a place of the DAV interface; undefined when it is elsewhere. */
  below(href: string, place: string): string[] | undefined {
    const pathname = href.startsWith('/') ? href : (URL.parse(href)?.pathname ?? href);
    const names = stripBase(pathname, place)?.split('/').filter(Boolean).map(safeDecode);
    return names?.every((name) => name !== undefined && !/^\.{0,2}$|[/\p{Cc}]/u.test(name))
      ? (names as string[])
      : undefined;
  }

  /** Encoded path of a file, to be appended to the origin. */
  file(userId: string, path: RemotePath): string {
    return this.filesBase(userId) + encodePath(path);
  }

  /** The URL of a file in Nextcloud's web interface. */
  webUrl(fileId: string): string {
    return `${this.origin}${this.root}/index.php/f/${fileId}`;
  }

  /**
   * The path of an href from the server, relative to the files of the account. Undefined when no path can
   * have its name: it is not UTF-8, `parsePath` does not accept it, or it is not in NFC: Nextcloud takes that for
   * the name in NFC, which is another file (observed on 34).
   *
   * @throws AppError `invalid_response` for an href outside the files of the account
   */
  pathOf(href: string, userId: string): RemotePath | undefined {
    const end = href.endsWith('/') ? href.length - 1 : href.length;
    const cut = href.lastIndexOf('/', end - 1);
    const raw = href.slice(0, cut);
    const parent = this.#parent;
    if (parent?.raw === raw && parent.userId === userId && cut + 1 < end) {
      const name = safeDecode(href.slice(cut + 1, end));
      if (name === undefined) return undefined;
      if (isForeign(name)) throw foreign(href);
      if (!isStoredSpelling(name)) return undefined;
      return guarded(() => childPath(parent.path, name));
    }
    const path = this.#wholePath(href, userId);
    if (path !== undefined && path !== ROOT) this.#parent = { raw, userId, path: parentOf(path) };
    return path;
  }

  /**
   * Where an entry is whose href has no path: the innermost folder with a path, and the name in it. What
   * cannot be shown of the name is written as escapes: `R\\xE9sum\\xE9.txt`.
   */
  oddEntryOf(href: string, userId: string): OddEntry {
    const parts = this.#parts(href, userId);
    const { path: folder, count: odd } = longestPath(parts.map(safeDecode));
    return { folder, name: shownName(parts[odd] ?? ''), inside: odd < parts.length - 1 };
  }

  #wholePath(href: string, userId: string): RemotePath | undefined {
    const parts = this.#parts(href, userId);
    if (parts.some((part) => isForeign(safeDecode(part) ?? '?'))) throw foreign(href);
    return pathOfParts(parts);
  }

  /** The encoded names of an href below the files of the account. */
  #parts(href: string, userId: string): string[] {
    const rest = stripBase(this.#pathname(href), this.filesBase(userId));
    if (rest === undefined) throw foreign(href);
    return rest === '' || rest === '/' ? [] : rest.replace(/^\/|\/$/g, '').split('/');
  }

  // Not parsed as a URL, which would resolve dot segments: they must be detected.
  #pathname(href: string): string {
    if (href.startsWith('/')) return href;
    const [, host, path] = /^https?:\/\/([^/?#]*)(\/[^?#]*)$/i.exec(href) ?? [];
    if (host === undefined || path === undefined || host !== new URL(this.origin).host) throw foreign(href);
    return path;
  }
}

/** Whether a server is on this computer. */
export function isLoopbackHost(origin: string): boolean {
  return /^https?:\/\/(localhost|127\.|\[::1\])/.test(origin);
}

/** Percent-encodes each segment (RFC 3986 section 3.3); `/` for the home folder becomes `/`. */
export function encodePath(path: RemotePath): string {
  return path === ROOT ? '/' : `/${segments(path).map(encodeURIComponent).join('/')}`;
}

// Nextcloud repeats the requested base, but may encode it differently (`%40` or `@`).
function stripBase(pathname: string, base: string): string | undefined {
  const wanted = base.split('/');
  const got = pathname.split('/');
  if (got.length < wanted.length) return undefined;
  for (const [index, part] of wanted.entries()) {
    if (safeDecode(got[index] ?? '') !== safeDecode(part)) return undefined;
  }
  const rest = got.slice(wanted.length);
  return rest.length === 0 ? '' : `/${rest.join('/')}`;
}

function isForeign(name: string): boolean {
  return name.includes('/') || name === '..' || name === '.';
}

function pathOfParts(parts: readonly string[]): RemotePath | undefined {
  const names = parts.map(safeDecode);
  if (!names.every((name) => name !== undefined && isStoredSpelling(name))) return undefined;
  return names.length === 0 ? ROOT : guarded(() => parsePath(`/${names.join('/')}`));
}

/** Characters of an encoded name that are shown: a name in Nextcloud has up to 250 characters. */
const MAX_SHOWN = 3000;

function shownName(part: string): string {
  return part.length <= MAX_SHOWN ? escapedName(part) : `${escapedName(part.slice(0, MAX_SHOWN))}...`;
}

/** Bytes that are not UTF-8, controls and backslashes of an encoded name as escapes. */
function escapedName(part: string): string {
  const decoded = safeDecode(part);
  if (decoded !== undefined && !isStoredSpelling(decoded)) return decomposedName(decoded);
  if (decoded !== undefined) return decoded.replace(/[\p{Cc}\\]/gu, (char) => hexEscape(char.charCodeAt(0)));
  return part.replace(/(%[89a-f][0-9a-f])+|%[0-7][0-9a-f]/gi, (bytes) => {
    const text = safeDecode(bytes);
    if (text !== undefined && !/[\p{Cc}\\]/u.test(text)) return text;
    return bytes.replace(/%(..)/g, (_, hex: string) => hexEscape(Number.parseInt(hex, 16)));
  });
}

/** Marks stand apart as escapes, because the name looks like the one in NFC otherwise. */
function decomposedName(name: string): string {
  return name.replace(
    /\p{M}|[\p{Cc}\\]/gu,
    (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`,
  );
}

function hexEscape(byte: number): string {
  return `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

// Undefined for a name that the parser of paths does not accept.
function guarded(parse: () => RemotePath): RemotePath | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}

function safeDecode(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

function foreign(href: string): AppError {
  return new AppError(
    'invalid_response',
    `The server returned a file outside this account: ${JSON.stringify(href.slice(0, 200))}`,
    { hint: 'Check that NEXTCLOUD_URL is the address of the Nextcloud itself.' },
  );
}
