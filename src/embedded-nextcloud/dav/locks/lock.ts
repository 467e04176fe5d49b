import { randomUUID } from 'node:crypto';
import type { HttpExchange } from '../../http/http-exchange.ts';
import { escapeMarkup } from '../../http/escape.ts';
import { badRequest, locked, phpError, typeError } from '../protocol/sabre-error.ts';
import { contentBytes } from '../../store/content.ts';
import type { Lock, Node } from '../../store/node.ts';
import { nowSeconds } from '../../store/node.ts';
import { create } from '../../store/write.ts';
import { lockDiscovery, lockProperties } from './lock-properties.ts';
import type { DavResource } from '../protocol/dav-resource.ts';
import { submittedTokens } from '../protocol/preconditions.ts';
import { childElement, DAV, parseRoot } from '../protocol/xml.ts';

const FOREVER = -60;
const DEFAULT_SECONDS = 1800;
const xmlType = 'application/xml; charset=utf-8';

const propOf = (inner: string): string =>
  '<?xml version="1.0"?>\n<d:prop xmlns:d="DAV:" xmlns:s="http://sabredav.org/ns" ' +
  `xmlns:oc="http://owncloud.org/ns" xmlns:nc="http://nextcloud.org/ns">${inner}</d:prop>\n`;

const byUser = (exchange: HttpExchange): boolean => exchange.header('x-user-lock') !== undefined;

/** LOCK: a user lock of the app files_lock with `X-User-Lock`, else a class 2 lock (RFC 4918 section 9.10). */
export async function serveLock(exchange: HttpExchange, resource: DavResource): Promise<void> {
  if (byUser(exchange)) return lockByUser(exchange, resource);
  const body = await exchange.text();
  const existing = resource.node;
  const held = existing?.lock;
  if (body === '') return refresh(exchange, existing);
  if (held) throw locked(resource.uri);
  const info = parseRoot(body, `{${DAV}}lockinfo`);
  const owner = childElement(info, `{${DAV}}owner`)?.text.trim();
  const node = existing ?? createEmpty(exchange, resource);
  const token = randomUUID();
  setLock(exchange, node, {
    owner: exchange.user.id,
    ownerName: owner ? owner : exchange.user.displayName,
    kind: 2,
    token,
    since: nowSeconds(),
    timeout: seconds(exchange.header('timeout')),
    depthInfinity: exchange.header('depth') !== '0',
  });
  const discovery = lockDiscovery(exchange.instance, exchange.user, node) ?? '';
  return exchange.reply(existing ? 200 : 201, propOf(`<d:lockdiscovery>${discovery}</d:lockdiscovery>`), {
    'Content-Type': xmlType,
    'Lock-Token': `<opaquelocktoken:${token}>`,
  });
}

function refresh(exchange: HttpExchange, node: Node | undefined): void {
  const held = node?.lock;
  if (!node || !held || !submittedTokens(exchange.header('if')).includes(held.token)) {
    throw badRequest('An xml body is required for lock requests');
  }
  held.timeout = seconds(exchange.header('timeout'));
  const discovery = lockDiscovery(exchange.instance, exchange.user, node) ?? '';
  exchange.reply(200, propOf(`<d:lockdiscovery>${discovery}</d:lockdiscovery>`), { 'Content-Type': xmlType });
}

function lockByUser(exchange: HttpExchange, resource: DavResource): void {
  const { node } = resource;
  if (!node) throw phpError('OCP\\Files\\NotFoundException', resource.path);
  const held = node.lock;
  if (held && held.owner !== exchange.user.id) return sendState(exchange, node, 423);
  if (held) held.timeout = 0;
  else {
    setLock(exchange, node, {
      owner: exchange.user.id,
      ownerName: exchange.user.displayName,
      kind: 0,
      token: `files_lock/${randomUUID()}`,
      since: nowSeconds(),
      timeout: FOREVER,
      depthInfinity: false,
    });
  }
  return sendState(exchange, node, 200);
}

export function serveUnlock(exchange: HttpExchange, resource: DavResource): void {
  const node = resource.require();
  const held = node.lock;
  if (byUser(exchange)) {
    if (!held) return sendState(exchange, node, 412);
    if (held.owner !== exchange.user.id) return sendState(exchange, node, 423);
    setLock(exchange, node, undefined);
    return sendState(exchange, node, 200);
  }
  const header = exchange.header('lock-token');
  if (header === undefined) throw badRequest('No lock token was supplied');
  const token = header.replaceAll(/[<>]/g, '').replace(/^opaquelocktoken:/, '');
  if (!held || held.token !== token) {
    // files_lock does not find the lock and fails without a message.
    return exchange.reply(500);
  }
  setLock(exchange, node, undefined);
  return exchange.reply(204);
}

/** Sets or removes a lock. This changes the ETags of the node and of all folders above it, but no times. */
function setLock(exchange: HttpExchange, node: Node, state: Lock | undefined): void {
  node.lock = state;
  node.renewEtag();
  exchange.instance.tree.touch(node.parent, false);
}

function createEmpty(exchange: HttpExchange, resource: DavResource): Node {
  const parent = resource.parentNode;
  if (parent?.type !== 'directory') throw typeError();
  return create(exchange.instance.tree, parent, { name: resource.name, content: contentBytes('') });
}

function seconds(timeout: string | undefined): number {
  const match = /^Second-(\d+)$/i.exec(timeout?.trim() ?? '');
  if (match) return Number(match[1]);
  return /^infinite$/i.test(timeout ?? '') ? FOREVER : DEFAULT_SECONDS;
}

function sendState(exchange: HttpExchange, node: Node, status: number): void {
  const state = lockProperties.map(([name, get]) => {
    const value = get(node);
    return value === undefined || value === null ? `<nc:${name}/>` : `<nc:${name}>${value}</nc:${name}>`;
  });
  const inner = `<d:getetag>${escapeMarkup(node.etag)}</d:getetag>${state.join('')}`;
  exchange.reply(status, propOf(inner), { 'Content-Type': xmlType });
}
