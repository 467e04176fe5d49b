import { gzipSync } from 'node:zlib';
import { packTar } from 'modern-tar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DocumentPool, type Document, type UnitRange } from '../../src/documents/index.ts';
import { corpus } from './corpus.ts';
import { docx, gzipped, ods, pages, pdf, repeated, stream, xlsx, zip } from './forge.ts';

const mb = 1024 * 1024;
const limits = {
  memoryMb: 128,
  inputBytes: 32 * mb,
  archiveBytes: 64 * mb,
  callMs: 12_000,
  growthMb: 400,
};
const pool = new DocumentPool(limits);
const { signal } = new AbortController();

let before = 0;
let peak = 0;
let sampler: NodeJS.Timeout | undefined;

beforeAll(async () => {
  // Load the libraries first, so that their memory is not counted.
  await answer(pages(1), 'warm.pdf');
  before = process.memoryUsage.rss();
  sampler = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 20);
});

afterAll(async () => {
  clearInterval(sampler);
  await pool.close();
});

/** The text with its notes, or the error code and message. */
async function answer(
  bytes: Uint8Array,
  name: string,
  entry?: string,
  range: UnitRange = {},
): Promise<string> {
  let document: Document | undefined;
  try {
    document = await pool.open(bytes, entry === undefined ? { name } : { name, entry }, signal);
    const { text, notes } = await document.read(range, signal);
    return [`${document.format}:`, text, ...notes, ...document.lost].join('\n');
  } catch (error) {
    const { code, hint } = error as { code?: string; hint?: string };
    if (code === undefined || hint === undefined || hint === '') throw error;
    return `refused: ${code}: ${(error as Error).message}`;
  } finally {
    await document?.close();
  }
}

const zeros = (size: number): Buffer => Buffer.alloc(size);
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

describe('archives', () => {
  it('lists a decompression bomb without unpacking it', async () => {
    const bomb = zip([{ name: 'bomb.txt', data: zeros(mb), times: 300 }]);
    expect(bomb.length).toBeLessThan(mb);
    expect(await answer(bomb, 'a.zip')).toContain('bomb.txt (315 MB');
    expect(await answer(bomb, 'a.zip', 'bomb.txt')).toMatch(/refused: too_large/);
  });

  it('does not trust a declared size', async () => {
    const bomb = zip([{ name: 'small.txt', data: zeros(mb), times: 100, size: 10 }]);
    expect(await answer(bomb, 'a.zip', 'small.txt')).toMatch(/refused: damaged/);
  });

  it('limits the nesting of archives', async () => {
    let nested = zip([{ name: 'end.txt', data: 'end' }]);
    for (let i = 0; i < 9; i++) nested = zip([{ name: 'in.zip', data: nested }]);
    const deep = `${'in.zip!/'.repeat(9)}end.txt`;
    expect(await answer(nested, 'a.zip', deep)).toMatch(/refused: limit/);
    expect(await answer(nested, 'a.zip', 'in.zip!/in.zip')).toContain('in.zip');
  });

  it('limits the nesting of gzip files', async () => {
    let nested: Uint8Array = Buffer.from('end');
    for (let i = 0; i < 20; i++) nested = gzipSync(nested);
    expect(await answer(nested, 'a.gz')).toMatch(/refused: limit/);
  });

  it('stops a gzip bomb', async () => {
    expect(await answer(gzipped(new Uint8Array(), zeros(mb), 300), 'a.gz')).toMatch(/refused: too_large/);
  });

  it('stops a compressed TAR bomb', async () => {
    const tar = Buffer.from(await packTar([{ header: { name: 'x', size: 5 }, body: 'hello' }]));
    const bomb = gzipped(tar.subarray(0, 1_024), zeros(mb), 300);
    expect(await answer(bomb, 'a.tar.gz')).toMatch(/refused: limit/);
  });

  it('reads a TAR that declares more data than it has', async () => {
    const tar = Buffer.from(await packTar([{ header: { name: 'x', size: 5 }, body: 'hello' }]));
    tar.write('77777777777', 124, 'latin1');
    expect(await answer(tar, 'a.tar')).toMatch(/^tar:|refused: damaged/);
    expect(await answer(tar, 'a.tar', 'x')).toMatch(/refused: (damaged|too_large)/);
  });

  it('limits the number of listed entries', async () => {
    const many = zip(Array.from({ length: 60_000 }, (_, i) => ({ name: `f${i}`, data: '', method: 0 })));
    expect(await answer(many, 'a.zip', undefined, { limit: 1 })).toContain('50000 more entries');
  });

  it('reports a truncated ZIP as damaged', async () => {
    const whole = zip([{ name: 'a.txt', data: 'a'.repeat(1_000) }]);
    expect(await answer(whole.subarray(0, 50), 'a.zip')).toMatch(/refused: damaged/);
  });

  it('reports which entry is protected with a password', async () => {
    const locked = zip([{ name: 'a.txt', data: 'secret', encrypted: true }]);
    expect(await answer(locked, 'a.zip')).toContain('protected with a password');
    expect(await answer(locked, 'a.zip', 'a.txt')).toMatch(/refused: encrypted/);
  });

  it('lists names with `..` without following them', async () => {
    const climbing = zip([{ name: '../../etc/passwd', data: 'root' }]);
    expect(await answer(climbing, 'a.zip')).toContain('../../etc/passwd');
  });

  it('names the entry that is missing', async () => {
    expect(await answer(zip([{ name: 'a.txt', data: 'a' }]), 'a.zip', 'b.txt')).toMatch(
      /refused: unsupported/,
    );
  });
});

