import { AppError } from '../errors.ts';
import { childPath, parentOf, parsePath, ROOT, segments } from '../path.ts';
import type { RemotePath } from '../path.ts';

/**
 * The sink guard: the only place where a path becomes a URL and a server's href becomes a path.
 * Both directions go segment by segment, so that no name can change the shape of a URL.
 */
export class Address {
  /** Path of the install, `''` or `/nextcloud`, without a trailing slash. */
  readonly root: string;
  readonly origin: string;
  /** The folder that the last href was in, as the server wrote it. */
  #above: { readonly raw: string; readonly userId: string; readonly path: RemotePath } | undefined;

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

  /** A place of the DAV interface: `trashbin/alice/trash/a.txt.d1`, segment by segment. */
  dav(...names: string[]): string {
    return `${this.root}/remote.php/dav/${names.map(encodeURIComponent).join('/')}`;
  }

  /** The decoded names of an href below a place of the DAV interface, or undefined when it is not there. */
  below(href: string, place: string): string[] | undefined {
    const pathname = href.startsWith('/') ? href : (URL.parse(href)?.pathname ?? href);
    const names = stripBase(pathname, place)?.split('/').filter(Boolean).map(safeDecode);
    return names?.every((name) => name !== undefined && !/^\.{0,2}$|[/\p{Cc}]/u.test(name))
      ? (names as string[])
      : undefined;
  }

  /** Encoded path of a file, to be put after the origin. */
  file(userId: string, path: RemotePath): string {
    return this.filesBase(userId) + encodePath(path);
  }

  /** The page of a file in Nextcloud's own interface. */
  webUrl(fileId: string): string {
    return `${this.origin}${this.root}/index.php/f/${fileId}`;
  }

  /**
   * Path of an href that the server sent, relative to the account's files, or undefined when its
   * name is one that the path guard does not let in.
   *
   * @throws AppError `invalid_response` for an href outside of them
   */
  pathOf(href: string, userId: string): RemotePath | undefined {
    const end = href.endsWith('/') ? href.length - 1 : href.length;
    const cut = href.lastIndexOf('/', end - 1);
    const raw = href.slice(0, cut);
    const above = this.#above;
    if (above?.raw === raw && above.userId === userId && cut + 1 < end) {
      const name = safeDecode(href.slice(cut + 1, end));
      if (isForeign(name)) throw foreign(href);
      return guarded(() => childPath(above.path, name));
    }
    const path = this.#wholePath(href, userId);
    if (path !== undefined && path !== ROOT) this.#above = { raw, userId, path: parentOf(path) };
    return path;
  }

  #wholePath(href: string, userId: string): RemotePath | undefined {
    const pathname = this.#pathname(href);
    const rest = stripBase(pathname, this.filesBase(userId));
    if (rest === undefined) throw foreign(href);
    if (rest === '' || rest === '/') return ROOT;
    const names = rest
      .replace(/^\/|\/$/g, '')
      .split('/')
      .map(safeDecode);
    if (names.some((name) => isForeign(name))) throw foreign(href);
    return guarded(() => parsePath(`/${names.join('/')}`));
  }

  // Raw, not as a URL parser would tidy it: dots are to be seen here.
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

// Nextcloud writes the base as it was asked for, but encodes it in its own way (`%40` or `@`).
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

function isForeign(name: string | undefined): name is undefined {
  return name === undefined || name.includes('/') || name === '..' || name === '.';
}

// A name that the path guard does not let in.
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
    `The server named a file outside of this account: ${JSON.stringify(href.slice(0, 200))}`,
    { hint: 'Check that NEXTCLOUD_URL is the address of the Nextcloud itself.' },
  );
}
