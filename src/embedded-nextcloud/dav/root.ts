import type { HttpExchange } from '../http/http-exchange.ts';
import { encodeSegment } from '../http/url-encoding.ts';
import type { Getter } from './protocol/multistatus.ts';
import { depthOf, requestedProperties, sendMultistatus, writerFor } from './protocol/propfind.ts';
import { DAV } from './protocol/xml.ts';

const collections = [
  'principals',
  'files',
  'systemtags',
  'systemtags-relations',
  'comments',
  'uploads',
  'trashbin',
  'versions',
];

/** PROPFIND on the root, which has the property current-user-principal (RFC 5397 section 3). */
export async function propfindRoot(exchange: HttpExchange): Promise<void> {
  const { basePath } = exchange.instance;
  const principal = `${basePath}/remote.php/dav/principals/users/${encodeSegment(exchange.user.id)}/`;
  const getters = new Map<string, Getter<string>>([
    [`{${DAV}}resourcetype`, () => '<d:collection/>'],
    [`{${DAV}}current-user-principal`, () => `<d:href>${principal}</d:href>`],
  ]);
  const depth = depthOf(exchange, 1);
  const writer = writerFor(exchange, await requestedProperties(exchange), getters);
  const names = depth === 0 ? [''] : ['', ...collections.map((name) => `${name}/`)];
  await sendMultistatus(
    exchange,
    names.map((name) => writer.write(`${basePath}/remote.php/dav/${name}`, name)),
  );
}

/** PROPFIND on a collection whose members cannot be listed. */
export async function propfindUnlistable(exchange: HttpExchange, name: string): Promise<void> {
  const getters = new Map<string, Getter<string>>([[`{${DAV}}resourcetype`, () => '<d:collection/>']]);
  const writer = writerFor(exchange, await requestedProperties(exchange), getters);
  await sendMultistatus(exchange, [
    writer.write(`${exchange.instance.basePath}/remote.php/dav/${name}`, name),
  ]);
}