describe('PDF', () => {
  it('reads the last of two thousand pages', async () => {
    expect(await answer(pages(2_000), 'a.pdf', undefined, { offset: -1 })).toContain('This is page 2000');
  });

  it('reports that a password is needed', async () => {
    expect(await answer(corpus('qpdf-encrypted.pdf'), 'a.pdf')).toMatch(/refused: encrypted/);
  });

  it('reads the rest of a truncated file, or reports it as damaged', async () => {
    const whole = pages(50);
    expect(await answer(whole.subarray(0, whole.length >> 1), 'a.pdf')).toMatch(
      /This is page|refused: damaged/,
    );
    expect(await answer(Buffer.from('%PDF-1.7\n'), 'a.pdf')).toMatch(/refused: damaged/);
  });

  it('survives a cyclic page tree', async () => {
    const cyclic = pdf(['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Count 3/Kids[2 0 R 2 0 R]>>']);
    expect(await answer(cyclic, 'a.pdf')).toMatch(/damaged/);
  });

  it('survives a false page count', async () => {
    const boasting = Buffer.from(text(pages(1)).replace('/Count 1/', '/Count 999999999/'), 'latin1');
    expect(await answer(boasting, 'a.pdf', undefined, { limit: 2 })).toContain('This is page 1');
  });

  it('survives a form that draws itself', async () => {
    const cyclic = pdf([
      '<</Type/Catalog/Pages 2 0 R>>',
      '<</Type/Pages/Count 1/Kids[3 0 R]>>',
      '<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>/Contents 4 0 R>>',
      stream('/X Do'),
      stream('/X Do /X Do', '/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>'),
    ]);
    expect(await answer(cyclic, 'a.pdf')).toMatch(/pdf:|refused/);
  });

  it('stops a page that is a decompression bomb', async () => {
    const operators = Buffer.alloc(mb, 'BT (x) Tj ET ');
    const packed = Buffer.concat([Buffer.from([0x78, 0x9c]), repeated(operators, 2_000)]);
    const bomb = pdf([
      '<</Type/Catalog/Pages 2 0 R>>',
      '<</Type/Pages/Count 1/Kids[3 0 R]>>',
      '<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>',
      stream(packed, '/Filter/FlateDecode'),
    ]);
    expect(await answer(bomb, 'a.pdf')).toMatch(/pdf:|refused: (limit|timeout|damaged)/);
  });
});

