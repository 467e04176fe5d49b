import type { IncomingMessage, ServerResponse } from 'node:http';
import { oneCall } from './attack.ts';
import type { Attack, Group, Prepare } from './attack.ts';

/** Answers of a Nextcloud that has much, or that is hostile. */

const NAME = 240;
const BASE = '/remote.php/dav/files/demo';

const padded = (index: number, letter: string): string =>
  `${letter.repeat(NAME - String(index).length)}${index}`;
const many = (folder: string, count: number, name: (index: number) => string): Prepare => {
  return (home) => {
    if (home.exists(folder)) return;
    for (let index = 0; index < count; index++) home.put(`${folder}/${name((index * 7919) % count)}`, '');
  };
};

interface Listed {
  readonly href: string;
  /** Elements beside the usual properties. */
  readonly more?: string;
}

const namespaces = 'xmlns:d="DAV:" xmlns:oc="http://owncloud.org/ns" xmlns:nc="http://nextcloud.org/ns"';

function response({ href, more = '' }: Listed): string {
  const folder = href.endsWith('/');
  return (
    `<d:response><d:href>${href}</d:href><d:propstat><d:prop>` +
    `<d:resourcetype>${folder ? '<d:collection/>' : ''}</d:resourcetype><d:getetag>"e"</d:getetag>` +
    '<d:getlastmodified>Mon, 28 Sep 2026 10:00:00 GMT</d:getlastmodified><oc:fileid>7</oc:fileid>' +
    `<oc:permissions>RGDNVCK</oc:permissions><oc:size>5</oc:size>${more}</d:prop>` +
    '<d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>'
  );
}

/** Answers each request with this multistatus. */
function multistatus(root: string, entries: () => Iterable<Listed>): NonNullable<Attack['cloud']> {
  let body: string | undefined;
  return (request: IncomingMessage, answer: ServerResponse) => {
    request.resume();
    body ??= [
      `<?xml version="1.0"?><d:multistatus ${namespaces} ${root}>`,
      ...Iterator.from([{ href: `${BASE}/x/` }]).map(response),
      ...Iterator.from(entries()).map(response),
      '</d:multistatus>',
    ].join('');
    answer.writeHead(207, { 'content-type': 'application/xml; charset=utf-8' });
    answer.end(body);
  };
}

function* times(count: number, entry: (index: number) => Listed): Generator<Listed> {
  for (let index = 0; index < count; index++) yield entry(index);
}

const prefixes = (count: number): string =>
  Array.from({ length: count }, (_, index) => `xmlns:n${index}="urn:${index}"`).join(' ');
const list = { folder_path: '/x', limit: 1000 };
const file = (index: number): string => `${BASE}/x/${index}`;

function hostile(name: string, root: string, entries: () => Iterable<Listed>): Attack {
  const cloud = multistatus(root, entries);
  return {
    name,
    cloud,
    blows: () => [
      { tool: 'list_files', args: list },
      { tool: 'get_file_info', args: { file_path: '/x' } },
      { tool: 'search_files', args: { query: '*1*', folder_path: '/x', limit: 1000 } },
    ],
  };
}

const usual = (folder: string, more: Record<string, unknown> = {}) => [
  { tool: 'list_files', args: { folder_path: folder, limit: 1000, ...more } },
  { tool: 'list_files', args: { folder_path: folder, sort_by: 'size', order: 'desc', limit: 1000 } },
  { tool: 'list_files', args: { folder_path: folder, sort_by: 'name', limit: 1000 } },
  { tool: 'search_files', args: { query: '*a*1*', folder_path: folder, limit: 1000 } },
];

