import { afterAll, describe, expect, it } from 'vitest';
import { DocumentPool } from '../../src/documents/index.ts';
import { corpus } from './corpus.ts';
import { docx, pages, xlsx, zip } from './forge.ts';

// A loaded machine takes longer than the limit that a program has.
const pool = new DocumentPool({ callMs: 40_000 });
const { signal } = new AbortController();

afterAll(() => pool.close());

describe('ranges', () => {
  it('reads any pages and reports their position', async () => {
    const pdf = await pool.open(pages(20), { name: 'a.pdf' }, signal);
    expect(pdf).toMatchObject({ unit: 'page', total: 20 });
    const middle = await pdf.read({ offset: 7, limit: 2 }, signal);
    expect(middle).toMatchObject({ first: 7, last: 8, total: 20, complete: false });
    expect(middle.text).toBe('<!-- page 7 -->\n\nThis is page 7\n\n<!-- page 8 -->\n\nThis is page 8');
    expect(await pdf.read({ offset: -2 }, signal)).toMatchObject({ first: 19, last: 20, complete: true });
    expect(await pdf.read({ offset: -500, limit: 1 }, signal)).toMatchObject({ first: 1, last: 1 });
    const beyond = await pdf.read({ offset: 21 }, signal);
    expect(beyond).toMatchObject({
      text: '',
      first: 0,
      last: 0,
      notes: ['There is no page 21: the last one is 20.'],
    });
  });

  it('stops between two units at the limit of one answer', async () => {
    const small = new DocumentPool({ outputChars: 200 });
    const pdf = await small.open(pages(20), { name: 'a.pdf' }, signal);
    const first = await pdf.read({}, signal);
    expect(first.text.length).toBeLessThanOrEqual(200);
    expect(first).toMatchObject({ first: 1, complete: false });
    expect(await pdf.read({ offset: first.last + 1, limit: 1 }, signal)).toMatchObject({
      first: first.last + 1,
    });
    const long = await small.open(Buffer.from(`${'x'.repeat(500)}\nend`), { name: 'a.txt' }, signal);
    const cut = await long.read({}, signal);
    expect(cut.text).toBe('x'.repeat(200));
    expect(cut.notes).toEqual(['line 1 is cut: 300 of its 500 characters are left out.']);
    expect(await long.read({ offset: 2 }, signal)).toMatchObject({ text: 'end', complete: true });
    await small.close();
  });

  it('reads on in a long sheet', async () => {
    const sheet = await pool.open(corpus('xlsxwriter-long.xlsx'), { name: 'a.xlsx' }, signal);
    const rows: number[] = [];
    for (let offset = 1; rows.length < 3_000;) {
      const part = await sheet.read({ offset, limit: 700 }, signal);
      rows.push(
        ...part.text
          .split('\n')
          .slice(2)
          .map((line) => Number(line.split('|')[1])),
      );
      offset = part.last + 1;
      expect(part.complete).toBe(rows.length === 3_000);
    }
    expect(rows).toEqual(Array.from({ length: 3_000 }, (_, i) => i + 1));
    const tail = await sheet.read({ offset: -2 }, signal);
    expect(tail).toMatchObject({ first: 2_999, last: 3_000, total: 3_000, complete: true });
    const again = await sheet.read({ offset: 1, limit: 1 }, signal);
    expect(again.text).toContain('| 1 | 1 | name 1 | 0 |');
  });

  it('finds a sheet by name or number, and lists the sheets otherwise', async () => {
    const book = await pool.open(corpus('excel-sheets.xlsx'), { name: 'a.xlsx' }, signal);
    const second = await book.read({ sheet: 'sheet number 2' }, signal);
    expect(second.text).toBe((await book.read({ sheet: '2' }, signal)).text);
    expect(second.notes).toEqual([]);
    await expect(book.read({ sheet: 'Nope' }, signal)).rejects.toMatchObject({
      code: 'unsupported',
      hint: 'Below are the names of its sheets.',
      excerpt: 'First Sheet\nSheet Number 2\nSheet3',
    });
    expect((await book.read({ sheet: 'Sheet3' }, signal)).notes).toEqual(['The sheet "Sheet3" is empty.']);
  });

  it('reports empty rows between others', async () => {
    const sheet = await pool.open(
      xlsx('<row r="2"><c r="A2"><v>1</v></c></row><row r="90"><c r="A90"><v>2</v></c></row>'),
      { name: 'a.xlsx' },
      signal,
    );
    const gap = await sheet.read({ offset: 10, limit: 20 }, signal);
    expect(gap).toMatchObject({
      first: 10,
      last: 29,
      complete: false,
      notes: ['Rows 10 to 29 are empty.'],
    });
  });

  it('splits a long chapter of a book into consecutive parts', async () => {
    const words = Array.from({ length: 4_000 }, (_, i) => `<p>Paragraph ${i}.</p>`).join('\n');
    const small = new DocumentPool({ outputChars: 20_000 });
    const book = await small.open(
      zip([
        { name: 'mimetype', data: 'application/epub+zip', method: 0 },
        { name: 'META-INF/container.xml', data: '<container><rootfile full-path="o/a.opf"/></container>' },
        {
          name: 'o/a.opf',
          data: '<package><manifest><item id="c" href="c%201.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="c"/></spine></package>',
        },
        { name: 'o/c 1.xhtml', data: `<html><body><h1>Long</h1>${words}</body></html>` },
      ]),
      { name: 'a.epub' },
      signal,
    );
    const seen: number[] = [];
    for (let offset = 1; offset <= (book.total ?? 0); offset++) {
      const { text, notes } = await book.read({ offset, limit: 1 }, signal);
      expect(notes).toEqual([]);
      seen.push(...[...text.matchAll(/Paragraph (\d+)\./g)].map((hit) => Number(hit[1])));
    }
    expect(seen).toEqual(Array.from({ length: 4_000 }, (_, i) => i));
    await small.close();
  });
});

