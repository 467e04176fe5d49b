import { decodeSegment, encodeSegment } from '../http/address.ts';
import type { Exchange } from '../http/exchange.ts';
import { forbidden, notFound } from '../http/fault.ts';
import type { Mount } from './place.ts';
import { DavPlace } from './place.ts';

/** The user id of the address is echoed as it was sent, in whatever case. */
export function mountOf(exchange: Exchange, uid: string): Mount {
  const account = exchange.instance.account(uid);
  if (!account) throw notFound(`Principal with name ${uid} not found`);
  return {
    account,
    href: `${exchange.instance.basePath}/remote.php/dav/files/${encodeSegment(uid)}`,
    uri: `files/${uid}`,
    old: false,
    foreign: account !== exchange.user,
    major: exchange.instance.major,
  };
}

export function placeAt(mount: Mount, path: string): DavPlace {
  return new DavPlace(
    mount,
    path
      .split('/')
      .filter((part) => part !== '')
      .map(decodeSegment),
  );
}

/** The file of an address below `remote.php/dav/`. */
export function locate(exchange: Exchange, path: string): DavPlace {
  const [root, uid, ...names] = path.split('/').filter((part) => part !== '');
  if (root === 'trashbin') throw forbidden('Not allowed to create files in the trashbin');
  if (root !== 'files' || uid === undefined) throw forbidden();
  return placeAt(mountOf(exchange, decodeSegment(uid)), names.join('/'));
}

export const davBase = ({ instance }: Exchange): string => `${instance.basePath}/remote.php/dav/`;
