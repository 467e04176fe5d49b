/** Why a text is not accepted as an address: it has another form, or it contains a login, which must not be shown. */
export type UrlFault = 'form' | 'login';

/** Accepts the address of the Nextcloud or of one of its pages and endpoints, such as the WebDAV address. */
export function parseUrl(given: string): URL | UrlFault {
  const text = given.trim();
  const url = URL.parse(/^[a-z]+:\/\//i.test(text) ? text : `https://${text}`);
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.hostname === '') return 'form';
  if (url.username !== '' || url.password !== '') return 'login';
  url.search = '';
  url.hash = '';
  url.pathname = url.pathname
    .replace(/\/(remote\.php|public\.php|ocs|index\.php|apps|login|status\.php)(\/.*)?$/, '')
    .replace(/\/+$/, '');
  return url;
}
