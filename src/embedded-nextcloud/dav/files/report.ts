import type { HttpExchange } from '../../http/http-exchange.ts';
import { badRequest, phpError, preconditionFailed, reportNotSupported } from '../protocol/sabre-error.ts';
import { walkNodes } from '../../store/node.ts';
import type { FolderNode, Node } from '../../store/node.ts';
import { fileProperties } from './file-properties.ts';
import { multistatusClose, multistatusOpen, ResponseWriter, xmlType } from '../protocol/multistatus.ts';
import { hrefOf } from '../protocol/dav-resource.ts';
import type { DavResource } from '../protocol/dav-resource.ts';
import type { XmlElement } from '../protocol/xml.ts';
import { childElement, DAV, NC, OC, parseXml, propNames, XmlError } from '../protocol/xml.ts';

/** REPORT `oc:filter-files`: favorites and system tags (apps/dav/lib/Connector/Sabre/FilesReportPlugin.php). */
export async function serveReport(exchange: HttpExchange, resource: DavResource): Promise<void> {
  const root = read(await exchange.text());
  const node = resource.require();
  if (root.name === `{${DAV}}sync-collection`) {
    const lacks = ['sync-token', 'prop'].find((name) => !childElement(root, `{${DAV}}${name}`));
    if (lacks === undefined) throw reportNotSupported();
    throw badRequest(`The {DAV:}${lacks} element in the {DAV:}sync-collection report is required`);
  }
  if (root.name !== `{${OC}}filter-files` || node.type === 'file') throw reportNotSupported();
  const rules = childElement(root, `{${OC}}filter-rules`);
  if (!rules || rules.children.length === 0) throw badRequest('Missing filter-rule block in request');
  const found = limited(matching(exchange, node, rules), childElement(root, `{${DAV}}limit`));
  const writer = new ResponseWriter(
    propNames(childElement(root, `{${DAV}}prop`)),
    fileProperties(exchange.instance, resource.mount.account),
  );
  const responses = found.map((each) => writer.write(hrefOf(resource.mount, each), each)).join('');
  exchange.reply(207, `${multistatusOpen}${responses}${multistatusClose}`, { 'Content-Type': xmlType });
}

function read(body: string): XmlElement {
  try {
    return parseXml(body);
  } catch (error) {
    if (error instanceof XmlError) throw badRequest(error.message);
    throw error;
  }
}

function matching(exchange: HttpExchange, folder: FolderNode, rules: XmlElement): Node[] {
  const tags = rules.children
    .filter((rule) => rule.name === `{${OC}}systemtag`)
    .map(({ text }) => tagId(exchange, text));
  const favorite = rules.children.some((rule) => rule.name === `{${OC}}favorite`);
  // Tags are searched in the whole home folder, favorites only below the requested folder.
  const start = favorite ? folder : exchange.user.home;
  const out: Node[] = [];
  for (const node of walkNodes(start)) {
    if (node === start || (favorite && !node.favorite)) continue;
    if (tags.every((id) => node.tags.has(id))) out.push(node);
  }
  return out;
}

function tagId(exchange: HttpExchange, text: string): number {
  if (!/^\d+$/.test(text)) throw phpError('InvalidArgumentException', 'Tag id must be integer');
  if (!exchange.instance.tags.has(Number(text))) {
    throw preconditionFailed('Cannot filter by non-existing tag', '');
  }
  return Number(text);
}

function limited(nodes: Node[], limit: XmlElement | undefined): Node[] {
  const first = Number(childElement(limit, `{${NC}}firstresult`)?.text ?? 0);
  const count = Number(childElement(limit, `{${DAV}}nresults`)?.text ?? nodes.length);
  return nodes.slice(first, first + count);
}
