import type { DocumentLimits, Reader } from '../kernel/document.ts';
import { lineReader } from '../kernel/line-reader.ts';
import { convertUpToLimit, Markdown } from '../kernel/markdown.ts';
import { OpcPackage } from '../kernel/opc-package.ts';
import type { XmlAttributes } from '../kernel/xml.ts';
import { Numbering } from './numbering.ts';
import { WordStyles } from './word-styles.ts';
import { WordToMarkdown, type WordContext } from './word-to-markdown.ts';

/**
 * Opens a Word document (DOCX): the body with headings, lists, tables and links, followed by footnotes, endnotes and
 * comments.
 */
export async function openDocx(bytes: Uint8Array, limits: DocumentLimits): Promise<Reader> {
  const source = await OpcPackage.open(bytes, limits, 'word/document.xml');
  const styles = source.part('styles');
  const numbering = source.part('numbering');
  const context: WordContext = {
    relations: source.relations,
    styles: styles === undefined ? undefined : await WordStyles.load(source, styles),
    numbering: numbering === undefined ? undefined : await Numbering.load(source, numbering),
    omitted: new Map(),
  };
  const out = new Markdown(limits.documentChars);
  const lost = await convertUpToLimit(
    () => source.walk(source.main, new WordToMarkdown(out, context)),
    limits.documentChars,
  );
  let text = out.toString();
  for (const kind of noteKinds) {
    const part = source.part(kind.relation);
    if (part !== undefined) text += await readNotes(source, part, kind, context);
  }
  lost.push(
    ...omissions(
      context.omitted,
      [...source.relations.values()].map(({ type }) => type),
    ),
  );
  const facts = await source.facts();
  source.zip.close();
  const lines = text === '' ? [] : text.split('\n');
  return lineReader({ family: 'word', format: 'docx' }, lines, limits, { facts, lost });
}

interface NoteKind {
  /** The relationship type of the part. */
  relation: string;
  element: string;
  /** The prefix of the note's number in the text: `[^e1]`. */
  prefix: string;
}

const noteKinds: readonly NoteKind[] = [
  { relation: 'footnotes', element: 'footnote', prefix: '' },
  { relation: 'endnotes', element: 'endnote', prefix: 'e' },
  { relation: 'comments', element: 'comment', prefix: 'c' },
];

async function readNotes(
  source: OpcPackage,
  part: string,
  { element, prefix }: NoteKind,
  context: WordContext,
): Promise<string> {
  let text = '';
  let note: XmlAttributes | undefined;
  let out = new Markdown(source.limits.documentChars);
  const relations = await source.relationsOf(part);
  let converter = new WordToMarkdown(out, { ...context, relations });
  await source.walk(part, {
    open: (name, attributes) => {
      if (name === element) {
        note = attributes;
        out = new Markdown(source.limits.documentChars);
        converter = new WordToMarkdown(out, { ...context, relations });
      } else if (note) converter.open(name, attributes);
    },
    text: (more) => converter.text(more),
    close: (name) => {
      if (name !== element) {
        if (note) converter.close(name);
        return;
      }
      const body = out.toString().replaceAll('\n', ' ').replace(/ {2,}/g, ' ');
      // The separator lines between the text and its notes are stored as notes of another type.
      if (note && body !== '' && (note['type'] ?? 'normal') === 'normal')
        text += `\n\n${label(note, prefix)} ${body}`;
      note = undefined;
    },
  });
  return text;
}

function label({ id, author, date }: XmlAttributes, prefix: string): string {
  const mark = `[^${prefix}${id ?? ''}]:`;
  if (prefix !== 'c') return mark;
  return `${mark} Comment${author ? ` by ${author}` : ''}${date ? ` (${date.slice(0, 10)})` : ''}:`;
}

/** What the text leaves out, as phrases for `DocumentSummary.lost`. */
function omissions(omitted: ReadonlyMap<string, number>, relationTypes: readonly string[]): string[] {
  const lost: string[] = [];
  const add = (kind: string, phrase: (count: number) => string): void => {
    const count = omitted.get(kind) ?? 0;
    if (count > 0) lost.push(phrase(count));
  };
  add('picture', (count) => `${count} ${count === 1 ? 'picture' : 'pictures'} (their descriptions are kept)`);
  add('deleted', () => 'text deleted with tracked changes (inserted text is kept)');
  add('hidden', () => 'hidden text');
  add('oMath', () => 'the layout of formulas');
  add('object', (count) => `${count} embedded ${count === 1 ? 'object' : 'objects'}`);
  add('chart', (count) => `${count} ${count === 1 ? 'chart' : 'charts'}`);
  add('altChunk', () => 'inserted documents');
  if (relationTypes.includes('header') || relationTypes.includes('footer'))
    lost.push('page headers and footers');
  return lost;
}
