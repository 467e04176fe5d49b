import type { DocumentLimits, Reader } from '../kernel/document.ts';
import { decode, sniff } from '../kernel/encoding.ts';
import { lineReader } from '../kernel/line-reader.ts';

/** Opens a text file that is inside an archive or attached to a message. */
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
  // A final line end does not start another line.
  if (lines.at(-1) === '') lines.pop();
  return lineReader({ family: 'text', format }, lines, limits, {
    facts: { encoding, line_end: lineEnd },
    lost,
  });
}
