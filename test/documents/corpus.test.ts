import { afterAll, describe, expect, it } from 'vitest';
import { detect, DocumentPool } from '../../src/documents/index.ts';
import { corpus, corpusFiles, expected, readme } from './corpus.ts';

// A loaded machine takes longer than the limit that a program has.
const pool = new DocumentPool({ callMs: 40_000 });
const { signal } = new AbortController();

afterAll(() => pool.close());

describe('documents made by other programs', () => {
  const hintOf = (file: string): { name: string; entry?: string } => {
    const [name = '', ...entry] = file.split('!/');
    return entry.length > 0 ? { name, entry: entry.join('!/') } : { name };
  };
  const rejected = Object.entries(expected).filter(([, { error }]) => error !== undefined);
  const read = Object.entries(expected).filter(([, { error }]) => error === undefined);

  it.each(rejected)('rejects %s', async (file, { error }) => {
    const opened = pool.open(corpus(file), { name: file }, signal);
    await expect(opened).rejects.toMatchObject({ name: 'DocumentError', code: error });
  });

  it.each(read)('%s', async (file, wanted) => {
    const hint = hintOf(file);
    const document = await pool.open(corpus(hint.name), hint, signal);
    const part = await document.read(wanted.range ?? {}, signal);
    expect(part.text.split('\n')).toEqual(wanted.text);
    const { family, format, unit, total, sheets, lost } = document;
    expect({ family, format, unit, total, sheets }).toEqual({
      family: wanted.family,
      format: wanted.format,
      unit: wanted.unit,
      total: wanted.total,
      sheets: wanted.sheets,
    });
    expect(lost).toEqual(wanted.lost ?? []);
    expect(part.notes).toEqual(wanted.notes ?? []);
    expect(part.complete).toBe(wanted.range === undefined);
    await document.close();
  });

  it('covers every family with at least 40 files, all of them described', () => {
    const known = new Set(Object.keys(expected).map((file) => file.split('!/')[0]));
    expect(corpusFiles.filter((name) => !known.has(name))).toEqual([]);
    expect(corpusFiles.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
    expect(corpusFiles.length).toBeGreaterThanOrEqual(40);
    const families = new Set(Object.values(expected).map(({ family }) => family));
    for (const family of [
      'pdf',
      'word',
      'sheet',
      'slides',
      'book',
      'web',
      'mail',
      'archive',
      'image',
      'text',
    ])
      expect(families).toContain(family);
  });
});

describe('detection', () => {
  const whole = Object.entries(expected).filter(
    ([file, { error }]) => !file.includes('!/') && error === undefined,
  );

  it.each(whole)('detects %s by its first bytes, whatever its name', (file, { format, family }) => {
    const head = corpus(file).subarray(0, 65_536);
    const found = detect(head, file);
    // The head of a compressed archive does not show what the archive contains.
    const shown = file.endsWith('.tar.gz') ? 'tgz' : file.endsWith('.csv.gz') ? 'gz' : format;
    expect(found.format).toBe(shown);
    if (family === 'text') return;
    expect(detect(head, 'renamed.bin').family).toBe(file.endsWith('.gz') ? 'archive' : family);
  });

  it('does not trust a name that contradicts the content', () => {
    expect(detect(corpus('imagemagick-dot.png'), 'letter.docx')).toMatchObject({
      format: 'png',
      evidence: 'content',
    });
    expect(detect(corpus('pandoc-report.docx'), 'report.pdf')).toMatchObject({
      format: 'docx',
      evidence: 'content',
    });
    expect(detect(Buffer.from('MZ\x90\0'.padEnd(200, '\0') + 'PE\0\0'), 'invoice.pdf')).toMatchObject({
      format: 'program',
      family: 'unknown',
    });
    expect(detect(Buffer.from('plain words'), 'words.pdf')).toMatchObject({ family: 'text' });
    expect(detect(new Uint8Array(), 'empty.pdf')).toMatchObject({ family: 'text', format: 'empty' });
  });

  it('uses the name of a text file', () => {
    expect(detect(Buffer.from('a,b\n1,2\n'), 'table.csv')).toMatchObject({ format: 'csv', evidence: 'name' });
    expect(detect(Buffer.from('{"a":1}'), 'x.json')).toMatchObject({
      format: 'json',
      mimeType: 'application/json',
    });
    expect(detect(Buffer.from('From: a\nTo: b\n\nnot a mail'), 'notes.md')).toMatchObject({
      format: 'markdown',
    });
    expect(detect(Buffer.from('<?xml version="1.0"?><a/>'), 'noname')).toMatchObject({ format: 'xml' });
  });
});