describe('threads', () => {
  it('reopens a document after its thread was terminated because of another one', async () => {
    const one = new DocumentPool({ workers: 1, callMs: 3_000 });
    const pdf = await one.open(pages(3), { name: 'a.pdf' }, signal);
    const slow = docx('<w:p><w:r><w:t>word</w:t></w:r></w:p>'.repeat(2_000_000));
    await expect(one.open(slow, { name: 'slow.docx' }, signal)).rejects.toMatchObject({
      name: 'DocumentError',
    });
    expect((await pdf.read({ offset: 2, limit: 1 }, signal)).text).toContain('This is page 2');
    await one.close();
  });

  it('stops when the request is aborted', async () => {
    const one = new DocumentPool({ workers: 1 });
    const controller = new AbortController();
    const slow = docx('<w:p><w:r><w:t>word</w:t></w:r></w:p>'.repeat(1_000_000));
    const opened = one.open(slow, { name: 'slow.docx' }, controller.signal);
    const waiting = one.open(pages(1), { name: 'a.pdf' }, signal);
    setTimeout(() => controller.abort(new Error('no more')), 50);
    await expect(opened).rejects.toThrow('no more');
    expect(await waiting).toMatchObject({ format: 'pdf' });
    await expect(
      one.open(pages(1), { name: 'a.pdf' }, AbortSignal.abort(new Error('never'))),
    ).rejects.toThrow('never');
    await one.close();
  });

  it('limits the number of open documents and reopens the others', async () => {
    const few = new DocumentPool({ workers: 1, documents: 2, idleMs: 50 });
    const all = await Promise.all(
      [1, 2, 3, 4].map((n) =>
        few.open(
          pages(1, () => `Document ${n}`),
          { name: `${n}.pdf` },
          signal,
        ),
      ),
    );
    for (const [i, document] of all.entries())
      expect((await document.read({}, signal)).text).toContain(`Document ${i + 1}`);
    // The thread becomes idle, is terminated, and is started again.
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await all[0]?.read({}, signal))?.text).toContain('Document 1');
    await Promise.all(all.map((document) => document.close()));
    await few.close();
  });

  it('reads a document of each owner in turn', async () => {
    const shared = new DocumentPool({ workers: 1, callMs: 40_000 });
    const [eve, alice] = [shared.forOwner('eve'), shared.forOwner('alice')];
    const order: string[] = [];
    const read = async (pool: DocumentPool, name: string): Promise<unknown> =>
      pool.open(pages(1), { name }, signal).then(() => order.push(name));
    await Promise.all([read(eve, '1.pdf'), read(eve, '2.pdf'), read(eve, '3.pdf'), read(alice, 'a.pdf')]);
    expect(order).toEqual(['1.pdf', 'a.pdf', '2.pdf', '3.pdf']);
    await shared.close();
  });

  it('can be prepared before the bytes are there', async () => {
    const ready = new DocumentPool({ workers: 1 });
    ready.prepare('a.pdf');
    ready.prepare('a.txt');
    const pdf = await ready.open(pages(1), { name: 'a.pdf' }, signal);
    expect((await pdf.read({}, signal)).text).toContain('This is page 1');
    await ready.close();
  });

  it('does not change the bytes it was given', async () => {
    const bytes = pages(1);
    const copy = Buffer.from(bytes);
    await pool.open(bytes, { name: 'a.pdf' }, signal);
    expect(copy.equals(bytes)).toBe(true);
  });
});