export const listings: Group = {
  attacks: [
    {
      name: '10,000 names of 240 letters',
      prepare: many('/long', 10_000, (index) => padded(index, 'a')),
      blows: () => usual('/long'),
    },
    {
      name: '20,000 names in percent encoding',
      prepare: many('/encoded', 20_000, (index) => `${'\u00E4 %'.repeat(25)}${index}`),
      blows: () => usual('/encoded'),
    },
    {
      name: '10,000 names of digits',
      prepare: many('/digits', 10_000, (index) => `${'1'.repeat(230)}${index}`),
      blows: () => usual('/digits'),
    },
    {
      name: '10,000 names that are seen only in part',
      prepare: many('/unseen', 10_000, (index) => `${'\u202E\u200B'.repeat(30)}${index}`),
      blows: () => usual('/unseen'),
    },
    hostile('10,000 names wholly in percent encoding', '', () =>
      times(10_000, (index) => ({ href: `${BASE}/x/${'%61'.repeat(230)}${index}` })),
    ),
    hostile('1,000 namespaces', prefixes(900), () => times(5000, (index) => ({ href: file(index) }))),
    hostile('20 namespaces on each element', '', () =>
      times(5000, (index) => ({ href: file(index), more: `<d:x ${prefixes(20)}/>` })),
    ),
    hostile('5,000 names of elements', '', () =>
      times(5000, (index) => ({ href: file(index), more: `<d:x${index}>y</d:x${index}>` })),
    ),
    hostile('a property of 900,000 letters', '', () =>
      times(20, (index) => ({ href: file(index), more: `<nc:note>${'x'.repeat(900_000)}</nc:note>` })),
    ),
    hostile('a property of 900,000 character references', '', () =>
      times(20, (index) => ({ href: file(index), more: `<nc:note>${'&#65;'.repeat(400_000)}</nc:note>` })),
    ),
    hostile('9,000 elements in a property', '', () =>
      times(50, (index) => ({
        href: file(index),
        more: `<nc:system-tags>${'<nc:system-tag>x</nc:system-tag>'.repeat(9000)}</nc:system-tags>`,
      })),
    ),
    hostile('50,000 attributes', '', () =>
      times(50, (index) => ({
        href: file(index),
        more: `<d:x ${Array.from({ length: 50_000 }, (_, at) => `a${at}="x"`).join(' ')}/>`,
      })),
    ),
    hostile('100,000 levels of XML', '', () =>
      times(1, (index) => ({ href: file(index), more: '<d:x>'.repeat(100_000) + '</d:x>'.repeat(100_000) })),
    ),
    hostile('an href of 20 MB', '', () => times(1, () => ({ href: `${BASE}/x/${'a'.repeat(20_000_000)}` }))),
    hostile('an href of 300,000 slashes', '', () =>
      times(3, (index) => ({ href: `${BASE}/x${'/a'.repeat(300_000)}${index}` })),
    ),
    hostile('100,000 entries', '', () => times(100_000, (index) => ({ href: file(index) }))),
    oneCall(
      '1,000 tags, owners and notes',
      'list_shares',
      { file_path: '/x' },
      {
        cloud: (request, answer) => {
          request.resume();
          const share = {
            id: '1',
            share_type: 0,
            permissions: 1,
            path: '/x',
            note: 'n'.repeat(10_000),
            item_type: 'file',
          };
          const data = Array.from({ length: 1000 }, (_, index) => ({ ...share, id: String(index) }));
          answer.writeHead(200, { 'content-type': 'application/json' });
          answer.end(JSON.stringify({ ocs: { meta: { status: 'ok', statuscode: 200 }, data } }));
        },
      },
    ),
    oneCall(
      '20 MB of JSON with 5,000,000 levels',
      'list_shares',
      { file_path: '/x' },
      {
        cloud: (request, answer) => {
          request.resume();
          answer.writeHead(200, { 'content-type': 'application/json' });
          answer.end(
            `{"ocs":{"meta":{"status":"ok","statuscode":200},"data":${'['.repeat(5_000_000)}${']'.repeat(5_000_000)}}}`,
          );
        },
      },
    ),
  ],
};
