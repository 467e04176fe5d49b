import type { HttpExchange } from '../../http/http-exchange.ts';
import { escapeMarkup } from '../../http/escape.ts';
import { forbidden } from '../protocol/sabre-error.ts';
import type { Node } from '../../store/node.ts';
import { multistatusClose, multistatusOpen, propstat, TagTable, xmlType } from '../protocol/multistatus.ts';
import type { DavResource } from '../protocol/dav-resource.ts';
import { parseTime } from '../protocol/time-header.ts';
import type { XmlElement } from '../protocol/xml.ts';
import { childElement, DAV, NC, OC, parseRoot } from '../protocol/xml.ts';

interface Change {
  name: string;
  value: XmlElement | undefined;
}

const protectedNames = new Set([
  ...['getlastmodified', 'getcontentlength', 'displayname'].map((n) => `{${DAV}}${n}`),
  ...['quota-used-bytes', 'quota-available-bytes', 'lockdiscovery', 'supportedlock'].map(
    (n) => `{${DAV}}${n}`,
  ),
  ...['fileid', 'id', 'size', 'permissions', 'owner-id', 'owner-display-name', 'checksums'].map(
    (n) => `{${OC}}${n}`,
  ),
  ...['downloadURL', 'data-fingerprint', 'share-types', 'comments-count', 'comments-href'].map(
    (n) => `{${OC}}${n}`,
  ),
  ...['has-preview', 'mount-type', 'sharees', 'is-encrypted'].map((n) => `{${NC}}${n}`),
  ...['share-attributes', 'contained-file-count', 'contained-folder-count', 'last_activity'].map(
    (n) => `{${NC}}${n}`,
  ),
]);

const displayName = `{${DAV}}displayname`;

type Apply = (node: Node, value: string, exchange: HttpExchange) => void;

const special = new Map<string, Apply>([
  // "1" and "true" set the favorite mark, everything else clears it (apps/dav/lib/Connector/Sabre/TagsPlugin.php).
  [`{${OC}}favorite`, (node, value) => void (node.favorite = value === '1' || value === 'true')],
  [
    `{${DAV}}lastmodified`,
    (node, value, { instance }) => {
      node.mtime = parseTime(value, instance.major);
      if (node.type === 'file') node.forgetEtag();
      else node.renewEtag();
      instance.tree.touch(node.parent, false);
    },
  ],
  [`{${DAV}}getetag`, (node, value) => void (node.etag = value)],
  [
    `{${DAV}}creationdate`,
    (node, value) => void (node.creationTime = Math.floor(Date.parse(value) / 1000) || 0),
  ],
  [`{${NC}}creation_time`, (node, value) => void (node.creationTime = Math.trunc(Number(value)) || 0)],
]);

/** PROPPATCH (RFC 4918 section 9.2). It is atomic: when a property is protected, the others get 424. */
export async function serveProppatch(exchange: HttpExchange, resource: DavResource): Promise<void> {
  const root = parseRoot(await exchange.text(), `{${DAV}}propertyupdate`);
  if (resource.mount.foreign) throw forbidden();
  const node = resource.require();
  const changes = changesOf(root);
  const rejected = changes.filter(({ name }) => protectedNames.has(name));
  const results = new Map<number, string[]>();
  const note = (status: number, name: string): unknown =>
    results.set(status, [...(results.get(status) ?? []), name]);
  if (rejected.length > 0) {
    // displayname is checked last, and gets 403 only when no other property is protected.
    const first = rejected.filter(({ name }) => name !== displayName);
    const forbiddenNames = new Set((first.length > 0 ? first : rejected).map(({ name }) => name));
    for (const { name } of changes) note(forbiddenNames.has(name) ? 403 : 424, name);
  } else {
    for (const change of changes.toSorted((a, b) => rank(a) - rank(b))) {
      note(change.value ? 200 : 204, change.name);
      apply(exchange, node, change);
    }
  }
  const failed = rejected.length > 0;
  exchange.set('Vary', 'Brief,Prefer');
  if (!failed && exchange.header('prefer')?.includes('return=minimal')) {
    exchange.reply(204);
    return;
  }
  exchange.reply(207, render(resource.href, results), { 'Content-Type': xmlType });
}

/** Properties with an effect are handled before custom properties. */
const rank = ({ name }: Change): number => (special.has(name) ? 0 : 1);

function changesOf(root: XmlElement): Change[] {
  const out = new Map<string, Change>();
  for (const block of root.children) {
    const removes = block.name === `{${DAV}}remove`;
    if (!removes && block.name !== `{${DAV}}set`) continue;
    for (const prop of childElement(block, `{${DAV}}prop`)?.children ?? []) {
      out.set(prop.name, { name: prop.name, value: removes ? undefined : prop });
    }
  }
  return [...out.values()];
}

function apply(exchange: HttpExchange, node: Node, { name, value }: Change): void {
  const known = special.get(name);
  if (known) known(node, value?.text ?? '', exchange);
  else if (value) node.properties.set(name, escapeMarkup(value.text));
  else node.properties.delete(name);
}

function render(href: string, results: Map<number, string[]>): string {
  const table = new TagTable();
  const stats = [...results].map(([status, names]) =>
    propstat(status, names.map((name) => table.tag(name).empty).join('')),
  );
  return `${multistatusOpen}<d:response><d:href>${href}</d:href>${stats.join('')}</d:response>${multistatusClose}`;
}
