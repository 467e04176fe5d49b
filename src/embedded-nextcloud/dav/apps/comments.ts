import type { HttpExchange } from '../../http/http-exchange.ts';
import { escapeMarkup } from '../../http/escape.ts';
import {
  badRequest,
  forbidden,
  notFound,
  notImplemented,
  reportNotSupported,
  unsupportedMediaType,
} from '../protocol/sabre-error.ts';
import type { StoredComment, Node } from '../../store/node.ts';
import { nowSeconds } from '../../store/node.ts';
import { davBase } from '../protocol/dav-paths.ts';
import { httpDate } from '../protocol/date.ts';
import { readJsonBody } from '../protocol/json-body.ts';
import type { Getter } from '../protocol/multistatus.ts';
import { multistatusClose, multistatusOpen, propstat, xmlType } from '../protocol/multistatus.ts';
import { depthOf, requestedProperties, sendMultistatus, writerFor } from '../protocol/propfind.ts';
import { childElement, DAV, OC, parseRoot } from '../protocol/xml.ts';

const MAX_LENGTH = 1000;

interface Item {
  node: Node;
  comment: StoredComment;
}

const oc = (name: string): string => `{${OC}}${name}`;

const properties = new Map<string, Getter<Item>>([
  [`{${DAV}}resourcetype`, () => null],
  [oc('id'), ({ comment }) => String(comment.id)],
  [oc('parentId'), () => '0'],
  [oc('topmostParentId'), () => '0'],
  [oc('childrenCount'), () => '0'],
  [oc('message'), ({ comment }) => escapeMarkup(comment.message)],
  [oc('verb'), () => 'comment'],
  [oc('actorType'), () => 'users'],
  [oc('actorId'), ({ comment }) => escapeMarkup(comment.actor)],
  [oc('creationDateTime'), ({ comment }) => httpDate(comment.at)],
  [oc('objectType'), () => 'files'],
  [oc('objectId'), ({ node }) => String(node.id)],
  [oc('actorDisplayName'), ({ comment }) => escapeMarkup(comment.actorName)],
  [oc('mentions'), () => null],
  [oc('isUnread'), () => 'false'],
]);

/** Without a body, PROPFIND returns all properties of comments, unlike those of files. */
const everything = [...properties.keys()];

/** `comments/files/FILEID/ID` (apps/dav/lib/Comments). */
export async function serveComments(exchange: HttpExchange, segments: readonly string[]): Promise<void> {
  const [kind, fileId, id] = segments;
  const node =
    kind === 'files' && fileId !== undefined
      ? exchange.instance.nodeOf(exchange.user, Number(fileId))
      : undefined;
  if (!node) throw notFound('Entity does not exist or is not available');
  const base = `${davBase(exchange)}comments/files/${node.id}/`;
  if (id === undefined) return serveAll(exchange, node, base);
  const comment = node.comments.find((each) => String(each.id) === id);
  if (!comment) throw notFound('');
  switch (exchange.method) {
    case 'PROPFIND': {
      const names = (await requestedProperties(exchange)) ?? everything;
      return sendMultistatus(exchange, [
        writerFor(exchange, names, properties).write(base + id, { node, comment }),
      ]);
    }
    case 'PROPPATCH':
      return edit(exchange, comment, base + id);
    case 'DELETE':
      node.comments.splice(node.comments.indexOf(comment), 1);
      return exchange.reply(204);
    default:
      throw notImplemented(exchange.method);
  }
}

async function serveAll(exchange: HttpExchange, node: Node, base: string): Promise<void> {
  switch (exchange.method) {
    case 'POST':
      return add(exchange, node, base);
    case 'PROPPATCH':
      return marker(exchange, base);
    case 'REPORT':
      return filter(exchange, node, base);
    case 'PROPFIND': {
      const names = await requestedProperties(exchange);
      const collection = new Map<string, Getter<null>>([
        [`{${DAV}}resourcetype`, () => '<d:collection/>'],
        [oc('readMarker'), () => httpDate(nowSeconds())],
      ]);
      const top = names ?? [...collection.keys()];
      const responses = [writerFor(exchange, top, collection).write(base, null)];
      const writer = writerFor(exchange, names ?? everything, properties);
      if (depthOf(exchange, 1) > 0) {
        for (const comment of node.comments.toReversed()) {
          responses.push(writer.write(`${base}${comment.id}`, { node, comment }));
        }
      }
      return sendMultistatus(exchange, responses);
    }
    default:
      throw notImplemented(exchange.method);
  }
}

async function add(exchange: HttpExchange, node: Node, base: string): Promise<void> {
  if (!(exchange.header('content-type') ?? '').startsWith('application/json')) throw unsupportedMediaType('');
  const { actorType, message } = await readJsonBody(exchange);
  if (actorType !== 'users')
    throw badRequest(`Invalid actor "${typeof actorType === 'string' ? actorType : ''}"`);
  const text = typeof message === 'string' ? message : '';
  if (text.length > MAX_LENGTH) throw badRequest(`Message exceeds allowed character limit of ${MAX_LENGTH}`);
  const { id: actor, displayName: actorName } = exchange.user;
  const id = exchange.instance.tree.nextId();
  node.comments.push({ id, actor, actorName, message: text, at: nowSeconds() });
  return exchange.reply(201, '', { 'Content-Location': `${base}${id}` });
}

async function filter(exchange: HttpExchange, node: Node, base: string): Promise<void> {
  const root = parseRoot(await exchange.text(), `{${OC}}filter-comments`);
  if (root.name !== `{${OC}}filter-comments`) throw reportNotSupported();
  const limit = Number(childElement(root, oc('limit'))?.text || node.comments.length);
  const offset = Number(childElement(root, oc('offset'))?.text || 0);
  const writer = writerFor(exchange, everything, properties);
  const page = node.comments.toReversed().slice(offset, offset + limit);
  const body = page.map((comment) => writer.write(`${base}${comment.id}`, { node, comment })).join('');
  exchange.reply(207, multistatusOpen + body + multistatusClose, { 'Content-Type': xmlType });
}

async function edit(exchange: HttpExchange, comment: StoredComment, href: string): Promise<void> {
  if (comment.actor !== exchange.user.id) throw forbidden('Only authors are allowed to edit their comment.');
  const root = parseRoot(await exchange.text(), `{${DAV}}propertyupdate`);
  const message = childElement(
    childElement(childElement(root, `{${DAV}}set`), `{${DAV}}prop`),
    oc('message'),
  );
  if (message) comment.message = message.text;
  reply(exchange, href, '<oc:message/>');
}

async function marker(exchange: HttpExchange, href: string): Promise<void> {
  parseRoot(await exchange.text(), `{${DAV}}propertyupdate`);
  reply(exchange, href, '<oc:readMarker/>');
}

function reply(exchange: HttpExchange, href: string, props: string): void {
  const body = `<d:response><d:href>${href}</d:href>${propstat(200, props)}</d:response>`;
  exchange.reply(207, multistatusOpen + body + multistatusClose, { 'Content-Type': xmlType });
}
