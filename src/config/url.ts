/** Why a text is no address of a Nextcloud: another form, or a login in it, which is not to be shown. */
export type UrlFault = 'form' | 'login';

/** Accepts the address of the Nextcloud or anything below it that people copy, such as the WebDAV address. */
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
