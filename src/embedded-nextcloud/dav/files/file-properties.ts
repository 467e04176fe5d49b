import { escapeMarkup } from '../../http/escape.ts';
import type { UserAccount } from '../../store/account.ts';
import { wholeContent } from '../../store/content.ts';
import type { Instance } from '../../store/instance.ts';
import { receivedRoot, storageOf } from '../../store/node.ts';
import type { FileNode, FolderNode, Node } from '../../store/node.ts';
import { hasPreview } from '../../store/preview.ts';
import { storedShareTypes } from '../../store/share.ts';
import { httpDate, isoDate } from '../protocol/date.ts';
import { lockDiscovery, lockProperties } from '../locks/lock-properties.ts';
import type { Getter } from '../protocol/multistatus.ts';
import { DAV, NC, OC, OCS } from '../protocol/xml.ts';

/** The permission letters of a file or folder for its owner (lib/public/Files/DavUtil.php). */
export function permissions(node: Node): string {
  if (isOffline(node)) return 'MGDNV';
  const own = node.type === 'file' ? 'RGDNVW' : 'RGDNVCK';
  if (receivedRoot(node)) return `S${own}`;
  return storageOf(node) ? own.replace('R', 'M') : own;
}

function isOffline(node: Node): boolean {
  return node.type === 'directory' && node.storage === 'offline';
}

function isUnready(node: Node, major: number): boolean {
  return isOffline(node) || (major >= 30 && node.type === 'directory' && node.storage === 'unscanned');
}

const file =
  (get: (node: FileNode) => string | null | undefined): Getter<Node> =>
  (node) =>
    node.type === 'file' ? get(node) : undefined;
const folder =
  (get: (node: FolderNode) => string | null | undefined): Getter<Node> =>
  (node) =>
    node.type === 'directory' ? get(node) : undefined;
const constant =
  (value: string | null): Getter<Node> =>
  () =>
    value;

const lockEntry = (scope: string): string =>
  `<d:lockentry><d:lockscope><d:${scope}/></d:lockscope><d:locktype><d:write/></d:locktype></d:lockentry>`;

function countChildren(node: FolderNode, type: Node['type']): string {
  let count = 0;
  for (const each of node.children.values()) if (each.type === type) count++;
  return String(count);
}

/**
 * All properties of files and folders in a home folder, as its owner sees them
 * (apps/dav/lib/Connector/Sabre/FilesPlugin.php and other plugins).
 */
export function fileProperties(
  instance: Instance,
  owner: UserAccount,
  legacy = false,
): Map<string, Getter<Node>> {
  const major = instance.major;
  const table = new Map<string, Getter<Node>>();
  const dav = (name: string, get: Getter<Node>): unknown => table.set(`{${DAV}}${name}`, get);
  const oc = (name: string, get: Getter<Node>): unknown => table.set(`{${OC}}${name}`, get);
  const nc = (name: string, get: Getter<Node>): unknown => table.set(`{${NC}}${name}`, get);
  const uploadTime = (node: Node): number => (node.type === 'file' ? node.uploadTime : 0);

  dav('getlastmodified', (node) =>
    node.id < 0 || (isUnready(node, major) && !isOffline(node)) ? undefined : httpDate(node.mtime),
  );
  dav(
    'getcontentlength',
    file((node) => String(node.size)),
  );
  dav(
    'getcontenttype',
    file((node) => escapeMarkup(node.mime)),
  );
  dav('resourcetype', (node) => (node.type === 'directory' ? '<d:collection/>' : null));
  dav('getetag', (node) => `&quot;${isUnready(node, major) ? '' : escapeMarkup(node.etag)}&quot;`);
  dav('displayname', (node) => escapeMarkup(node.parent || legacy ? node.name : owner.id));
  dav('creationdate', (node) => isoDate(node.creationTime));
  dav(
    'quota-used-bytes',
    folder((node) => String(owner.quotaOf(node).used)),
  );
  dav(
    'quota-available-bytes',
    folder((node) => String(owner.quotaOf(node).free)),
  );
  if (major >= 31) {
    dav('lockdiscovery', (node) => lockDiscovery(instance, owner, node));
    dav('supportedlock', constant(lockEntry('exclusive') + lockEntry('shared')));
  }
  oc('fileid', (node) => (node.id < 0 && major < 30 ? undefined : isOffline(node) ? '-1' : String(node.id)));
  oc('id', (node) => instance.longId(node.id));
  oc('size', (node) => String(listedSize(node, major)));
  oc('permissions', (node) => permissions(node));
  oc('favorite', (node) => (node.favorite ? '1' : '0'));
  oc('tags', constant(null));
  oc('owner-id', (node) => escapeMarkup(receivedRoot(node)?.sharedBy?.id ?? owner.id));
  oc('owner-display-name', (node) => escapeMarkup(receivedRoot(node)?.sharedBy?.name ?? owner.displayName));
  oc('data-fingerprint', constant(''));
  oc(
    'downloadURL',
    file(() => ''),
  );
  oc('checksums', file(checksums));
  oc('share-types', (node) => shareTypeList(instance, node));
  oc('comments-unread', constant('0'));
  oc('comments-count', (node) => String(node.comments.length));
  oc('comments-href', (node) => `${instance.basePath}/remote.php/dav/comments/files/${node.id}`);
  nc('creation_time', (node) => String(node.creationTime));
  nc(
    'upload_time',
    file((node) => String(node.uploadTime)),
  );
  if (major >= 31) nc('last_activity', (node) => String(Math.max(node.mtime, uploadTime(node))));
  nc(
    'contained-file-count',
    folder((node) => countChildren(node, 'file')),
  );
  nc(
    'contained-folder-count',
    folder((node) => countChildren(node, 'directory')),
  );
  nc('has-preview', (node) => String(hasPreview(node)));
  nc('sharees', (node) => sharees(instance, node));
  nc('share-attributes', (node) => {
    const viewOnly = receivedRoot(node)?.sharedBy?.viewOnly ?? false;
    const state = major < 30 ? 'enabled' : 'value';
    return viewOnly ? escapeMarkup(`[{"scope":"permissions","key":"download","${state}":false}]`) : '[]';
  });
  nc('system-tags', (node) => systemTags(instance, node));
  if (major < 30) {
    nc('note', constant(''));
    nc(
      'is-encrypted',
      folder(() => '0'),
    );
  }
  nc('mount-type', (node) => (receivedRoot(node) ? 'shared' : storageOf(node) ? 'external' : ''));
  if (major >= 29) nc('is-mount-root', (node) => String((receivedRoot(node) ?? storageOf(node)) === node));
  if (major >= 29) nc('reminder-due-date', constant(''));
  if (major >= 31) nc('is-federated', constant(''));
  nc(
    'rich-workspace',
    folder((node) => workspace(node)?.text ?? ''),
  );
  nc(
    'rich-workspace-file',
    folder((node) => String(workspace(node)?.id ?? '')),
  );
  table.set(`{${OCS}}share-permissions`, (node) => (node.type === 'file' ? '19' : '31'));
  if (major >= 31) for (const [name, get] of lockProperties) nc(name, get);
  return table;
}

