import type { Family } from './document.ts';
import { decode, sniff } from './encoding.ts';
import { formatOfName, formats } from './format.ts';

export interface Detected {
  family: Family;
  format: string;
  mimeType: string;
  label: string;
  /** What the format was detected by. */
  evidence: 'content' | 'name';
}

/**
 * Detects the format of a file, by its content first (magic bytes, members of a ZIP) and its name second. The head
 * should have 4 KB or more.
 */
export function detect(head: Uint8Array, name: string, serverMime?: string): Detected {
  if (head.length === 0) return describe('empty', 'content');
  const named = formatOfName(name) ?? formatOfMime(serverMime);
  const found = bySignature(head);
  if (found === 'zip') return detectZip(head, named);
  if (found === 'gz') return describe(named === 'tgz' ? 'tgz' : 'gz', 'content');
  if (found === 'ole') return detectCompoundFile(head, named);
  if (found !== undefined) return describe(found, 'content');
  const { binary, encoding } = sniff(head.subarray(0, 65_536));
  if (binary) {
    // The name decides only for formats that need not begin with a signature.
    return named === 'mp3' || named === 'tar' ? describe(named, 'name') : describe('binary', 'content');
  }
  return detectText(decode(head.subarray(0, 4_096), encoding), named, serverMime);
}

/** The format of a ZIP by the names of its members. `type` is the content of the member `mimetype`, if there is one. */
export function zipFormat(names: Iterable<string>, type = ''): string | undefined {
  for (const [format, { mimeType, family }] of formats) {
    if (type !== '' && family !== 'text' && type.trim().replace(/-template$/, '') === mimeType) return format;
  }
  const all = new Set(names);
  if (all.has('word/document.xml')) return 'docx';
  if (all.has('xl/workbook.xml')) return 'xlsx';
  if (all.has('xl/workbook.bin')) return 'xlsb';
  if (all.has('ppt/presentation.xml')) return 'pptx';
  if (all.has('META-INF/container.xml') && [...all].some((name) => name.endsWith('.opf'))) return 'epub';
  if ([...all].some((name) => name.endsWith('.iwa'))) return 'iwork';
  if (!all.has('[Content_Types].xml')) return undefined;
  for (const name of all) {
    // The main part may have any name; programs agree only on its folder.
    if (/^word\/document\d*\.xml$/.test(name)) return 'docx';
    if (/^xl\/(workbook\d*\.xml|worksheets\/)/.test(name)) return 'xlsx';
    if (/^ppt\/(presentation\d*\.xml|slides\/)/.test(name)) return 'pptx';
  }
  return undefined;
}

export function describe(format: string, evidence: Detected['evidence']): Detected {
  const known = formats.get(format);
  if (!known) throw new Error(`no format ${format}`);
  return { family: known.family, format, mimeType: known.mimeType, label: known.label, evidence };
}

function formatOfMime(mimeType?: string): string | undefined {
  if (!mimeType || mimeType === 'application/octet-stream' || mimeType === 'text/plain') return undefined;
  for (const [format, known] of formats) if (known.mimeType === mimeType) return format;
  return undefined;
}

const signatures: readonly (readonly [format: string, at: number, bytes: string])[] = [
  ['zip', 0, 'PK\x03\x04'],
  ['zip', 0, 'PK\x05\x06'],
  ['zip', 0, 'PK\x07\x08'],
  ['ole', 0, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'],
  ['rtf', 0, '{\\rtf'],
  ['gz', 0, '\x1f\x8b\x08'],
  ['tar', 257, 'ustar'],
  ['png', 0, '\x89PNG\r\n\x1a\n'],
  ['jpeg', 0, '\xff\xd8\xff'],
  ['gif', 0, 'GIF87a'],
  ['gif', 0, 'GIF89a'],
  ['tiff', 0, 'II*\0'],
  ['tiff', 0, 'MM\0*'],
  ['ico', 0, '\0\0\x01\0'],
  ['psd', 0, '8BPS\0\x01'],
  ['jxl', 0, '\xff\x0a'],
  ['jxl', 0, '\0\0\0\x0cJXL \r\n\x87\n'],
  ['7z', 0, '7z\xbc\xaf\x27\x1c'],
  ['rar', 0, 'Rar!\x1a\x07'],
  ['bz2', 0, 'BZh'],
  ['xz', 0, '\xfd7zXZ\0'],
  ['zst', 0, '\x28\xb5\x2f\xfd'],
  ['mkv', 0, '\x1a\x45\xdf\xa3'],
  ['flac', 0, 'fLaC'],
  ['ogg', 0, 'OggS'],
  ['mp3', 0, 'ID3'],
  ['sqlite', 0, 'SQLite format 3\0'],
  ['parquet', 0, 'PAR1'],
  ['program', 0, '\x7fELF'],
  ['program', 0, '\xcf\xfa\xed\xfe'],
  ['wasm', 0, '\0asm'],
  ['font', 0, 'wOFF'],
  ['font', 0, 'wOF2'],
  ['font', 0, 'OTTO'],
  ['font', 0, '\0\x01\0\0\0'],
];

function bySignature(head: Uint8Array): string | undefined {
  const start = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 4_100)).toString('latin1');
  for (const [format, at, bytes] of signatures) if (start.startsWith(bytes, at)) return format;
  if (start.startsWith('RIFF'))
    return { WEBP: 'webp', WAVE: 'wav', 'AVI ': 'avi' }[start.slice(8, 12)] ?? 'binary';
  if (start.startsWith('ftyp', 4)) return isoMediaFormat(start.slice(8, 12), start.slice(16, 48));
  if (start.startsWith('BM') && head.length > 26 && start.startsWith('\0\0\0\0', 6)) return 'bmp';
  if (start.startsWith('MZ') && start.includes('PE\0\0')) return 'program';
  // Readers accept a PDF whose header does not come first. The version tells it from a text that mentions `%PDF-`.
  if (/%PDF-\d\.\d/.test(start.slice(0, 1_024))) return 'pdf';
  return undefined;
}

