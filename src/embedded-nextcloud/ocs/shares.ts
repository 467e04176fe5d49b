import { randomBytes } from 'node:crypto';
import { descend } from '../store/node.ts';
import type { HttpExchange } from '../http/http-exchange.ts';
import { nowSeconds } from '../store/node.ts';
import type { Node } from '../store/node.ts';
import type { StoredShare } from '../store/share.ts';
import { storedShareTypes } from '../store/share.ts';
import type { OcsRequest, OcsEndpoint, Parameters } from './endpoint.ts';
import type { OcsData } from './envelope.ts';
import { OcsError } from './envelope.ts';
import { shareData } from './share-data.ts';

const MAX_IN_WINDOW = 20;
const WINDOW_MS = 10 * 60 * 1000;
const READ = 1;
const FILE_PERMISSIONS = 19;
const FOLDER_PERMISSIONS = 31;

/** The sharing API (apps/files_sharing/lib/Controller/ShareAPIController.php). */
export function addShares(ocs: OcsEndpoint): void {
  const base = '/apps/files_sharing/api/v1/shares';
  ocs.add('GET', new RegExp(`^${base}$`), list);
  ocs.add('POST', new RegExp(`^${base}$`), create);
  ocs.add('GET', new RegExp(`^${base}/pending$`), () => []);
  ocs.add('GET', new RegExp(`^${base}/(\\d+)$`), (call) => [describe(call.exchange, ownShare(call))]);
  ocs.add('PUT', new RegExp(`^${base}/(\\d+)$`), update);
  ocs.add('DELETE', new RegExp(`^${base}/(\\d+)$`), (call) => {
    call.exchange.instance.shares.delete(ownShare(call).id);
    return [];
  });
}

function nodeAt(exchange: HttpExchange, path: string): Node {
  const names = path.split('/').filter((part) => part !== '');
  const node = descend(
    exchange.user.home,
    names.map((name) => name.normalize('NFC')),
  );
  if (!node) throw new OcsError(404, 'Wrong path, file/folder does not exist');
  return node;
}

function list({ exchange, parameters }: OcsRequest): OcsData {
  const { instance, user } = exchange;
  const withMe = parameters.get('shared_with_me') === 'true';
  const all = [...instance.shares.values()].toReversed();
  if (withMe) return all.filter((share) => share.with === user.id).map((share) => describe(exchange, share));
  const path = parameters.get('path');
  let mine = all.filter((share) => share.owner === user.id);
  if (path !== undefined) {
    const node = nodeAt(exchange, path);
    const below = parameters.get('subfiles') === 'true';
    if (below && node.type === 'file') throw new OcsError(400, 'Not a directory');
    mine = mine.filter(({ fileId }) =>
      below ? instance.tree.nodeById(fileId)?.parent === node : fileId === node.id,
    );
  }
  return mine.map((share) => describe(exchange, share));
}

const recent = new WeakMap<object, number[]>();

/** Limits a user to 20 new shares in ten minutes; then 429 without a message (RateLimitingMiddleware.php). */
function checkRate({ user }: HttpExchange): void {
  const since = Date.now() - WINDOW_MS;
  const times = (recent.get(user) ?? []).filter((at) => at > since);
  if (times.length >= MAX_IN_WINDOW) throw new OcsError(429, '');
  recent.set(user, [...times, Date.now()]);
}

