/** Text back into bytes, in the encodings that `decode` reads. */

/**
 * The bytes of a text, without a byte order mark, or undefined when the encoding has no place for one
 * of its characters.
 */
export function encode(text: string, encoding: string): Buffer | undefined {
  if (encoding === 'utf-8') return Buffer.from(text, 'utf8');
  if (encoding === 'utf-16le') return Buffer.from(text, 'utf16le');
  if (encoding === 'utf-16be') return Buffer.from(text, 'utf16le').swap16();
  const table = tableOf(encoding);
  const bytes: number[] = [];
  for (const char of text) {
    const code = table.get(char);
    if (code === undefined) return undefined;
    if (code > 0xff) bytes.push(code >> 8);
    bytes.push(code & 0xff);
  }
  return Buffer.from(bytes);
}

const tables = new Map<string, ReadonlyMap<string, number>>();

/** Every character of a one- or two-byte encoding with its bytes, read off the platform's own decoder. */
function tableOf(encoding: string): ReadonlyMap<string, number> {
  const kept = tables.get(encoding);
  if (kept) return kept;
  const table = new Map<string, number>();
  const decoder = new TextDecoder(encoding);
  for (let byte = 0; byte < 0x100; byte++) keep(table, decoder.decode(Uint8Array.of(byte)), byte);
  for (let lead = 0x81; lead < 0xff; lead++) {
    if (table.has(decoder.decode(Uint8Array.of(lead)))) continue;
    for (let trail = 0x40; trail < 0xff; trail++)
      keep(table, decoder.decode(Uint8Array.of(lead, trail)), (lead << 8) | trail);
  }
  tables.set(encoding, table);
  return table;
}

// Where two codes mean one character the first stands; what does not come out the same is found by a look.
function keep(table: Map<string, number>, char: string, code: number): void {
  if ([...char].length === 1 && char !== '\ufffd' && !table.has(char)) table.set(char, code);
}
