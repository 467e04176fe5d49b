import type { ContractContext } from './context.ts';
import type { Reply } from './reply.ts';

const NAMESPACES =
  'xmlns:d="DAV:" xmlns:oc="http://owncloud.org/ns" xmlns:nc="http://nextcloud.org/ns" xmlns:x="https://github.com/icewind1991/SearchDAV/ns"';

interface Ask {
  readonly where?: string;
  readonly order?: string;
  readonly limit?: string;
  readonly scope?: string;
  readonly select?: string;
  readonly depth?: string;
  readonly type?: string;
  readonly path?: string;
}

export async function search(c: ContractContext, ask: Ask): Promise<Reply> {
  const scope = ask.scope ?? `/files/${c.server.login.userId}${c.folder}`;
  return c.at('SEARCH', ask.path ?? '/remote.php/dav/', {
    headers: { 'content-type': ask.type ?? 'text/xml' },
    body:
      `<?xml version="1.0"?><d:searchrequest ${NAMESPACES}><d:basicsearch><d:select>${ask.select ?? '<d:prop><oc:fileid/></d:prop>'}</d:select>` +
      `<d:from><d:scope><d:href>${scope}</d:href><d:depth>${ask.depth ?? 'infinity'}</d:depth></d:scope></d:from>` +
      `${ask.where === undefined ? '<d:where><d:and/></d:where>' : ask.where}${ask.order ?? ''}${ask.limit ?? ''}</d:basicsearch></d:searchrequest>`,
  });
}

export const where = (condition: string): string => `<d:where>${condition}</d:where>`;
export const compare = (operator: string, property: string, literal: string): string =>
  `<d:${operator}><d:prop><${property}/></d:prop><d:literal>${literal}</d:literal></d:${operator}>`;
export const order = (property: string, direction: 'ascending' | 'descending'): string =>
  `<d:orderby><d:order><d:prop><${property}/></d:prop><d:${direction}/></d:order></d:orderby>`;
