import type { DocumentLimits, Reader } from '../kernel/document.ts';
import { damaged } from '../kernel/document-error.ts';
import { Markdown } from '../kernel/markdown.ts';
import { OpcPackage, type Relation } from '../kernel/opc-package.ts';
import type { UnitText } from '../kernel/unit-range.ts';
import { deckReader, slideText } from './slide-deck.ts';
import { SlideToMarkdown } from './slide-to-markdown.ts';

/** Opens a PowerPoint presentation (PPTX): slides with their speaker notes. A slide is converted when it is read. */
export async function openPptx(bytes: Uint8Array, limits: DocumentLimits): Promise<Reader> {
  const source = await OpcPackage.open(bytes, limits, 'ppt/presentation.xml');
  const { zip, main, relations } = source;
  const parts: string[] = [];
  await source.walk(main, {
    open: (name, attributes) => {
      const relation = name === 'sldId' ? relations.get(attributes['r:id'] ?? '') : undefined;
      if (relation?.type === 'slide') parts.push(relation.target);
    },
  });
  if (parts.length === 0 && !zip.has(main)) throw damaged('The file contains no presentation.');
  const cache = new Map<number, UnitText>();
  const get = async (number: number): Promise<UnitText> => {
    const slide = cache.get(number) ?? (await readSlide(source, parts[number - 1] ?? '', number));
    cache.set(number, slide);
    return slide;
  };
  const lost = ['layout, animations and pictures (their descriptions are kept)'];
  const names = [...zip.entries.keys()];
  if (names.some((name) => name.startsWith('ppt/charts/chart'))) lost.push('charts');
  if (names.some((name) => name.startsWith('ppt/diagrams/data'))) lost.push('the layout of diagrams');
  const facts = await source.facts();
  const deck = { format: 'pptx', total: parts.length, get, facts, lost, close: () => zip.close() };
  return deckReader(deck, limits);
}

async function readSlide(source: OpcPackage, part: string, number: number): Promise<UnitText> {
  if (!source.zip.has(part)) throw damaged(`The slide ${number} is missing in the file.`);
  const relations = await source.relationsOf(part);
  const out = new Markdown(source.limits.documentChars);
  const slide = new SlideToMarkdown(out, relations);
  await source.walk(part, slide);
  let body = out.toString();
  for (const { type, target, external } of relations.values()) {
    // The text of a diagram is in a part of its own.
    if (type !== 'diagramData' || external || !source.zip.has(target)) continue;
    const diagram = await readPart(source, target, new Map());
    if (diagram !== '') body += `\n\n${diagram}`;
  }
  const notesPart = [...relations.values()].find(
    ({ type, target }) => type === 'notesSlide' && source.zip.has(target),
  )?.target;
  const notes = notesPart && (await readPart(source, notesPart, await source.relationsOf(notesPart), 'body'));
  return { text: slideText(number, { title: slide.title, body, notes, hidden: slide.hidden }) };
}

async function readPart(
  source: OpcPackage,
  part: string,
  relations: ReadonlyMap<string, Relation>,
  placeholder?: string,
): Promise<string> {
  const out = new Markdown(source.limits.documentChars);
  await source.walk(part, new SlideToMarkdown(out, relations, placeholder));
  return out.toString();
}