function create({ exchange, parameters }: OcsRequest): OcsData {
  checkRate(exchange);
  const { instance, user } = exchange;
  const path = parameters.get('path');
  if (path === undefined) throw new OcsError(404, 'Please specify a file or folder path');
  const node = nodeAt(exchange, path);
  const type = Number(parameters.get('shareType') ?? -1);
  const shareWith = parameters.get('shareWith');
  const allPermissions = node.type === 'file' ? FILE_PERMISSIONS : FOLDER_PERMISSIONS;
  const isLink = type === storedShareTypes.link;
  const expires = expiry(parameters.get('expireDate'));
  if (type === storedShareTypes.user && !instance.account(shareWith ?? '')) {
    throw new OcsError(404, 'Please specify a valid account to share with');
  }
  if (type === storedShareTypes.group) throw new OcsError(404, 'Please specify a valid group');
  if (!isLink && type !== storedShareTypes.user) throw new OcsError(400, 'Unknown share type');
  if (type === storedShareTypes.user && shareWith === user.id)
    throw new OcsError(403, 'Cannot share with yourself');
  if (!node.parent) throw new OcsError(403, 'You cannot share your root folder');
  const existing = [...instance.shares.values()].find(
    (share) => !isLink && share.fileId === node.id && share.with === shareWith,
  );
  if (existing) return describe(exchange, existing);
  const asked = parameters.get('permissions');
  const permissions =
    asked === undefined ? (isLink ? 17 : allPermissions) : Number(asked) & allPermissions || READ;
  const share: StoredShare = {
    id: Math.max(0, ...instance.shares.keys()) + 1,
    type,
    owner: user.id,
    fileId: node.id,
    permissions,
    with: isLink ? undefined : shareWith,
    token: isLink ? randomBytes(12).toString('base64url').replaceAll(/[-_]/g, 'x').slice(0, 15) : undefined,
    password: parameters.get('password'),
    expires,
    note: parameters.get('note') ?? '',
    label: parameters.get('label') ?? '',
    hideDownload: false,
    attributes: parameters.get('attributes'),
    at: nowSeconds(),
  };
  instance.shares.set(share.id, share);
  return describe(exchange, share);
}

function expiry(date: string | undefined): string | undefined {
  if (date === undefined || date === '') return undefined;
  const at = /^\d{4}-\d\d-\d\d$/.test(date) ? Date.parse(`${date}T23:59:59Z`) : Number.NaN;
  if (Number.isNaN(at)) throw new OcsError(404, 'Invalid date. Format must be YYYY-MM-DD');
  if (at < Date.now()) throw new OcsError(404, 'Expiration date is in the past');
  return `${date} 23:59:59`;
}

function ownShare({ exchange, path }: OcsRequest): StoredShare {
  const share = exchange.instance.shares.get(Number(path[0]));
  const visible = share && (share.owner === exchange.user.id || share.with === exchange.user.id);
  if (!visible) throw new OcsError(404, 'Wrong share ID, share does not exist');
  return share;
}

const editable = [
  'permissions',
  'password',
  'expireDate',
  'note',
  'label',
  'hideDownload',
  'publicUpload',
  'attributes',
];

function update(call: OcsRequest): OcsData {
  const { exchange, parameters } = call;
  const share = ownShare(call);
  if (share.owner !== exchange.user.id) {
    throw new OcsError(403, 'You are not allowed to edit incoming shares');
  }
  if (!editable.some((name) => parameters.has(name))) {
    throw new OcsError(400, 'Wrong or no update parameter given');
  }
  apply(share, parameters);
  return describe(exchange, share);
}

/** Nothing is changed when one of the parameters is refused. */
function apply(share: StoredShare, parameters: Parameters): void {
  const expires = expiry(parameters.get('expireDate'));
  const permissions = parameters.get('permissions');
  const password = parameters.get('password');
  if (permissions !== undefined) share.permissions = Number(permissions) || READ;
  if (password !== undefined) share.password = password === '' ? undefined : password;
  if (parameters.has('expireDate')) share.expires = expires;
  share.note = parameters.get('note') ?? share.note;
  share.label = parameters.get('label') ?? share.label;
  share.attributes = parameters.get('attributes') ?? share.attributes;
  if (parameters.has('hideDownload')) share.hideDownload = parameters.get('hideDownload') === 'true';
}

const describe = ({ instance }: HttpExchange, share: StoredShare): OcsData => shareData(instance, share);
