export type RtfToken =
  | { kind: 'open' }
  | { kind: 'close' }
  | { kind: 'star' }
  | { kind: 'word'; word: string; value: number | undefined }
  | { kind: 'bytes'; bytes: Uint8Array }
  | { kind: 'symbol'; symbol: string };

/** Splits RTF into groups, control words and runs of bytes. Binary data (`\bin`) is skipped. */
export function* rtfTokens(rtf: Uint8Array): Generator<RtfToken, void, void> {
  const bytes = Buffer.from(rtf.buffer, rtf.byteOffset, rtf.byteLength);
  let at = 0;
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x7b || byte === 0x7d) {
      yield { kind: byte === 0x7b ? 'open' : 'close' };
      at++;
    } else if (byte === 0x5c) {
      const next = bytes[at + 1] ?? 0;
      if (isLetter(next)) {
        let end = at + 1;
        while (isLetter(bytes[end] ?? 0) && end - at < 40) end++;
        const word = bytes.toString('latin1', at + 1, end);
        const start = end;
        if (bytes[end] === 0x2d) end++;
        while (isDigit(bytes[end] ?? 0) && end - start < 12) end++;
        const value = end > start ? Number(bytes.toString('latin1', start, end)) : undefined;
        at = bytes[end] === 0x20 ? end + 1 : end;
        if (word === 'bin') at += Math.max(0, value ?? 0);
        yield { kind: 'word', word, value };
      } else if (next === 0x27) {
        // A multibyte character is written as a sequence of `\'hh`.
        const run: number[] = [];
        while (bytes[at] === 0x5c && bytes[at + 1] === 0x27) {
          const code = Number.parseInt(bytes.toString('latin1', at + 2, at + 4), 16);
          if (Number.isInteger(code)) run.push(code);
          at += 4;
        }
        yield { kind: 'bytes', bytes: Uint8Array.from(run) };
      } else {
        yield next === 0x2a ? { kind: 'star' } : { kind: 'symbol', symbol: String.fromCharCode(next) };
        at += 2;
      }
    } else if (byte === 0x0d || byte === 0x0a || byte === 0) {
      at++;
    } else {
      let end = at + 1;
      while (end < bytes.length && !isSpecial(bytes[end] ?? 0)) end++;
      yield { kind: 'bytes', bytes: bytes.subarray(at, end) };
      at = end;
    }
  }
}

function isSpecial(byte: number): boolean {
  return byte === 0x7b || byte === 0x7d || byte === 0x5c || byte === 0x0d || byte === 0x0a || byte === 0;
}

function isLetter(byte: number): boolean {
  return (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a);
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
