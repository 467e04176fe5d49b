import { hasPreview } from '../store/preview.ts';
import type { Instance } from '../store/instance.ts';
import type { StoredShare } from '../store/share.ts';
import { storedShareTypes } from '../store/share.ts';
import type { OcsData } from './envelope.ts';

/** A share as the API returns it. */
export function shareData(instance: Instance, share: StoredShare): OcsData {
  const owner = instance.account(share.owner);
  const node = instance.tree.nodeById(share.fileId);
  const isLink = share.type === storedShareTypes.link;
  const isFile = node?.type === 'file';
  const display = owner?.displayName ?? share.owner;
  const common: Record<string, OcsData> = {
    id: String(share.id),
    share_type: share.type,
    uid_owner: share.owner,
    displayname_owner: display,
    permissions: share.permissions,
    can_edit: true,
    can_delete: true,
    stime: share.at,
    parent: null,
    expiration: share.expires ?? null,
    token: share.token ?? null,
    uid_file_owner: share.owner,
    note: share.note,
    label: share.label,
    displayname_file_owner: display,
    path: node?.path ?? '',
    item_type: isFile ? 'file' : 'folder',
    item_permissions: isFile ? 27 : 31,
    'is-mount-root': false,
    'mount-type': '',
    mimetype: isFile ? node.mime : 'httpd/unix-directory',
    has_preview: node ? hasPreview(node) : false,
    storage_id: `home::${share.owner}`,
    storage: 1,
    item_source: share.fileId,
    file_source: share.fileId,
    file_parent: node?.parent?.id ?? 0,
    file_target: `/${node?.name ?? ''}`,
    item_size: node?.size ?? 0,
    item_mtime: node?.mtime ?? 0,
  };
  return { ...common, ...(isLink ? linkPart(instance, share) : userPart(instance, share)) };
}

function linkPart(instance: Instance, share: StoredShare): Record<string, OcsData> {
  const password = share.password === undefined ? null : 'redacted';
  return {
    share_with: password,
    share_with_displayname: '(Shared link)',
    password,
    send_password_by_talk: false,
    url: `${instance.url}/index.php/s/${share.token ?? ''}`,
    mail_send: 1,
    hide_download: Number(share.hideDownload),
    attributes: share.attributes ?? null,
  };
}

function userPart(instance: Instance, share: StoredShare): Record<string, OcsData> {
  const name = share.with ?? '';
  return {
    share_with: name,
    share_with_displayname: instance.account(name)?.displayName ?? name,
    share_with_displayname_unique: name,
    status: [],
    mail_send: 1,
    hide_download: Number(share.hideDownload),
    attributes: share.attributes ?? null,
  };
}