describe('Office files', () => {
  it('reports that a password is needed', async () => {
    expect(await answer(corpus('excel-encrypted.xlsx'), 'a.xlsx')).toMatch(/refused: encrypted/);
  });

  it('stops a document that is a decompression bomb', async () => {
    const body = '<w:p><w:r><w:t>x</w:t></w:r></w:p>'.repeat(30_000);
    const bomb = zip([{ name: 'word/document.xml', data: body, times: 100 }]);
    expect(await answer(bomb, 'a.docx')).toMatch(/refused: too_large/);
  });

  it('reports a truncated document as damaged', async () => {
    const whole = corpus('pandoc-report.docx');
    expect(await answer(whole.subarray(0, whole.length >> 1), 'a.docx')).toMatch(/refused: damaged/);
  });

  it('reports malformed XML as damaged', async () => {
    expect(await answer(docx('<w:p><w:r><w:t>x</w:p>'), 'a.docx')).toMatch(/refused: damaged/);
  });

  it('expands no internal entities', async () => {
    let dtd = '<!DOCTYPE w:document [<!ENTITY l0 "lol">';
    for (let i = 1; i < 10; i++) dtd += `<!ENTITY l${i} "${`&l${i - 1};`.repeat(10)}">`;
    const bomb = docx('<w:p><w:r><w:t>&l9;</w:t></w:r></w:p>', [], `${dtd}]>`);
    expect((await answer(bomb, 'a.docx')).length).toBeLessThan(500);
  });

  it('fetches no external entities', async () => {
    const dtd = '<!DOCTYPE w:document [<!ENTITY x SYSTEM "file:///etc/passwd">]>';
    const found = await answer(docx('<w:p><w:r><w:t>a&x;b</w:t></w:r></w:p>', [], dtd), 'a.docx');
    expect(found).not.toContain('root:');
  });

  it('limits the nesting of XML', async () => {
    const deep = `${'<w:sdt>'.repeat(100_000)}${'</w:sdt>'.repeat(100_000)}`;
    expect(await answer(docx(deep), 'a.docx')).toMatch(/refused: limit/);
  });

  it('survives styles that inherit from each other in a cycle', async () => {
    const type = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles';
    const cyclic = docx('<w:p><w:pPr><w:pStyle w:val="A"/></w:pPr><w:r><w:t>words</w:t></w:r></w:p>', [
      {
        name: 'word/_rels/document.xml.rels',
        data: `<Relationships><Relationship Id="r" Type="${type}" Target="styles.xml"/></Relationships>`,
      },
      {
        name: 'word/styles.xml',
        data:
          '<w:styles><w:style w:styleId="A"><w:name w:val="a"/><w:basedOn w:val="B"/></w:style>' +
          '<w:style w:styleId="B"><w:name w:val="b"/><w:basedOn w:val="A"/></w:style></w:styles>',
      },
    ]);
    expect(await answer(cyclic, 'a.docx')).toContain('words');
  });

  it('shows two cells far apart as two rows', async () => {
    const sparse = xlsx(
      '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>',
    );
    const found = await answer(sparse, 'a.xlsx');
    expect(found).toContain('| 1048576 |  | 2 |');
    expect(found).toContain('| A | XFD |');
    expect(found.length).toBeLessThan(500);
  });

  it('ignores cells outside of the largest possible sheet', async () => {
    const rows = ['99999999999', '-5', 'x', '3'].map(
      (r) => `<row r="${r}"><c r="ZZZZZ${r}"><v>1</v></c><c><v>2</v></c></row>`,
    );
    expect(await answer(xlsx(rows.join('')), 'a.xlsx')).toMatch(/^xlsx:/);
  });

  it('shows a cell with a missing shared string as empty', async () => {
    const dangling = xlsx('<row r="1"><c r="A1" t="s"><v>999999999</v></c><c r="B1"><v>7</v></c></row>');
    expect(await answer(dangling, 'a.xlsx')).toContain('| 1 | 7 |');
  });

  it('cuts a cell that is too long', async () => {
    const long = xlsx(`<row r="1"><c r="A1" t="inlineStr"><is><t>${'x'.repeat(5 * mb)}</t></is></c></row>`);
    const found = await answer(long, 'a.xlsx');
    expect(found).toContain('1 long cell is cut');
    expect(found.length).toBeLessThan(3_000);
  });

  it('reads the start of a very long sheet quickly', async () => {
    const row = '<row><c><v>1</v></c><c><v>2</v></c></row>';
    expect(await answer(xlsx(row.repeat(mb)), 'a.xlsx', undefined, { limit: 2 })).toContain('| 2 | 1 | 2 |');
  });

  it('survives shared strings that exceed the memory limit', async () => {
    const strings = {
      name: 'xl/sharedStrings.xml',
      data: '<si><t>ab</t></si>'.repeat(34_000),
      times: 100,
      around: ['<sst>', '</sst>'] as [string, string],
    };
    const full = xlsx('<row r="1"><c r="A1" t="s"><v>3</v></c></row>', [strings]);
    expect(await answer(full, 'a.xlsx')).toMatch(/\| 1 \| ab \||refused: (limit|timeout)/);
    expect(await answer(pages(1), 'after.pdf')).toContain('This is page 1');
  });

  it('shows rows that one element repeats a billion times as one', async () => {
    const repeated = ods(
      '<table:table table:name="T"><table:table-row table:number-rows-repeated="999999999">' +
        '<table:table-cell office:value-type="string" table:number-columns-repeated="999999999"><text:p>x</text:p>' +
        '</table:table-cell></table:table-row></table:table>',
    );
    const found = await answer(repeated, 'a.ods');
    expect(found).toContain('| 1-16777216 | x |');
    expect(found.length).toBeLessThan(5_000);
  });

  it('reports which slide is missing', async () => {
    const type = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/slide';
    const hollow = zip([
      { name: '[Content_Types].xml', data: '<Types/>' },
      { name: 'ppt/presentation.xml', data: '<p:presentation><p:sldId r:id="r1"/></p:presentation>' },
      {
        name: 'ppt/_rels/presentation.xml.rels',
        data: `<Relationships><Relationship Id="r1" Type="${type}" Target="slides/slide1.xml"/></Relationships>`,
      },
    ]);
    expect(await answer(hollow, 'a.pptx')).toMatch(/refused: damaged: The slide 1/);
  });
});

