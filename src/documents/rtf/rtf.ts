import type { DocumentLimits, Reader } from '../kernel/document.ts';
import { damaged } from '../kernel/failure.ts';
import { lineReader } from '../kernel/lines.ts';
import { rtfTokens } from './rtf-token.ts';
import { RtfWalk } from './rtf-walk.ts';

/** RTF: headings, lists, tables, links and footnotes. */
export function openRtf(bytes: Uint8Array, limits: DocumentLimits): Reader {
  const rtf = new RtfWalk(limits.documentChars);
  for (const token of rtfTokens(bytes)) rtf.take(token);
  if (!rtf.closed) rtf.lost.add('the end of the document (the file stops in the middle)');
  const lines = rtf.lines();
  if (lines.length === 0 && !rtf.closed) throw damaged('The RTF stops before its text.');
  return lineReader({ family: 'word', format: 'rtf' }, lines, limits, {
    facts: rtf.facts,
    lost: [...rtf.lost],
  });
}
