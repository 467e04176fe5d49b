import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { docx, ods, pages, xlsx, zip } from '../../documents/forge.ts';
import { openScene } from '../scene.ts';
import type { Scene } from '../scene.ts';

const paragraph = (text: string): string => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`;
const report = docx(`${paragraph('An introduction')}${paragraph('The pelican was seen in March')}`);

const mail = (text: string, attachment: Uint8Array): string =>
  [
    'From: a@example.com',
    'Subject: birds',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from(text).toString('base64'),
    '--b',
    'Content-Type: application/octet-stream; name=report.docx',
    'Content-Disposition: attachment; filename=report.docx',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from(attachment).toString('base64'),
    '--b--',
    '',
  ].join('\r\n');

const cells = (rows: number, at: number, word: string): string =>
  Array.from(
    { length: rows },
    (_, i) =>
      `<row r="${i + 1}"><c r="A${i + 1}" t="inlineStr"><is><t>row ${i + 1}</t></is></c>` +
      `<c r="B${i + 1}" t="inlineStr"><is><t>${i + 1 === at ? word : 'x'}</t></is></c></row>`,
  ).join('');

const table = (name: string, text: string): string =>
  `<table:table table:name="${name}"><table:table-row><table:table-cell><text:p>first</text:p></table:table-cell></table:table-row>` +
  `<table:table-row><table:table-cell><text:p>${text}</text:p></table:table-cell></table:table-row></table:table>`;

const book = zip([
  { name: 'mimetype', data: 'application/epub+zip', method: 0 },
  { name: 'META-INF/container.xml', data: '<container><rootfile full-path="o/a.opf"/></container>' },
  {
    name: 'o/a.opf',
    data: '<package><manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/><item id="b" href="b.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/><itemref idref="b"/></spine></package>',
  },
  { name: 'o/a.xhtml', data: '<html><body><p>nothing</p></body></html>' },
  { name: 'o/b.xhtml', data: '<html><body><h1>Two</h1><p>a pelican again</p></body></html>' },
]);

const inner = zip([{ name: 'deep/notes.txt', data: 'one\ntwo\nthe pelican is here\n' }]);

/** What is in each file, how it is found, and what reads the place. */
const files: Readonly<
  Record<string, { data: Uint8Array | string; rows: string; read: Record<string, unknown> }>
> = {
  'mail.eml': {
    data: mail('Dear all,\nthe pelican has come.\n', docx(paragraph('nothing'))),
    rows: '/D/mail.eml\n5: the pelican has come.',
    read: { file_path: '/D/mail.eml', offset: 5, limit: 1 },
  },
  'attached.eml': {
    data: mail('See the report.', report),
    rows: '/D/attached.eml!/report.docx\n3: The pelican was seen in March',
    read: { file_path: '/D/attached.eml!/report.docx', offset: 3, limit: 1 },
  },
  'packed.zip': {
    data: zip([
      { name: 'a/', data: '' },
      { name: 'a/report.docx', data: report },
    ]),
    rows: '/D/packed.zip!/a/report.docx\n3: The pelican was seen in March',
    read: { file_path: '/D/packed.zip!/a/report.docx', offset: 3, limit: 1 },
  },
  'nested.zip': {
    data: zip([
      { name: 'first.txt', data: 'nothing' },
      { name: 'inner.zip', data: inner },
      { name: 'last.txt', data: 'nothing' },
    ]),
    rows: '/D/nested.zip!/inner.zip!/deep/notes.txt\n3: the pelican is here',
    read: { file_path: '/D/nested.zip!/inner.zip!/deep/notes.txt', offset: 3, limit: 1 },
  },
  'log.gz': {
    data: gzipSync('one\nthe pelican in a log\n'),
    rows: '/D/log.gz\n2: the pelican in a log',
    read: { file_path: '/D/log.gz', offset: 2, limit: 1 },
  },
  'long.pdf': {
    data: pages(420, (page) => (page === 400 ? 'first line\na pelican flies' : `This is page ${page}`)),
    rows: '/D/long.pdf\npage 400: a pelican flies',
    read: { file_path: '/D/long.pdf', offset: 400, limit: 1 },
  },
  'table.xlsx': {
    data: xlsx(cells(5000, 4321, 'pelican')),
    rows: '/D/table.xlsx\nrow 4321: row 4321 | pelican',
    read: { file_path: '/D/table.xlsx', offset: 4321, limit: 1 },
  },
  'two sheets.ods': {
    data: ods(`${table('Gulls', 'none')}${table('Other &quot;birds&quot;', 'pelican')}`),
    rows: '/D/two sheets.ods sheet="Other \\"birds\\""\nrow 2: pelican',
    read: { file_path: '/D/two sheets.ods', sheet: 'Other "birds"', offset: 2, limit: 1 },
  },
  'book.epub': {
    data: book,
    rows: '/D/book.epub\nchapter 2: a pelican again',
    read: { file_path: '/D/book.epub', offset: 2, limit: 1 },
  },
  'page.html': {
    data: '<html><body><p>nothing</p><p>the p<b>eli</b>can &amp; others</p></body></html>',
    rows: '/D/page.html\n3: the p**eli**can & others',
    read: { file_path: '/D/page.html', offset: 3, limit: 1 },
  },
};

const bodyOf = (text: string): string => /<<<(\w+)\n([^]*)\n\1>>>/.exec(text)?.[2] ?? '';

describe('In documents and archives', { timeout: 60_000 }, () => {
  let scene: Scene;

  beforeAll(async () => {
    scene = await openScene();
    const home = scene.cloud.home();
    for (const [name, { data }] of Object.entries(files)) home.put(`/D/${name}`, Buffer.from(data));
    home.put('/P/picture.png', Buffer.from('89504e470d0a1a0a', 'hex'));
    home.put('/P/locked.zip', Buffer.from(zip([{ name: 'a.txt', data: 'pelican', encrypted: true }])));
    home.put('/P/broken.docx', 'PK\u0003\u0004 this is no document');
    home.put('/P/unread.doc', Buffer.from('d0cf11e0a1b11ae1', 'hex'));
    home.put('/P/good.txt', 'pelican');
  });

  afterAll(async () => scene.close());

  it.each(Object.entries(files))(
    'a word is found with its place, which reads it: %s',
    async (name, { rows, read }) => {
      const pattern = name === 'page.html' ? 'p**eli**can' : 'pelican';
      const search = { pattern, folder_path: '/D', file_glob: name, context_lines: 0 };
      const { text } = await scene.ok('search_file_contents', search);
      expect(bodyOf(text)).toBe(rows);
      expect(text).toMatch(/\| 1 match \| 1 of 1 files searched \| complete/);
      expect((await scene.ok('read_file', read)).text).toContain(pattern);
    },
  );

  it('the source of a page and of a mail is searched where its text has nothing', async () => {
    const search = { folder_path: '/D', context_lines: 0 };
    const page = await scene.ok('search_file_contents', {
      ...search,
      pattern: '<b>eli',
      file_glob: '*.html',
    });
    expect(bodyOf(page.text)).toMatch(/^\/D\/page\.html as=text\n1: <html>/);
    const head = await scene.ok('search_file_contents', {
      ...search,
      pattern: 'boundary=b',
      file_glob: 'mail.eml',
    });
    expect(bodyOf(head.text)).toBe('/D/mail.eml as=text\n4: Content-Type: multipart/mixed; boundary=b');
  });

  it('what could not be searched is named, and the answer is not complete', async () => {
    const { text } = await scene.ok('search_file_contents', { pattern: 'pelican', folder_path: '/P' });
    expect(text).toMatch(/\| 1 match \| 1 of 5 files searched \| not complete/);
    expect(text).toMatch(/Not searched: .*1 picture/);
    expect(text).toMatch(/protected with a password: \/P\/locked\.zip!\/a\.txt/);
    expect(text).toMatch(/\/P\/broken\.docx/);
    expect(text).toMatch(/\/P\/unread\.doc|1 not text/);
  });

  it('a scanned page keeps the answer from being complete', async () => {
    const scanned = Buffer.from(pages(3, (page) => (page === 2 ? '' : 'words')));
    scene.cloud.home().put('/S/scan.pdf', scanned);
    const { text } = await scene.ok('search_file_contents', { pattern: 'pelican', folder_path: '/S' });
    expect(text).toMatch(
      /not complete\nNot searched: pages without text, most likely scanned: \/S\/scan\.pdf\./,
    );
  });

  it('all words of a pattern may be on two lines of a paragraph', async () => {
    const text = 'In the end the pelican\nflew away.\n\nNobody saw it.';
    scene.cloud.home().put('/W/paragraph.pdf', Buffer.from(pages(1, () => text)));
    const search = { match: 'words', folder_path: '/W', context_lines: 0 };
    expect(
      bodyOf((await scene.ok('search_file_contents', { ...search, pattern: 'away PELICAN' })).text),
    ).toMatch(/page 1: In the end the pelican/);
  });

  it('a document without a match does not stay open', async () => {
    scene.cloud.home().put('/M/a.pdf', Buffer.from(pages(2)));
    await scene.ok('search_file_contents', { pattern: 'nowhere', folder_path: '/M' });
    const { text } = await scene.ok('search_file_contents', { pattern: 'page 2', folder_path: '/M' });
    expect(bodyOf(text)).toContain('page 2: This is page 2');
  });
});

describe('The access policy', () => {
  it('holds for what is in archives', async () => {
    const scene = await openScene({ NEXTCLOUD_DENY: '**/secret*' });
    const home = scene.cloud.home();
    const members = [
      { name: 'secret.txt', data: 'pelican' },
      { name: 'open.txt', data: 'pelican' },
      { name: 'secret-locked.txt', data: 'pelican', encrypted: true },
    ];
    home.put('/A/some.zip', Buffer.from(zip(members)));
    home.put('/A/secret.txt', 'pelican');
    const { text } = await scene.ok('search_file_contents', { pattern: 'pelican', folder_path: '/A' });
    expect(bodyOf(text)).toBe('/A/some.zip!/open.txt\n1: pelican');
    expect(text).not.toContain('secret');
    for (const folder_path of ['/A/secret.txt', '/A/some.zip!/secret.txt'])
      expect(await scene.fails('search_file_contents', { pattern: 'pelican', folder_path })).toMatch(
        /^not_found/,
      );
    await scene.close();
  });
});
