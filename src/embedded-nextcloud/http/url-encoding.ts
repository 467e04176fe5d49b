const HEX = /^[0-9a-f]{2}$/i;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Percent-decoding as Sabre does it: a lone percent sign stays, bytes that are no UTF-8 are taken as
 * ISO-8859-1 (sabre/http lib/functions.php, decodePathSegment).
 */
export function decodeSegment(segment: string): string {
  if (!segment.includes('%') && !/[^\u0000-\u007f]/.test(segment)) return segment;
  // Node hands header and target bytes over as Latin-1, one character a byte.
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
 * Lower-case hex, and nothing but letters, digits and `-_.~():@` left as it is
 * (sabre/http lib/functions.php, encodePathSegment).
 */
export function encodeSegment(name: string): string {
  if (/^[A-Za-z0-9\-_.~():@]*$/.test(name)) return name;
  let out = '';
  for (const byte of Buffer.from(name)) {
    const char = String.fromCharCode(byte);
    out += /[A-Za-z0-9\-_.~():@]/.test(char) ? char : `%${byte.toString(16).padStart(2, '0')}`;
  }
  return out;
}

/** RFC 3986 percent-encoding as PHP's rawurlencode writes it: upper-case hex. */
export function rawUrlEncode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Apache resolves `//`, `/./` and `/../` before Nextcloud sees the path, but no encoded dots. */
export function collapse(path: string): string {
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
