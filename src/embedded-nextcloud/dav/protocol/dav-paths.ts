import { decodeSegment, encodeSegment } from '../../http/url-encoding.ts';
import type { HttpExchange } from '../../http/http-exchange.ts';
import { forbidden, notFound } from './sabre-error.ts';
import type { Mount } from './dav-resource.ts';
import { DavResource } from './dav-resource.ts';

/** The mount of a user's files. Hrefs repeat the user id as the client spelled it. */
export function mountOf(exchange: HttpExchange, uid: string): Mount {
  const account = exchange.instance.account(uid);
  if (!account) throw notFound(`Principal with name ${uid} not found`);
  return {
    account,
    href: `${exchange.instance.basePath}/remote.php/dav/files/${encodeSegment(uid)}`,
    uri: `files/${uid}`,
    legacy: false,
    foreign: account !== exchange.user,
    major: exchange.instance.major,
  };
}

export function resourceAt(mount: Mount, path: string): DavResource {
  return new DavResource(
    mount,
    path
      .split('/')
      .filter((part) => part !== '')
      .map(decodeSegment),
  );
}

/** The resource at a path below `remote.php/dav/`. Only `files/` can be addressed. */
export function locate(exchange: HttpExchange, path: string): DavResource {
  const [root, uid, ...names] = path.split('/').filter((part) => part !== '');
  if (root === 'trashbin') throw forbidden('Not allowed to create files in the trashbin');
  if (root !== 'files' || uid === undefined) throw forbidden();
  return resourceAt(mountOf(exchange, decodeSegment(uid)), names.join('/'));
}

export const davBase = ({ instance }: HttpExchange): string => `${instance.basePath}/remote.php/dav/`;