describe('other documents', () => {
  it('limits the nesting of RTF groups', async () => {
    expect(await answer(Buffer.from(`{\\rtf1 ${'{'.repeat(mb)}`), 'a.rtf')).toMatch(/refused: limit/);
  });

  it('skips binary RTF data beyond the end of the file', async () => {
    expect(await answer(Buffer.from('{\\rtf1 words\\par\\bin2147483647 x}'), 'a.rtf')).toContain('words');
  });

  it('limits the nesting of HTML', async () => {
    expect(await answer(Buffer.from(`<html>${'<div>'.repeat(mb)}`), 'a.html')).toMatch(/refused: limit/);
  });

  it('reads HTML that consists of opening tags only', async () => {
    expect(await answer(Buffer.from(`<html>${'<'.repeat(4 * mb)}`), 'a.html')).toMatch(/^html:|refused/);
  });

  it('drops links that run a script', async () => {
    const found = await answer(
      Buffer.from('<html><a href="javascript:alert(1)">go</a><script>x()</script>'),
      'a.html',
    );
    expect(found).toMatch(/^html:\ngo/);
    expect(found).not.toContain('javascript');
  });

  it('survives a message with deeply nested parts', async () => {
    let mail = 'From: a@b.c\nMessage-ID: <1@b.c>\nSubject: deep\n';
    for (let i = 0; i < 5_000; i++) mail += `Content-Type: multipart/mixed; boundary="b${i}"\n\n--b${i}\n`;
    expect(await answer(Buffer.from(mail), 'a.eml')).toMatch(/^eml:|refused/);
  });

  it('survives a message with endless headers', async () => {
    const mail = `From: a@b.c\nMessage-ID: <1@b.c>\nTo: ${'x@y.z, '.repeat(300_000)}\n\nwords`;
    expect(await answer(Buffer.from(mail), 'a.eml')).toMatch(/^eml:|refused/);
  });

  it('reports a book without a list of chapters as damaged', async () => {
    const hollow = zip([
      { name: 'mimetype', data: 'application/epub+zip', method: 0 },
      { name: 'META-INF/container.xml', data: '<container><rootfile full-path="a.opf"/></container>' },
    ]);
    expect(await answer(hollow, 'a.epub')).toMatch(/refused: damaged/);
  });

  it('detects the format by content rather than by name', async () => {
    expect(await answer(corpus('imagemagick-dot.png'), 'letter.docx')).toMatch(/^png:/);
    expect(await answer(corpus('pandoc-report.docx'), 'picture.png')).toMatch(/^docx:/);
    expect(await answer(Buffer.from(`MZ${'\0'.repeat(200)}PE\0\0`), 'invoice.pdf')).toMatch(
      /refused: unsupported/,
    );
    expect(await answer(new Uint8Array(), 'empty.pdf')).toMatch(/^empty:/);
  });

  it.each(['a.pdf', 'a.docx', 'a.xlsx', 'a.zip', 'a.epub', 'a.png', 'a.eml'])(
    'refuses noise called %s',
    async (name) => {
      let seed = 42;
      const noise = Uint8Array.from(
        { length: 20_000 },
        () => (seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff) >> 16,
      );
      expect(await answer(noise, name)).toMatch(/refused: unsupported/);
      const marked = Buffer.concat([
        Buffer.from(name.endsWith('pdf') ? '%PDF-1.7\n' : 'PK\x03\x04', 'latin1'),
        noise,
      ]);
      expect(await answer(marked, name)).toMatch(/refused: damaged/);
    },
  );

  it('rejects a file that is too large before reading it', async () => {
    expect(await answer(zeros(33 * mb), 'a.pdf')).toMatch(/refused: too_large/);
  });
});

describe('the process', () => {
  it('respects the time limit', async () => {
    const hasty = new DocumentPool({ callMs: 40 });
    const slow = docx('<w:p><w:r><w:t>word</w:t></w:r></w:p>'.repeat(500_000));
    const started = performance.now();
    await expect(hasty.open(slow, { name: 'a.docx' }, signal)).rejects.toMatchObject({ code: 'timeout' });
    expect(performance.now() - started).toBeLessThan(2_000);
    await hasty.close();
  });

  it('stayed within its memory limit', () => {
    // The growth that one request may cause, plus memory that the allocator has not returned yet.
    expect((peak - before) / mb).toBeLessThan(limits.growthMb * 2);
  });
});