/** -1 is a size that is not known. */
function listedSize(node: Node, major: number): number {
  if (node.type === 'file' || node.storage === undefined || node.storage === 'ready') return node.size;
  return node.storage === 'unscanned' && major < 30 ? -1 : 0;
}

function checksums(node: FileNode): string | undefined {
  if (node.checksum === undefined) return undefined;
  return node.checksum
    .split(' ')
    .map((each) => `<oc:checksum>${escapeMarkup(each)}</oc:checksum>`)
    .join('');
}

function shareTypeList(instance: Instance, node: Node): string | null {
  const types = new Set<number>();
  for (const share of instance.shares.values()) if (share.fileId === node.id) types.add(share.type);
  if (types.size === 0) return null;
  return [...types].map((type) => `<oc:share-type>${type}</oc:share-type>`).join('');
}

function sharees(instance: Instance, node: Node): string | null {
  let out = '';
  for (const share of instance.shares.values()) {
    if (share.fileId !== node.id) continue;
    if (share.type === storedShareTypes.link) {
      out += '<nc:sharee><nc:id/><nc:display-name/><nc:type>3</nc:type></nc:sharee>';
      continue;
    }
    const name = instance.account(share.with ?? '')?.displayName ?? share.with ?? '';
    out +=
      `<nc:sharee><nc:id>${escapeMarkup(share.with ?? '')}</nc:id>` +
      `<nc:display-name>${escapeMarkup(name)}</nc:display-name><nc:type>${share.type}</nc:type></nc:sharee>`;
  }
  return out || null;
}

function systemTags(instance: Instance, node: Node): string | null {
  let out = '';
  for (const id of node.tags) {
    const tag = instance.tags.get(id);
    if (!tag) continue;
    out +=
      `<nc:system-tag oc:can-assign="true" oc:id="${id}" oc:user-assignable="${tag.assignable}" ` +
      `oc:user-visible="${tag.visible}" nc:color="${tag.color}">${escapeMarkup(tag.name)}</nc:system-tag>`;
  }
  return out || null;
}

/** The Readme.md of a folder, which the app Text shows above the file list (apps/text/lib/DAV/WorkspacePlugin.php). */
function workspace(node: FolderNode): { id: number; text: string } | undefined {
  for (const name of ['Readme.md', 'README.md', 'readme.md']) {
    const found = node.children.get(name);
    if (found?.type === 'file')
      return { id: found.id, text: escapeMarkup(wholeContent(found.content).toString()) };
  }
  return undefined;
}
