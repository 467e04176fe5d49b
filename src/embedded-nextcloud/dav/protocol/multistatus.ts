import { escapeMarkup } from '../../http/escape.ts';
import { DAV, NC, OC } from './xml.ts';

const prefixes = new Map([
  [DAV, 'd'],
  [OC, 'oc'],
  [NC, 'nc'],
]);

export const multistatusOpen =
  '<?xml version="1.0"?>\n<d:multistatus xmlns:d="DAV:" xmlns:s="http://sabredav.org/ns" ' +
  'xmlns:oc="http://owncloud.org/ns" xmlns:nc="http://nextcloud.org/ns">';
export const multistatusClose = '</d:multistatus>\n';
const PIECE = 64 * 1024;

/** A complete multistatus response in pieces of at least 64 KiB. An empty one is a self-closing element, as PHP writes it. */
export function* multistatus(responses: Iterable<string>): Generator<string> {
  let buffer = multistatusOpen;
  let isEmpty = true;
  for (const response of responses) {
    isEmpty = false;
    buffer += response;
    if (buffer.length > PIECE) {
      yield buffer;
      buffer = '';
    }
  }
  yield isEmpty ? `${buffer.slice(0, -1)}/>\n` : buffer + multistatusClose;
}

export const xmlType = 'application/xml; charset=utf-8';

interface Tag {
  open: string;
  close: string;
  empty: string;
}

/** Splits a name in Clark notation, `{namespace}local`. */
export function clark(name: string): [uri: string, local: string] {
  const end = name.indexOf('}');
  return [name.slice(1, end), name.slice(end + 1)];
}

/** Makes tags of property names. Namespaces that Nextcloud does not declare get the prefixes `x1`, `x2`, … */
export class TagTable {
  readonly #tags = new Map<string, Tag>();
  readonly #own = new Map<string, string>();

  tag(name: string): Tag {
    const known = this.#tags.get(name);
    if (known) return known;
    const [uri, local] = clark(name);
    let prefix = prefixes.get(uri);
    let declaration = '';
    if (prefix === undefined) {
      prefix = this.#own.get(uri) ?? `x${this.#own.size + 1}`;
      this.#own.set(uri, prefix);
      declaration = ` xmlns:${prefix}="${escapeMarkup(uri)}"`;
    }
    const tag = {
      open: `<${prefix}:${local}${declaration}>`,
      close: `</${prefix}:${local}>`,
      empty: `<${prefix}:${local}${declaration}/>`,
    };
    this.#tags.set(name, tag);
    return tag;
  }
}

export const statusLines: Record<number, string> = {
  200: 'HTTP/1.1 200 OK',
  204: 'HTTP/1.1 204 No Content',
  403: 'HTTP/1.1 403 Forbidden',
  404: 'HTTP/1.1 404 Not Found',
  409: 'HTTP/1.1 409 Conflict',
  412: 'HTTP/1.1 412 Precondition failed',
  418: "HTTP/1.1 418 I'm a teapot",
  424: 'HTTP/1.1 424 Failed Dependency',
};

export function propstat(status: number, props: string): string {
  const prop = props === '' ? '<d:prop/>' : `<d:prop>${props}</d:prop>`;
  return `<d:propstat>${prop}<d:status>${statusLines[status] ?? ''}</d:status></d:propstat>`;
}

/** Returns the inner XML of a property: `null` for an empty element, `undefined` for status 404. */
export type Getter<T> = (item: T) => string | null | undefined;

/** Writes the `d:response` elements of a listing. Tags and getters are looked up only once. */
export class ResponseWriter<T> {
  readonly #columns: { tag: Tag; get: Getter<T> | undefined }[];
  readonly #minimal: boolean;

  constructor(names: readonly string[], getters: ReadonlyMap<string, Getter<T>>, minimal = false) {
    const table = new TagTable();
    this.#columns = names.map((name) => ({ tag: table.tag(name), get: getters.get(name) }));
    this.#minimal = minimal;
  }

  write(href: string, item: T): string {
    let found = '';
    let missing = '';
    for (const { tag, get } of this.#columns) {
      const value = get?.(item);
      if (value === undefined) missing += tag.empty;
      else if (value === null) found += tag.empty;
      else found += tag.open + value + tag.close;
    }
    let body = '';
    if (found !== '' || (missing === '' && this.#columns.length > 0)) body += propstat(200, found);
    if (missing !== '' && !(this.#minimal && found !== '')) {
      body += propstat(this.#minimal ? 418 : 404, this.#minimal ? '' : missing);
    }
    if (body === '') body = propstat(418, '');
    return `<d:response><d:href>${href}</d:href>${body}</d:response>`;
  }
}
