import { gzipSync } from 'node:zlib';
import * as forge from '../../../test/documents/forge.ts';
import type { Attack, Group } from './attack.ts';

const mb = 1024 * 1024;
const repeat = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => make(index)).join('');

function column(index: number): string {
  const rest = Math.floor(index / 26);
  return (rest > 0 ? column(rest - 1) : '') + String.fromCharCode(65 + (index % 26));
}

const entityBomb = (): string => {
  let dtd = '<!DOCTYPE w:document [<!ENTITY l0 "lol">';
  for (let level = 1; level < 10; level++) dtd += `<!ENTITY l${level} "${`&l${level - 1};`.repeat(10)}">`;
  return `${dtd}]>`;
};

const cell =
  '<w:tc><w:tcPr><w:gridSpan w:val="1000000000"/></w:tcPr><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc>';
const table = (rows: number, cells: number): string =>
  `<w:tbl>${`<w:tr>${cell.repeat(cells)}</w:tr>`.repeat(rows)}</w:tbl>`;

/** A page tree in which every node has one other, or many. */
function pageTree(levels: number): Uint8Array {
  const objects = ['<</Type/Catalog/Pages 2 0 R>>'];
  for (let level = 0; level < levels; level++) objects.push(`<</Type/Pages/Count 1/Kids[${level + 3} 0 R]>>`);
  objects.push('<</Type/Page/MediaBox[0 0 9 9]>>');
  return forge.pdf(objects);
}

const wideTree = (pages: number): Uint8Array =>
  forge.pdf([
    '<</Type/Catalog/Pages 2 0 R>>',
    `<</Type/Pages/Count ${pages}/Kids[${'3 0 R '.repeat(pages)}]>>`,
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>',
  ]);

function page(contents: Buffer, resources = ''): Uint8Array {
  return forge.pdf([
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Count 1/Kids[3 0 R]>>',
    `<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<<${resources}/Font<</F1 5 0 R>>>>/Contents 4 0 R>>`,
    contents,
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
  ]);
}

const deflated = (piece: string, times: number): Buffer =>
  forge.stream(
    Buffer.concat([Buffer.from([0x78, 0x9c]), forge.repeated(Buffer.alloc(mb, piece), times)]),
    '/Filter/FlateDecode',
  );

const sheetRow = (cells: number): string =>
  `<row r="1">${repeat(cells, (index) => `<c r="${column(index)}1"><v>${index}</v></c>`)}</row>`;
const shared = (times: number): forge.Member => ({
  name: 'xl/sharedStrings.xml',
  data: '<si><t>ab</t></si>'.repeat(34_000),
  times,
  around: ['<sst>', '</sst>'],
});

function deepMail(): string {
  let mail = 'From: a@b.c\nSubject: deep\n';
  for (let level = 0; level < 50_000; level++)
    mail += `Content-Type: multipart/mixed; boundary="b${level}"\n\n--b${level}\n`;
  return mail;
}

