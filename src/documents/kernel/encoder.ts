/**
 * Encodes a text in any encoding that `decode` supports, without a byte order mark. Returns undefined when the
 * encoding lacks one of the characters.
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

/** All characters of a one- or two-byte encoding with their codes, made by decoding every possible code. */
function tableOf(encoding: string): ReadonlyMap<string, number> {
  const cached = tables.get(encoding);
  if (cached) return cached;
  const table = new Map<string, number>();
  const decoder = new TextDecoder(encoding);
  for (let byte = 0; byte < 0x100; byte++) addCode(table, decoder.decode(Uint8Array.of(byte)), byte);
  for (let lead = 0x81; lead < 0xff; lead++) {
    if (table.has(decoder.decode(Uint8Array.of(lead)))) continue;
    for (let trail = 0x40; trail < 0xff; trail++)
      addCode(table, decoder.decode(Uint8Array.of(lead, trail)), (lead << 8) | trail);
  }
  tables.set(encoding, table);
  return table;
}

// When two codes mean the same character, the first is kept.
function addCode(table: Map<string, number>, char: string, code: number): void {
  if ([...char].length === 1 && char !== '\ufffd' && !table.has(char)) table.set(char, code);
}
