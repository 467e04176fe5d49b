import type { HttpExchange } from '../../http/http-exchange.ts';
import { escapeMarkup } from '../../http/escape.ts';
import {
  badRequest,
  conflict,
  forbidden,
  notFound,
  notImplemented,
  preconditionFailed,
  unsupportedMediaType,
} from '../protocol/sabre-error.ts';
import type { SystemTag } from '../../store/instance.ts';
import type { Node } from '../../store/node.ts';
import { davBase } from '../protocol/dav-paths.ts';
import { readJsonBody } from '../protocol/json-body.ts';
import type { Getter } from '../protocol/multistatus.ts';
import { multistatusClose, multistatusOpen, propstat, xmlType } from '../protocol/multistatus.ts';
import { depthOf, requestedProperties, sendMultistatus, writerFor } from '../protocol/propfind.ts';
import { childElement, DAV, NC, OC, parseRoot } from '../protocol/xml.ts';

const folder = new Map<string, Getter<null>>([[`{${DAV}}resourcetype`, () => '<d:collection/>']]);

const properties = new Map<string, Getter<SystemTag>>([
  [`{${DAV}}resourcetype`, () => null],
  [`{${OC}}id`, ({ id }) => String(id)],
  [`{${OC}}display-name`, ({ name }) => escapeMarkup(name)],
  [`{${OC}}user-visible`, ({ visible }) => String(visible)],
  [`{${OC}}user-assignable`, ({ assignable }) => String(assignable)],
  [`{${OC}}can-assign`, ({ assignable }) => String(assignable)],
  [`{${NC}}color`, ({ color }) => color],
]);

/** `systemtags/ID` (apps/dav/lib/SystemTag). */
export async function serveSystemTags(exchange: HttpExchange, segments: readonly string[]): Promise<void> {
  const { instance, method } = exchange;
  const [id] = segments;
  const base = `${davBase(exchange)}systemtags/`;
  if (id === undefined) {
    if (method === 'POST') return created(exchange, await createTag(exchange));
    if (method !== 'PROPFIND') throw notImplemented(method);
    return list(exchange, base, [...instance.tags.values()], (tag) => `${tag.id}/`);
  }
  const tag = instance.tags.get(Number(id));
  if (!tag) throw notFound(`Tag with id ${id} not found`);
  switch (method) {
    case 'PROPFIND': {
      const writer = writerFor(exchange, await requestedProperties(exchange), properties);
      return sendMultistatus(exchange, [writer.write(`${base}${id}/`, tag)]);
    }
    case 'PROPPATCH':
      return change(exchange, tag, `${base}${id}`);
    case 'DELETE':
      throw forbidden(`No permission to delete tag ${id}`);
    default:
      throw notImplemented(method);
  }
}

/** `systemtags-relations/files/FILEID/TAGID`. */
export async function serveTagRelations(exchange: HttpExchange, segments: readonly string[]): Promise<void> {
  const { instance, method } = exchange;
  const [kind, fileId, tagId] = segments;
  const node =
    kind === 'files' && fileId !== undefined
      ? exchange.instance.nodeOf(exchange.user, Number(fileId))
      : undefined;
  if (!node) throw notFound('Entity does not exist or is not available');
  if (tagId === undefined) {
    if (method === 'POST') {
      const tag = await createTag(exchange);
      node.tags.add(tag.id);
      return created(exchange, tag);
    }
    const tags = [...node.tags].flatMap((id) => instance.tags.get(id) ?? []);
    const base = `${davBase(exchange)}systemtags-relations/files/${node.id}/`;
    return list(exchange, base, tags, (tag) => String(tag.id));
  }
  if (!/^\d+$/.test(tagId)) throw badRequest('Invalid tag id');
  if (method === 'PUT') return assign(exchange, node, Number(tagId));
  if (!node.tags.has(Number(tagId))) throw notFound(`Tag with id ${tagId} not present for object ${node.id}`);
  if (method !== 'DELETE') throw notImplemented(method);
  node.tags.delete(Number(tagId));
  return exchange.reply(204);
}

function assign(exchange: HttpExchange, node: Node, id: number): void {
  if (node.tags.has(id)) throw conflict('PUT is not allowed on non-files.');
  if (!exchange.instance.tags.has(id)) {
    throw preconditionFailed(`Tag with id ${id} does not exist, cannot assign`, '');
  }
  node.tags.add(id);
  exchange.reply(201);
}

async function createTag(exchange: HttpExchange): Promise<SystemTag> {
  const type = exchange.header('content-type') ?? '';
  if (!type.startsWith('application/json')) throw unsupportedMediaType('');
  const data = await readJsonBody(exchange);
  const { name } = data;
  if (typeof name !== 'string') throw badRequest('Missing "name" attribute');
  const visible = data['userVisible'] !== false;
  const assignable = data['userAssignable'] !== false;
  if (!visible || !assignable) throw badRequest('Not sufficient permissions');
  for (const tag of exchange.instance.tags.values()) {
    if (tag.name === name) throw conflict('Tag already exists');
  }
  return exchange.instance.addTag(name);
}

function created(exchange: HttpExchange, tag: SystemTag): void {
  exchange.reply(201, '', { 'Content-Location': `${davBase(exchange)}systemtags/${tag.id}` });
}

async function list(
  exchange: HttpExchange,
  base: string,
  tags: readonly SystemTag[],
  name: (tag: SystemTag) => string,
): Promise<void> {
  const names = await requestedProperties(exchange);
  const responses = [writerFor(exchange, names, folder).write(base, null)];
  const writer = writerFor(exchange, names, properties);
  if (depthOf(exchange, 1) > 0) for (const tag of tags) responses.push(writer.write(base + name(tag), tag));
  return sendMultistatus(exchange, responses);
}

async function change(exchange: HttpExchange, tag: SystemTag, href: string): Promise<void> {
  const root = parseRoot(await exchange.text(), `{${DAV}}propertyupdate`);
  const prop = childElement(childElement(root, `{${DAV}}set`), `{${DAV}}prop`);
  const name = childElement(prop, `{${OC}}display-name`);
  const color = childElement(prop, `{${NC}}color`);
  if (name) tag.name = name.text;
  if (color) tag.color = color.text;
  const done = (name ? '<oc:display-name/>' : '') + (color ? '<nc:color/>' : '');
  const body = `<d:response><d:href>${href}</d:href>${propstat(200, done)}</d:response>`;
  exchange.reply(207, multistatusOpen + body + multistatusClose, { 'Content-Type': xmlType });
}
