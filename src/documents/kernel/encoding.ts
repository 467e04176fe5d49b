import { analyse } from 'chardet';

export interface Encoding {
  /** A label that the platform's decoder knows. */
  encoding: string;
  /** Bytes of the byte order mark. */
  bom: number;
  lineEnd: 'LF' | 'CRLF' | 'CR' | 'mixed' | 'none';
  binary: boolean;
}

const marks: readonly (readonly [encoding: string, bytes: readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/** What a text is written in, judged by its first bytes (some 4 to 64 KB; the end may cut a character). */
export function sniff(head: Uint8Array): Encoding {
  for (const [encoding, bytes] of marks) {
    if (bytes.every((byte, i) => head[i] === byte)) {
      const bom = bytes.length;
      // FF FE 00 00 would be UTF-32, which no one stores and no decoder here reads.
      const binary = encoding === 'utf-16le' && head.length >= 4 && head[2] === 0 && head[3] === 0;
      return { encoding, bom, lineEnd: lineEnd(head.subarray(bom), encoding), binary };
    }
  }
  const wide = utf16(head);
  if (wide) return { encoding: wide, bom: 0, lineEnd: lineEnd(head, wide), binary: false };
  if (isBinary(head)) return { encoding: 'windows-1252', bom: 0, lineEnd: 'none', binary: true };
  const encoding = isUtf8(head) ? 'utf-8' : guess(head);
  return { encoding, bom: 0, lineEnd: lineEnd(head, encoding), binary: false };
}

export interface Decoder {
  write(chunk: Uint8Array): string;
  end(): string;
}

/** Decodes a stream of chunks. A character cut by the end of a chunk comes with the next; a byte order mark is dropped. */
export function decoder(encoding: string): Decoder {
  const inner = new TextDecoder(known(encoding) ? encoding : 'windows-1252');
  return {
    write: (chunk) => inner.decode(chunk, { stream: true }),
    end: () => inner.decode(),
  };
}

/** A whole text. */
export function decode(bytes: Uint8Array, encoding = sniff(bytes.subarray(0, 65_536)).encoding): string {
  return new TextDecoder(known(encoding) ? encoding : 'windows-1252').decode(bytes);
}

export function known(encoding: string): boolean {
  try {
    return new TextDecoder(encoding).encoding !== 'replacement';
  } catch {
    return false;
  }
}

export function isUtf8(head: Uint8Array): boolean {
  try {
    // Streaming leaves a character cut by the end of the head out of the judgement.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** Latin text in UTF-16 has a zero in every other byte; text of other scripts is left to its byte order mark. */
function utf16(head: Uint8Array): string | undefined {
  const pairs = Math.min(head.length >> 1, 2_048);
  if (pairs < 2) return undefined;
  let even = 0;
  let odd = 0;
  for (let i = 0; i < pairs; i++) {
    if (head[2 * i] === 0) even++;
    if (head[2 * i + 1] === 0) odd++;
  }
  const text = (encoding: string): boolean =>
    !/[\x00-\x08\x0e-\x1f\ufffd]/.test(new TextDecoder(encoding).decode(head.subarray(0, pairs * 2)));
  if (odd > pairs * 0.4 && even <= pairs * 0.05 && text('utf-16le')) return 'utf-16le';
  if (even > pairs * 0.4 && odd <= pairs * 0.05 && text('utf-16be')) return 'utf-16be';
  return undefined;
}

function isBinary(head: Uint8Array): boolean {
  let control = 0;
  for (const byte of head) {
    if (byte === 0) return true;
    // Tab, line feed, vertical tab, form feed, carriage return, and the escape of terminals and ISO-2022.
    if (byte < 0x20 && (byte < 9 || byte > 13) && byte !== 0x1b) control++;
  }
  return control > head.length * 0.02;
}

/** The names the detector uses, where the platform's decoder has another for a superset. */
const aliases: Readonly<Record<string, string>> = {
  ascii: 'utf-8',
  'iso-8859-1': 'windows-1252',
  'iso-8859-9': 'windows-1254',
  'utf-32le': 'windows-1252',
  'utf-32be': 'windows-1252',
};

const multibyte = /^(shift_jis|euc-|gb|big5|iso-2022)/;

function guess(head: Uint8Array): string {
  const sample = head.length > 65_536 ? head.subarray(0, 65_536) : head;
  for (const { name, confidence } of analyse(sample)) {
    const label = name.toLowerCase();
    const encoding = aliases[label] ?? label;
    if (!known(encoding) || encoding.startsWith('utf-')) continue;
    // Short Western texts happen to fit a multibyte pattern with little confidence.
    if (multibyte.test(encoding) && (confidence < 30 || !fits(sample, encoding))) continue;
    return encoding;
  }
  return 'windows-1252';
}

function fits(head: Uint8Array, encoding: string): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function lineEnd(head: Uint8Array, encoding: string): Encoding['lineEnd'] {
  const step = encoding.startsWith('utf-16') ? 2 : 1;
  const at = encoding === 'utf-16be' ? 1 : 0;
  let lf = 0;
  let crlf = 0;
  let cr = 0;
  for (let i = at; i < head.length; i += step) {
    if (step === 2 && head[i ^ 1] !== 0) continue;
    if (head[i] === 10) lf++;
    else if (head[i] === 13) {
      if (head[i + step] === 10) {
        crlf++;
        i += step;
      } else if (i + step < head.length) cr++;
    }
  }
  const kinds = Number(lf > 0) + Number(crlf > 0) + Number(cr > 0);
  if (kinds === 0) return 'none';
  if (kinds > 1) return 'mixed';
  return lf > 0 ? 'LF' : crlf > 0 ? 'CRLF' : 'CR';
}
