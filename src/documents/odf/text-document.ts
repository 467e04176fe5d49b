import type { DocumentLimits, Reader } from '../kernel/document.ts';
import { ExtractError } from '../kernel/failure.ts';
import { lineReader } from '../kernel/lines.ts';
import { Markdown } from '../kernel/markdown.ts';
import { openOdf } from './odf.ts';
import { OdfWalk } from './odf-walk.ts';

/** ODT: headings, lists, tables, links, notes and comments. */
export async function openTextDocument(bytes: Uint8Array, limits: DocumentLimits): Promise<Reader> {
  const source = await openOdf(bytes, limits);
  const out = new Markdown(limits.documentChars);
  const walk = new OdfWalk(out, limits.documentChars);
  const lost: string[] = [];
  try {
    await source.walk(walk);
  } catch (error) {
    if (!(error instanceof ExtractError) || error.code !== 'limit' || !/longer/.test(error.message))
      throw error;
    lost.push(`everything after the first ${limits.documentChars} characters`);
  }
  lost.push(...walk.met);
  source.close();
  const text = [out.toString(), ...walk.notes].filter(Boolean).join('\n\n');
  return lineReader({ family: 'word', format: 'odt' }, text === '' ? [] : text.split('\n'), limits, {
    facts: source.facts,
    lost,
  });
}
