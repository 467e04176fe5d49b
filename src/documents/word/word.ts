import type { DocumentLimits, Reader } from '../kernel/document.ts';
import { ExtractError } from '../kernel/failure.ts';
import { lineReader } from '../kernel/lines.ts';
import { Markdown } from '../kernel/markdown.ts';
import { Numbering } from './numbering.ts';
import { Package } from '../kernel/package.ts';
import { WordStyles } from './word-styles.ts';
import { WordWalk, type WordContext } from './word-walk.ts';
import type { XmlAttributes } from '../kernel/xml.ts';
import { Zip } from '../kernel/zip.ts';

/** DOCX: body with headings, lists, tables and links, then footnotes, endnotes and comments. */
export async function openWord(bytes: Uint8Array, limits: DocumentLimits): Promise<Reader> {
  const zip = await Zip.open(bytes, limits);
  const source = new Package(zip, limits);
  const main = await source.main('word/document.xml');
  const relations = await source.relations(main);
  const part = (type: string): string | undefined =>
    [...relations.values()].find((one) => one.type === type && !one.external && zip.has(one.target))?.target;
  const styles = part('styles');
  const numbering = part('numbering');
  const context: WordContext = {
    relations,
    styles: styles === undefined ? undefined : await WordStyles.load(source, styles),
    numbering: numbering === undefined ? undefined : await Numbering.load(source, numbering),
    met: new Map(),
  };
  const out = new Markdown(limits.documentChars);
  const lost: string[] = [];
  try {
    await source.walk(main, new WordWalk(out, context));
  } catch (error) {
    // A long document is worth its first twenty million characters.
    if (!(error instanceof ExtractError) || error.code !== 'limit' || !/longer/.test(error.message))
      throw error;
    lost.push(`everything after the first ${limits.documentChars} characters`);
  }
  let text = out.toString();
  for (const [type, element, sign] of notes) {
    const name = part(type);
    if (name !== undefined) text += await readNotes(source, name, element, sign, context);
  }
  lost.push(
    ...losses(
      context.met,
      relations.values().map((one) => one.type),
    ),
  );
  const facts = await source.facts();
  zip.close();
  return lineReader({ family: 'word', format: 'docx' }, text === '' ? [] : text.split('\n'), limits, {
    facts,
    lost,
  });
}

const notes: readonly (readonly [relation: string, element: string, sign: string])[] = [
  ['footnotes', 'footnote', ''],
  ['endnotes', 'endnote', 'e'],
  ['comments', 'comment', 'c'],
];

async function readNotes(
  source: Package,
  part: string,
  element: string,
  sign: string,
  context: WordContext,
): Promise<string> {
  let text = '';
  let head: XmlAttributes | undefined;
  let out = new Markdown(source.limits.documentChars);
  const relations = await source.relations(part);
  let walk = new WordWalk(out, { ...context, relations });
  await source.walk(part, {
    open: (name, attributes) => {
      if (name === element) {
        head = attributes;
        out = new Markdown(source.limits.documentChars);
        walk = new WordWalk(out, { ...context, relations });
      } else if (head) walk.open(name, attributes);
    },
    text: (more) => walk.text(more),
    close: (name) => {
      if (name !== element) {
        if (head) walk.close(name);
        return;
      }
      const body = out.toString().replaceAll('\n', ' ').replace(/ {2,}/g, ' ');
      // The separators between text and notes are notes too.
      if (head && body !== '' && (head['type'] ?? 'normal') === 'normal')
        text += `\n\n${label(head, sign)} ${body}`;
      head = undefined;
    },
  });
  return text;
}

function label({ id, author, date }: XmlAttributes, sign: string): string {
  const mark = `[^${sign}${id ?? ''}]:`;
  if (sign !== 'c') return mark;
  return `${mark} Comment${author ? ` by ${author}` : ''}${date ? ` (${date.slice(0, 10)})` : ''}:`;
}

function losses(met: ReadonlyMap<string, number>, relations: Iterable<string>): string[] {
  const lost: string[] = [];
  const say = (kind: string, words: (count: number) => string): void => {
    const count = met.get(kind) ?? 0;
    if (count > 0) lost.push(words(count));
  };
  say('picture', (count) => `${count} ${count === 1 ? 'picture' : 'pictures'} (their descriptions are kept)`);
  say('deleted', () => 'text deleted with tracked changes (inserted text is kept)');
  say('hidden', () => 'hidden text');
  say('oMath', () => 'the layout of formulas');
  say('object', (count) => `${count} embedded ${count === 1 ? 'object' : 'objects'}`);
  say('chart', (count) => `${count} ${count === 1 ? 'chart' : 'charts'}`);
  say('altChunk', () => 'inserted documents');
  const types = new Set(relations);
  if (types.has('header') || types.has('footer')) lost.push('page headers and footers');
  return lost;
}
