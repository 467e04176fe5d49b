import type { HttpExchange } from '../../http/http-exchange.ts';
import { allowedMethods } from './sabre-error.ts';

export const interfaceNote =
  'This is the WebDAV interface. It can only be accessed by WebDAV clients such as the Nextcloud desktop sync client.';

/** The DAV header of responses to PROPFIND and OPTIONS (RFC 4918 section 10.1), by which clients detect features. */
export function davHeader({ instance: { major }, path }: HttpExchange): string {
  if (path.startsWith('/remote.php/webdav')) {
    return `1, 3, extended-mkcol, nextcloud-checksum-update${major >= 31 ? ', 2' : ''}`;
  }
  const paging = major >= 31 ? ' nc-paginate,' : '';
  return (
    `1, 3, extended-mkcol, access-control, calendarserver-principal-property-search,${paging}` +
    ' nextcloud-checksum-update, nc-calendar-search, nc-enable-birthday-calendar' +
    (major >= 31 ? ', 2' : '')
  );
}

export function serveOptions(exchange: HttpExchange, isRoot = false): void {
  exchange.reply(200, '', {
    DAV: davHeader(exchange),
    Allow: isRoot ? allowedMethods.replace('REPORT', 'REPORT, SEARCH') : allowedMethods,
    'MS-Author-Via': 'DAV',
    'Accept-Ranges': 'bytes',
  });
}
