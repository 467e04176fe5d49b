import { constants, crc32, deflateRawSync } from 'node:zlib';

/** Builds malformed and malicious files. */

export interface Member {
  name: string;
  data: Uint8Array | string;
  /** The size that the ZIP directory declares, when it is false. */
  size?: number;
  encrypted?: boolean;
  method?: number;
  /** How often the data is repeated. It is compressed only once, so that a decompression bomb is cheap to make. */
  times?: number;
  /** The data before and after the repetition. */
  around?: [string, string];
}

export function zip(members: readonly Member[]): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, data, size, encrypted, method = 8, times = 1, around = ['', ''] } of members) {
    const plain = Buffer.from(data);
    const [first, last] = around.map((text) => Buffer.from(text));
    const packed = method === 8 ? repeated(plain, times, first, last) : plain;
    let sum = crc32(first ?? '');
    for (let i = 0; i < times; i++) sum = crc32(plain, sum);
    sum = crc32(last ?? '', sum);
    const whole = plain.length * times + (first?.length ?? 0) + (last?.length ?? 0);
    const title = Buffer.from(name);
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE(encrypted ? 1 : 0, 2);
    head.writeUInt16LE(method, 4);
    head.writeUInt32LE(sum, 10);
    head.writeUInt32LE(packed.length, 14);
    head.writeUInt32LE(size ?? whole, 18);
    head.writeUInt16LE(title.length, 22);
    parts.push(Buffer.from('PK\x03\x04', 'latin1'), head, title, packed);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), head, tail, title);
    at += 30 + title.length + packed.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(members.length & 0xffff, 8);
  end.writeUInt16LE(members.length & 0xffff, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, list, end]);
}

/** A raw deflate stream that repeats a block: a full flush ends it at a byte boundary and resets the compressor. */
export function repeated(
  block: Uint8Array,
  times: number,
  first: Uint8Array = new Uint8Array(),
  last: Uint8Array = new Uint8Array(),
): Buffer {
  const flushed = (bytes: Uint8Array): Buffer =>
    bytes.length === 0
      ? Buffer.alloc(0)
      : deflateRawSync(bytes, { level: 9, finishFlush: constants.Z_FULL_FLUSH });
  const packed = flushed(block);
  const blocks = Array.from({ length: times }, () => packed);
  return Buffer.concat([flushed(first), ...blocks, flushed(last), Buffer.from([3, 0])]);
}

/** The same as a gzip file; `stream` is the same as a zlib stream in a PDF. */
export function gzipped(first: Uint8Array, block: Uint8Array, times: number): Buffer {
  let sum = crc32(first);
  for (let i = 0; i < times; i++) sum = crc32(block, sum);
  const end = Buffer.alloc(8);
  end.writeUInt32LE(sum);
  end.writeUInt32LE(first.length + block.length * times, 4);
  return Buffer.concat([Buffer.from([31, 139, 8, 0, 0, 0, 0, 0, 0, 3]), repeated(block, times, first), end]);
}

const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

export function docx(body: string, more: readonly Member[] = [], before = ''): Uint8Array {
  return officeFile({ name: 'word/document.xml', data: wordXml(body, before) }, more);
}

export function wordXml(body: string, before = ''): string {
  return `<?xml version="1.0"?>${before}<w:document><w:body>${body}</w:body></w:document>`;
}

function officeFile(main: Member, more: readonly Member[]): Uint8Array {
  return zip([{ name: '[Content_Types].xml', data: '<Types/>' }, main, ...more]);
}

export function xlsx(rows: string, more: readonly Member[] = []): Uint8Array {
  return zip([
    { name: '[Content_Types].xml', data: '<Types/>' },
    {
      name: 'xl/workbook.xml',
      data: `<workbook xmlns:r="${relations}"><sheets><sheet name="One" sheetId="1" r:id="r1"/></sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      data:
        `<Relationships><Relationship Id="r1" Type="${relations}/worksheet" Target="worksheets/sheet1.xml"/>` +
        `<Relationship Id="r2" Type="${relations}/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
    },
    { name: 'xl/worksheets/sheet1.xml', data: `<worksheet><sheetData>${rows}</sheetData></worksheet>` },
    ...more,
  ]);
}

export function ods(table: string): Uint8Array {
  return zip([
    { name: 'mimetype', data: 'application/vnd.oasis.opendocument.spreadsheet', method: 0 },
    {
      name: 'content.xml',
      data: `<office:document-content><office:body><office:spreadsheet>${table}</office:spreadsheet></office:body></office:document-content>`,
    },
  ]);
}

/** A PDF of numbered objects; the first is its catalog. */
export function pdf(objects: readonly (string | Buffer)[]): Uint8Array {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n')];
  const offsets: number[] = [];
  let at = 9;
  for (const [i, object] of objects.entries()) {
    offsets.push(at);
    const bytes = Buffer.concat([
      Buffer.from(`${i + 1} 0 obj\n`),
      Buffer.from(object as string),
      Buffer.from('\nendobj\n'),
    ]);
    parts.push(bytes);
    at += bytes.length;
  }
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${rows}trailer\n<</Size ${size}/Root 1 0 R>>\nstartxref\n${at}\n%%EOF\n`;
  return Buffer.concat([...parts, Buffer.from(table)]);
}

export function stream(data: Uint8Array | string, extra = ''): Buffer {
  const bytes = Buffer.from(data as string);
  return Buffer.concat([
    Buffer.from(`<</Length ${bytes.length}${extra}>>stream\n`),
    bytes,
    Buffer.from('\nendstream'),
  ]);
}

/** A PDF with a line of text on each page. */
export function pages(
  count: number,
  text: (page: number) => string = (page) => `This is page ${page}`,
): Uint8Array {
  const objects: (string | Buffer)[] = [
    '<</Type/Catalog/Pages 2 0 R>>',
    `<</Type/Pages/Count ${count}/Kids[${Array.from({ length: count }, (_, i) => `${4 + 2 * i} 0 R`).join(' ')}]>>`,
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>',
  ];
  for (let i = 0; i < count; i++) {
    const contents = `${5 + 2 * i} 0 R`;
    objects.push(
      `<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 3 0 R>>>>/Contents ${contents}>>`,
      stream(
        `BT /F1 12 Tf 14 TL 72 720 Td ${text(i + 1)
          .split('\n')
          .map((line) => `(${line}) Tj T*`)
          .join(' ')} ET`,
      ),
    );
  }
  return pdf(objects);
}