/** By name, made when they are needed. */
export const worstDocuments: Readonly<Record<string, () => Uint8Array | string>> = {
  'row of 16,384 cells.xlsx': () => forge.xlsx(sheetRow(16_384)),
  'row of 1,000,000 cells.xlsx': () => forge.xlsx(`<row r="1">${'<c><v>1</v></c>'.repeat(1_000_000)}</row>`),
  '300 wide rows.xlsx': () => forge.xlsx(sheetRow(16_384).replaceAll('r="1"', '').repeat(60)),
  '4,000,000 rows.xlsx': () =>
    forge.zip([
      { name: '[Content_Types].xml', data: '<Types/>' },
      { name: 'xl/workbook.xml', data: '<workbook/>' },
      { name: 'xl/worksheets/sheet1.xml', data: '<row><c><v>1</v></c></row>'.repeat(40_000), times: 100 },
    ]),
  'strings of 200 MB.xlsx': () => forge.xlsx('<row r="1"><c r="A1" t="s"><v>3</v></c></row>', [shared(300)]),
  'gridSpan.docx': () => forge.docx(table(100, 50)),
  'gridSpan in many rows.docx': () => forge.docx(table(20_000, 60)),
  'nested tables.docx': () =>
    forge.docx('<w:tbl><w:tr><w:tc>'.repeat(80) + '<w:p/>' + '</w:tc></w:tr></w:tbl>'.repeat(80)),
  'entities.docx': () => forge.docx('<w:p><w:r><w:t>&l9;</w:t></w:r></w:p>', [], entityBomb()),
  '100,000 levels.docx': () => forge.docx('<w:sdt>'.repeat(100_000) + '</w:sdt>'.repeat(100_000)),
  '100 MB of text.docx': () =>
    forge.zip([
      { name: 'word/document.xml', data: '<w:p><w:r><w:t>x</w:t></w:r></w:p>'.repeat(30_000), times: 100 },
    ]),
  '2,000,000 attributes.docx': () => forge.docx(`<w:p ${repeat(400_000, (index) => `a${index}="1" `)}/>`),
  'repeated rows.ods': () =>
    forge.ods(
      '<table:table table:name="T"><table:table-row table:number-rows-repeated="999999999">' +
        '<table:table-cell table:number-columns-repeated="999999999"><text:p>x</text:p></table:table-cell>' +
        '</table:table-row></table:table>',
    ),
  'many repeated rows.ods': () =>
    forge.ods(
      `<table:table table:name="T">${'<table:table-row table:number-rows-repeated="9999"><table:table-cell table:number-columns-repeated="9999"><text:p>x</text:p></table:table-cell></table:table-row>'.repeat(5000)}</table:table>`,
    ),
  '60,000 entries.zip': () =>
    forge.zip(Array.from({ length: 60_000 }, (_, index) => ({ name: `f${index}`, data: '', method: 0 }))),
  'bomb.zip': () => forge.zip([{ name: 'bomb.txt', data: Buffer.alloc(mb), times: 300 }]),
  'bomb.gz': () => forge.gzipped(new Uint8Array(), Buffer.alloc(mb), 1000),
  'nested.gz': () => {
    let nested: Uint8Array = Buffer.from('end');
    for (let level = 0; level < 20; level++) nested = gzipSync(nested);
    return nested;
  },
  'page tree of 100,000 levels.pdf': () => pageTree(100_000),
  'page tree of 2,000 levels.pdf': () => pageTree(2000),
  'page tree of 1,000,000 kids.pdf': () => wideTree(1_000_000),
  '2,000 pages.pdf': () => forge.pages(2000),
  'false count.pdf': () =>
    Buffer.from(
      Buffer.from(forge.pages(1)).toString('latin1').replace('/Count 1/', '/Count 999999999/'),
      'latin1',
    ),
  '2 GB of operators.pdf': () => page(deflated('BT (x) Tj ET ', 2000)),
  '50 MB of operators.pdf': () => page(deflated('BT /F1 1 Tf (x) Tj ET ', 50)),
  '100 MB of open brackets.pdf': () => page(deflated('[', 100)),
  '1,000,000 objects.pdf': () =>
    forge.pdf([
      '<</Type/Catalog/Pages 2 0 R>>',
      '<</Type/Pages/Count 0/Kids[]>>',
      ...Array.from({ length: 500_000 }, () => '0'),
    ]),
  '4 MB of open tags.html': () => `<html>${'<div>'.repeat(mb)}`,
  '4 MB of brackets.html': () => `<html>${'<'.repeat(4 * mb)}`,
  '4 MB of entities.html': () => `<html>${'&amp'.repeat(mb)}`,
  '4 MB of groups.rtf': () => `{\\rtf1 ${'{'.repeat(4 * mb)}`,
  '10 MB of control words.rtf': () => `{\\rtf1 ${'\\b '.repeat(3 * mb)}`,
  'deep.eml': deepMail,
  '10 MB of headers.eml': () => `${'X: y\n'.repeat(2 * mb)}\n\n`,
  '10 MB of one header.eml': () => `Subject: ${'=?utf-8?q?x?= '.repeat(mb / 2)}\n\nx`,
};

const attacks = Object.entries(worstDocuments).map(([name, content]): Attack => ({
  name,
  prepare: (home) => home.put(`/documents/${name}`, Buffer.from(content() as string)),
  blows: () =>
    [{}, { offset: -1 }].map((args) => ({
      tool: 'read_file',
      args: { file_path: `/documents/${name}`, ...args },
    })),
}));

export const documents: Group = { attacks, most: 10_000, givesBack: true };