function isoMediaFormat(major: string, compatible: string): string {
  if (/^avi[fs]/.test(major)) return 'avif';
  if (/^(hei[cxms]|hev[cx]|mif1|msf1)/.test(major)) return /avif/.test(compatible) ? 'avif' : 'heic';
  if (major.startsWith('qt')) return 'mov';
  return major.startsWith('M4A') ? 'm4a' : 'mp4';
}

/** Judges a ZIP by its first local headers: the directory is at the end of the file, mostly outside of the head. */
function detectZip(head: Uint8Array, named: string | undefined): Detected {
  const names: string[] = [];
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  let type = '';
  for (let at = 0; at + 30 <= bytes.length;) {
    at = bytes.indexOf('PK\x03\x04', at, 'latin1');
    if (at < 0 || at + 30 > bytes.length) break;
    const length = bytes.readUInt16LE(at + 26);
    const start = at + 30 + length + bytes.readUInt16LE(at + 28);
    const name = bytes.toString('utf8', at + 30, at + 30 + length);
    names.push(name);
    if (name === 'mimetype')
      type = bytes.toString('latin1', start, start + bytes.readUInt32LE(at + 18)).slice(0, 100);
    at += 30 + length;
  }
  const found = zipFormat(names, type);
  if (found !== undefined) return describe(found, 'content');
  const office = named !== undefined && /^(docx|xlsx|pptx|epub|od[tspg]|xlsb|iwork)$/.test(named);
  return office ? describe(named, 'name') : describe('zip', 'content');
}

function detectCompoundFile(head: Uint8Array, named: string | undefined): Detected {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  const holds = (stream: string): boolean => bytes.includes(Buffer.from(stream, 'utf16le'));
  if (holds('EncryptedPackage') || holds('EncryptionInfo')) return describe('encrypted-office', 'content');
  if (holds('WordDocument')) return describe('doc', 'content');
  if (holds('PowerPoint Document')) return describe('ppt', 'content');
  if (holds('Workbook')) return describe('xls', 'content');
  if (holds('__nameid_version')) return describe('msg', 'content');
  // The directory of a compound file can be anywhere. When it is outside of the head, the name decides.
  if (named === 'docx' || named === 'xlsx' || named === 'pptx') return describe('encrypted-office', 'name');
  return named === 'doc' || named === 'xls' || named === 'ppt' || named === 'msg'
    ? describe(named, 'name')
    : describe('ole', 'content');
}

const mailHeaders = /^(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*){2}/;

/** The format of a text. The name decides unless the text clearly is something else. */
function detectText(text: string, named: string | undefined, serverMime?: string): Detected {
  const start = text.replace(/^\ufeff/, '').trimStart();
  const isText = named !== undefined && formats.get(named)?.family === 'text';
  if (/^<(!doctype html|html[\s>])/i.test(start)) return describe('html', 'content');
  if (start.startsWith('<')) {
    const flat =
      /office:mimetype="application\/vnd\.oasis\.opendocument\.(text|spreadsheet|presentation)"/.exec(start);
    if (flat)
      return describe(
        { text: 'odt', spreadsheet: 'ods', presentation: 'odp' }[flat[1] ?? ''] ?? 'xml',
        'content',
      );
    if (/<html[\s>]/i.test(start)) return describe('html', 'content');
    if (/<svg[\s>]/i.test(start)) return describe('svg', 'content');
    if (start.startsWith('<?xml') && !isText) return describe('xml', 'content');
  }
  const mail =
    /^(Received|Return-Path|Delivered-To|From|Message-ID|MIME-Version|Date|Subject|To|X-[\w-]+):/i.test(
      start,
    );
  if (
    mail &&
    mailHeaders.test(start) &&
    (named === 'eml' || /^(From|Message-ID|Received):/im.test(start)) &&
    !isText
  )
    return describe('eml', 'content');
  if (named === 'html' && /<[a-z!][^>]*>/i.test(start)) return describe('html', 'name');
  if (isText) return describe(named, 'name');
  if (serverMime === 'text/html' && /<[a-z!][^>]*>/i.test(start)) return describe('html', 'name');
  return describe('text', 'content');
}
