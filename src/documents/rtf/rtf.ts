import type { DocumentLimits, Reader } from '../kernel/document.ts';
import { damaged } from '../kernel/document-error.ts';
import { lineReader } from '../kernel/line-reader.ts';
import { rtfTokens } from './rtf-tokens.ts';
import { RtfToMarkdown } from './rtf-to-markdown.ts';

/** Opens an RTF document: headings, lists, tables, links and footnotes. */
export function openRtf(bytes: Uint8Array, limits: DocumentLimits): Reader {
  const converter = new RtfToMarkdown(limits.documentChars);
  for (const token of rtfTokens(bytes)) converter.take(token);
  if (!converter.isComplete) converter.lost.add('the end of the document (the file is truncated)');
  const lines = converter.lines();
  if (lines.length === 0 && !converter.isComplete) throw damaged('The RTF file ends before its text.');
  return lineReader({ family: 'word', format: 'rtf' }, lines, limits, {
    facts: converter.facts,
    lost: [...converter.lost],
  });
}
