import { describe, expect, it } from 'vitest';
import { decoder, sniff } from '../../../src/documents/kernel/encoding.ts';
import { imageFacts } from '../../../src/documents/picture/image.ts';
import { valueKindOf, formatValue } from '../../../src/documents/sheet/number-format.ts';
import { corpus } from '../corpus.ts';

describe('sniff', () => {
  it.each([
    ['iconv-shift-jis.txt', 'shift_jis', 0, 'LF'],
    ['iconv-euc-jp.txt', 'euc-jp', 0, 'LF'],
    ['iconv-euc-kr.txt', 'euc-kr', 0, 'LF'],
    ['iconv-gb18030.txt', 'gb18030', 0, 'LF'],
    ['iconv-big5.txt', 'big5', 0, 'LF'],
    ['iconv-cp1251.txt', 'windows-1251', 0, 'LF'],
    ['iconv-cp1252.txt', 'windows-1252', 0, 'CRLF'],
    ['iconv-latin2.txt', 'iso-8859-2', 0, 'LF'],
    ['iconv-utf16le.txt', 'utf-16le', 0, 'LF'],
    ['iconv-utf16be-bom.txt', 'utf-16be', 2, 'LF'],
    ['editor-utf8-bom.txt', 'utf-8', 3, 'LF'],
  ])('%s is %s', (file, encoding, bom, lineEnd) => {
    expect(sniff(corpus(file))).toEqual({ encoding, bom, lineEnd, binary: false });
  });

  it('accepts a character that is cut by the end of the head', () => {
    const bytes = Buffer.from('Grüße aus Zürich, 東京');
    for (let end = 5; end <= bytes.length; end++)
      expect(sniff(bytes.subarray(0, end)).encoding).toBe('utf-8');
  });

  it('tells binary data from text', () => {
    expect(sniff(corpus('imagemagick-photo.jpg')).binary).toBe(true);
    expect(sniff(corpus('pandoc-report.docx')).binary).toBe(true);
    expect(sniff(Buffer.from('\x1b[31mred\x1b[0m\n')).binary).toBe(false);
    expect(sniff(new Uint8Array())).toEqual({ encoding: 'utf-8', bom: 0, lineEnd: 'none', binary: false });
  });

  it('reports line endings', () => {
    expect(sniff(Buffer.from('a\rb\r')).lineEnd).toBe('CR');
    expect(sniff(Buffer.from('a\r\nb\n')).lineEnd).toBe('mixed');
    expect(sniff(Buffer.from('a')).lineEnd).toBe('none');
  });
});

describe('decoder', () => {
  it.each(['utf-8', 'utf-16le', 'shift_jis', 'gb18030'])('never cuts a character of %s', (encoding) => {
    const files: Record<string, string> = { shift_jis: 'iconv-shift-jis.txt', gb18030: 'iconv-gb18030.txt' };
    const bytes = files[encoding]
      ? corpus(files[encoding])
      : Buffer.from('aé東😀', encoding === 'utf-8' ? 'utf8' : 'utf16le');
    const whole = new TextDecoder(encoding).decode(bytes);
    for (const size of [1, 2, 3, 5]) {
      const decoding = decoder(encoding);
      let text = '';
      for (let at = 0; at < bytes.length; at += size) text += decoding.write(bytes.subarray(at, at + size));
      expect(text + decoding.end()).toBe(whole);
    }
  });
});

describe('number formats', () => {
  it.each([
    [14, undefined, 45_536, '2024-09-01'],
    [22, undefined, 45_536.336805555555, '2024-09-01 08:05'],
    [20, undefined, 0.604166666666667, '14:30'],
    [46, undefined, 1.5, '36:00:00'],
    [10, undefined, 0.125, '12.5%'],
    [0, undefined, 0.1 + 0.2, '0.3'],
    [164, 'yyyy"year"', 1, '1900-01-01'],
    [164, '[$-409]mmmm d, yyyy', 60, '1900-02-28'],
    [164, '[Red]#,##0.00;[Blue]-#,##0.00', 5, '5'],
    [164, '"days" 0', 5, '5'],
    [164, '[h]:mm', 1.25, '30:00:00'],
    [164, 'h:mm:ss AM/PM', 0.5, '12:00'],
  ])('format %i %s shows %d as %s', (id, code, value, text) => {
    expect(formatValue(value, valueKindOf(id, code))).toBe(text);
  });

  it('supports the 1904 date system', () => {
    expect(formatValue(44_074, 'date', true)).toBe('2024-09-01');
  });
});

describe('imageFacts', () => {
  it('reads the displayed size of an image, its date and its camera', async () => {
    expect(await imageFacts(corpus('imagemagick-photo.jpg'))).toEqual({
      format: 'jpeg',
      width: 30,
      height: 40,
      taken: '2024-09-01T10:20:30',
      camera: 'NIKON D50',
    });
    for (const format of ['png', 'gif', 'webp', 'tiff', 'bmp'])
      expect(await imageFacts(corpus(`imagemagick-dot.${format}`))).toEqual({
        format,
        width: 32,
        height: 16,
      });
  });

  it('never throws', async () => {
    const bytes = corpus('imagemagick-photo.jpg');
    for (let end = 3; end < bytes.length; end += 37)
      expect(await imageFacts(bytes.subarray(0, end))).toMatchObject({ format: 'jpeg' });
    expect(await imageFacts(Buffer.from('words'))).toMatchObject({ format: 'text' });
  });
});
