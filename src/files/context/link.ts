import { AppError } from '../../errors.ts';
import { davSearch } from '../../nextcloud/dav/search.ts';
import { searchBody } from '../../nextcloud/dav/search-query.ts';
import { parsePath, ROOT } from '../../path.ts';
import type { Account } from '../../nextcloud/account.ts';
import type { AccessPolicy } from './access-policy.ts';
import type { Call } from './call.ts';

export interface LinkParts {
  readonly account: Account;
  readonly policy: AccessPolicy;
}

// No address or path is longer, and what is longer is refused as a path.
const MOST_LETTERS = 20_000;

/** Whether a text is the address of a file, and not its path. */
export function isLink(text: string): boolean {
  return text.startsWith('nextcloud://') || /^https?:\/\//i.test(text);
}

/** Whether a text is the path of a file in the WebDAV interface: `/remote.php/dav/files/alice/a.txt`. */
export function isDavPath(text: string): boolean {
  return (
    text.length < MOST_LETTERS &&
    /^\/?(?:[^/]+\/)*remote\.php\/(?:dav\/files\/[^/]+|webdav)(?:\/|$)/.test(text)
  );
}

/**
 * Turns a pasted link into a path: an address from the browser (`/f/123`, `/apps/files/?dir=...`),
 * a WebDAV address or its path, `nextcloud://...`. Everything else is a path already and is returned as it is.
 *
 * @throws AppError `invalid_input` for an address of another server or of something that is not a file
 */
export async function resolveLink(parts: LinkParts, text: string, call: Call): Promise<string> {
  if (isDavPath(text)) return davPath(parts, `/${text.replace(/^\//, '')}`, text, call);
  if (!isLink(text)) return text;
  if (text.startsWith('nextcloud://')) return decode(text.slice('nextcloud://'.length), text);
  const { account } = parts;
  const url = URL.parse(text);
  if (!url || url.host !== new URL(account.origin).host)
    throw new AppError('invalid_input', `${text.slice(0, 200)} is not an address of this Nextcloud`, {
      hint: 'Pass a path such as /Documents/letter.md.',
    });
  const path = url.pathname.startsWith(`${account.address.root}/`)
    ? url.pathname.slice(account.address.root.length)
    : url.pathname;
  if (isDavPath(path)) return davPath(parts, path, text, call);
  const page = path.replace(/^\/index\.php/, '');
  const id =
    /^\/f\/(\d+)/.exec(page)?.[1] ??
    url.searchParams.get('openfile') ??
    (url.searchParams.get('opendetails') || /^\/apps\/files\/[^/]+\/(\d+)/.exec(page)?.[1]);
  if (id && /^\d+$/.test(id)) return byId(parts, id, call);
  const dir = url.searchParams.get('dir');
  if (page.startsWith('/apps/files') && dir !== null) return dir;
  if (/^\/s\/[^/]+/.test(page) || path.startsWith('/public.php/'))
    throw new AppError('invalid_input', `${text.slice(0, 200)} is a public link to something shared`, {
      hint: 'It opens in a browser. Pass the path of the file in this account, such as /Documents/letter.md.',
    });
  throw new AppError('invalid_input', `${text.slice(0, 200)} is not the address of a file or folder`, {
    hint: 'Pass a path such as /Documents/letter.md.',
  });
}

/** The path of a file from its path in the WebDAV interface, which names the account, too. */
async function davPath(
  { account }: LinkParts,
  path: string,
  text: string,
  { signal }: Call,
): Promise<string> {
  const [, id, rest = ''] = /remote\.php\/(?:dav\/files\/([^/]+)|webdav)(\/.*)?$/.exec(path) ?? [];
  const userId = id === undefined ? undefined : decoded(id);
  // The server takes upper and lower case for the same user.
  if (userId !== undefined && userId.toLowerCase() !== account.userId.toLowerCase()) {
    const own = await account.confirm(signal);
    if (userId.toLowerCase() !== own.toLowerCase())
      throw new AppError('invalid_input', `${text.slice(0, 200)} is in the files of another account`, {
        hint: `This connection has the files of ${own}. Pass a path such as /Documents/letter.md.`,
      });
  }
  return decode(rest || '/', text);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

async function byId(parts: LinkParts, fileId: string, call: Call): Promise<string> {
  const query = {
    folder: ROOT,
    names: [],
    fileId,
    sortBy: 'name',
    order: 'asc',
    limit: 2,
    offset: 0,
  } as const;
  const { resources } = await davSearch(parts.account, (userId) => searchBody(query, userId), call);
  const [hit] = resources;
  // A path outside the policy must not be revealed.
  if (hit && parts.policy.isVisible(hit.path)) return hit.path;
  throw new AppError('not_found', `There is no file with the id ${fileId} in this account`, {
    hint: 'It may have been deleted, or belong to somebody else.',
  });
}

// Each segment is decoded by itself, so that an encoded slash does not add a segment.
function decode(path: string, text: string): string {
  try {
    const names = path.split('/').map(decodeURIComponent);
    if (names.some((name) => name.includes('/'))) throw new Error('an encoded slash');
    return parsePath(names.join('/') || '/');
  } catch (cause) {
    throw new AppError('invalid_input', `${text.slice(0, 200)} does not hold a path that can be used`, {
      hint: 'Pass a path such as /Documents/letter.md.',
      cause,
    });
  }
}
