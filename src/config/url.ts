/**
 * Why a text is not accepted as an address: it has another form, it contains a login, which must not be shown, it is the
 * `nc://login/` link of the mobile apps, which holds one, or it is a public link to something shared.
 */
export type UrlFault = 'form' | 'login' | 'login link' | 'share';

/** What an address says beside where the Nextcloud is. */
export interface UrlPlace {
  /** The account whose files it is the address of. */
  readonly userId?: string;
  /** The folder that it is the address of. */
  readonly folder?: string;
}

/** Accepts the address of the Nextcloud or of one of its pages and endpoints, such as the WebDAV address. */
export function parseUrl(given: string): URL | UrlFault {
  const text = given.trim();
  if (/^nc:/i.test(text)) return 'login link';
  const url = URL.parse(/^[a-z]+:\/\//i.test(text) ? text : `https://${text}`);
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.hostname === '') return 'form';
  if (url.username !== '' || url.password !== '') return 'login';
  if (sharePath.test(url.pathname)) return 'share';
  url.search = '';
  url.hash = '';
  url.pathname = url.pathname
    .replace(/\/(remote\.php|public\.php|ocs|index\.php|apps|login|status\.php)(\/.*)?$/, '')
    .replace(/\/+$/, '');
  return url;
}

/** The address of the Nextcloud that a public link belongs to. */
export function serverOfShare(given: string): string {
  const text = given.trim();
  const url = URL.parse(/^[a-z]+:\/\//i.test(text) ? text : `https://${text}`);
  return url ? url.origin + url.pathname.replace(/(\/index\.php)?(\/s\/|\/public\.php).*$/i, '') : '';
}

/** Of a page, of a download, and of the WebDAV interface for everyone. */
const sharePath = /\/s\/[a-z0-9]{6,}(\/|$)|\/public\.php\//i;

/** The account and folder that an address names: they have no effect, which must be said. */
export function placeIn(given: string): UrlPlace {
  const text = given.trim();
  const url = URL.parse(/^[a-z]+:\/\//i.test(text) ? text : `https://${text}`);
  const [, id, below] =
    /\/remote\.php\/(?:dav\/files\/([^/]+)|webdav)(\/.*)?$/.exec(url?.pathname ?? '') ?? [];
  const dir = below ?? (url?.pathname.includes('/apps/files') ? url.searchParams.get('dir') : undefined);
  const folder = decoded(dir ?? '').replace(/\/+$/, '');
  return { ...(id === undefined ? {} : { userId: decoded(id) }), ...(folder === '' ? {} : { folder }) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
