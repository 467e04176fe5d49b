import { escapeMarkup } from '../../http/escape.ts';
import type { UserAccount } from '../../store/account.ts';
import type { Instance } from '../../store/instance.ts';
import type { Lock, Node } from '../../store/node.ts';
import type { Getter } from '../protocol/multistatus.ts';

const locked =
  (get: (lock: Lock) => string | undefined): Getter<Node> =>
  (node) =>
    node.type === 'file' && node.lock ? get(node.lock) : undefined;

/** The properties of the app files_lock. All but `nc:lock` are 404 while the file is not locked. */
export const lockProperties: readonly (readonly [string, Getter<Node>])[] = [
  ['lock', (node) => (node.type === 'file' ? (node.lock ? '1' : '') : undefined)],
  ['lock-owner-type', locked((lock) => String(lock.kind))],
  ['lock-owner', locked((lock) => escapeMarkup(lock.owner))],
  ['lock-owner-displayname', locked((lock) => escapeMarkup(lock.ownerName))],
  ['lock-owner-editor', locked((lock) => (lock.kind === 0 ? escapeMarkup(lock.owner) : undefined))],
  ['lock-time', locked((lock) => String(lock.since))],
  ['lock-timeout', locked((lock) => String(lock.timeout))],
  ['lock-token', locked((lock) => escapeMarkup(lock.token))],
];

/** The property lockdiscovery (RFC 4918 section 15.8). */
export function lockDiscovery(instance: Instance, owner: UserAccount, node: Node): string | null {
  const { lock } = node;
  if (!lock) return null;
  const root = `${instance.basePath}/remote.php/dav/files/${owner.id}${node.path}`;
  return (
    '<d:activelock><d:lockscope><d:exclusive/></d:lockscope><d:locktype><d:write/></d:locktype>' +
    `<d:lockroot><d:href>${escapeMarkup(encodeURI(root))}</d:href></d:lockroot>` +
    `<d:depth>${lock.depthInfinity ? 'infinity' : '0'}</d:depth>` +
    `<d:timeout>Second-${lock.timeout < 0 ? 'Infinite' : lock.timeout}</d:timeout>` +
    `<d:locktoken><d:href>opaquelocktoken:${escapeMarkup(lock.token)}</d:href></d:locktoken>` +
    `<d:owner>${escapeMarkup(lock.ownerName)}</d:owner></d:activelock>`
  );
}
