import type { DocumentLimits, Reader } from '../kernel/document.ts';
import { decode, sniff } from '../kernel/encoding.ts';
import { lineReader } from '../kernel/lines.ts';

/** A text that is not stored by itself but inside an archive or a mail. */
export function openText(bytes: Uint8Array, format: string, limits: DocumentLimits): Reader {
  const { encoding, bom, lineEnd } = sniff(bytes.subarray(0, 65_536));
  const lost: string[] = [];
  const text = decode(bytes.subarray(bom), encoding);
  let kept = text;
  if (text.length > limits.documentChars) {
    kept = text.slice(0, limits.documentChars);
    lost.push(`everything after the first ${limits.documentChars} characters`);
  }
  const lines = kept === '' ? [] : kept.split(/\r\n|\n|\r/);
  // The end of the last line is not the start of another.
  if (lines.at(-1) === '') lines.pop();
  return lineReader({ family: 'text', format }, lines, limits, {
    facts: { encoding, line_end: lineEnd },
    lost,
  });
}
