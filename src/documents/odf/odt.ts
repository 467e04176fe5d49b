import type { DocumentLimits, Reader } from '../kernel/document.ts';
import { lineReader } from '../kernel/line-reader.ts';
import { convertUpToLimit, Markdown } from '../kernel/markdown.ts';
import { openOdf } from './odf-package.ts';
import { OdfToMarkdown } from './odf-to-markdown.ts';

/** Opens an OpenDocument text (ODT): headings, lists, tables, links, notes and comments. */
export async function openOdt(bytes: Uint8Array, limits: DocumentLimits): Promise<Reader> {
  const source = await openOdf(bytes, limits);
  const out = new Markdown(limits.documentChars);
  const converter = new OdfToMarkdown(out, limits.documentChars);
  const lost = await convertUpToLimit(() => source.walk(converter), limits.documentChars);
  lost.push(...converter.omitted);
  source.close();
  const text = [out.toString(), ...converter.notes].filter(Boolean).join('\n\n');
  const lines = text === '' ? [] : text.split('\n');
  return lineReader({ family: 'word', format: 'odt' }, lines, limits, { facts: source.facts, lost });
}
