const HEX = /^[0-9a-f]{2}$/i;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Percent-decoding as in Sabre: a single percent sign is kept, and bytes that are not UTF-8 are decoded as
 * ISO-8859-1 (sabre/http lib/functions.php, decodePathSegment).
 */
export function decodeSegment(segment: string): string {
  if (!segment.includes('%') && !/[^\u0000-\u007f]/.test(segment)) return segment;
  // Node decodes headers and request targets as Latin-1, one character for each byte.
  const bytes: number[] = [];
  for (let i = 0; i < segment.length; i++) {
    const hex = segment.slice(i + 1, i + 3);
    if (segment[i] === '%' && HEX.test(hex)) {
      bytes.push(Number.parseInt(hex, 16));
      i += 2;
    } else bytes.push(segment.charCodeAt(i) & 0xff);
  }
  const buffer = Buffer.from(bytes);
  try {
    return utf8.decode(buffer);
  } catch {
    return buffer.toString('latin1');
  }
}

/**
 * Percent-encoding as in Sabre: lower-case hex for everything but letters, digits and `-_.~():@`
 * (sabre/http lib/functions.php, encodePathSegment). A name on the disk may have bytes that are not UTF-8;
 * here these are lone surrogates, `\\uDC80` to `\\uDCFF`.
 */
export function encodeSegment(name: string): string {
  if (/^[A-Za-z0-9\-_.~():@]*$/.test(name)) return name;
  let out = '';
  for (const piece of name.split(/([\uDC80-\uDCFF])/u)) {
    const raw = /^[\uDC80-\uDCFF]$/u.test(piece);
    for (const byte of raw ? [piece.charCodeAt(0) & 0xff] : Buffer.from(piece)) {
      const char = String.fromCharCode(byte);
      out += /[A-Za-z0-9\-_.~():@]/.test(char) ? char : `%${byte.toString(16).padStart(2, '0')}`;
    }
  }
  return out;
}

/** Percent-encoding as in PHP's rawurlencode (RFC 3986): upper-case hex. */
export function rawUrlEncode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Normalizes a path as Apache does before Nextcloud gets it: `//`, `/./` and `/../`, but no encoded dots. */
export function normalizePath(path: string): string {
  if (!/\/(\/|\.)/.test(path)) return path;
  const out: string[] = [];
  const parts = path.split('/');
  parts.forEach((part, i) => {
    if (part === '..') out.pop();
    else if (part !== '' && part !== '.') out.push(part);
    if (i === parts.length - 1 && (part === '' || part === '.' || part === '..')) out.push('');
  });
  return `/${out.join('/')}`;
}
