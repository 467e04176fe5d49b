import type { DocumentLimits, UnitRange, Reader } from '../kernel/document.ts';
import { damaged, encrypted } from '../kernel/document-error.ts';
import { writeHtml } from './html.ts';
import { Markdown } from '../kernel/markdown.ts';
import { readUnits, type UnitText } from '../kernel/unit-range.ts';
import { parse, type XmlEvents } from '../kernel/xml.ts';
import { resolveMember, Zip } from '../kernel/zip.ts';

interface Book {
  zip: Zip;
  limits: DocumentLimits;
  walk(part: string, events: XmlEvents): Promise<void>;
}

/** Opens an e-book (EPUB). Its units are the chapters in reading order; a chapter is converted when it is read. */
export async function openEpub(bytes: Uint8Array, limits: DocumentLimits): Promise<Reader> {
  const zip = await Zip.open(bytes, limits);
  const book: Book = {
    zip,
    limits,
    walk: async (part, events) => parse(await zip.text(part), events, limits.depth),
  };
  let root = '';
  if (!zip.has('META-INF/container.xml')) throw damaged('The part META-INF/container.xml is missing.');
  await book.walk('META-INF/container.xml', {
    open: (name, attributes) => {
      if (name === 'rootfile' && root === '') root = attributes['full-path'] ?? '';
    },
  });
  const { spine, facts } = await contents(book, root);
  if (spine.length === 0) throw damaged('The book lists no chapters.');
  await rejectDrm(book, spine);
  const pieces = spine.flatMap((part) => {
    // A chapter that exceeds the limit of one answer is split. Its unpacked size is known before it is read.
    const count = Math.ceil(
      (zip.entries.get(part)?.uncompressedSize ?? 1) / Math.max(1, limits.outputChars - 1_000),
    );
    return Array.from({ length: Math.min(Math.max(1, count), 1_000) }, (_, index) => ({
      part,
      index,
      count,
    }));
  });
  const total = pieces.length;
  let last: { part: string; name: string; text: string } | undefined;
  const get = async (number: number): Promise<UnitText> => {
    const { part, index, count } = pieces[number - 1] ?? { part: '', index: 0, count: 1 };
    if (last?.part !== part) last = await readChapter(book, part);
    const name = `${last.name}${index > 0 ? ' (continued)' : ''}`.trim().replaceAll('--', '-');
    const text = slice(last.text, index, count);
    return {
      text: `<!-- chapter ${number}${name === '' ? '' : `: ${name}`} -->\n\n${text === '' ? '(no text)' : text}`,
    };
  };
  return {
    family: 'book',
    format: 'epub',
    unit: 'chapter',
    total,
    facts,
    lost: ['pictures (their descriptions are kept)', 'layout'],
    read: (range: UnitRange) => readUnits({ unit: 'chapter', total, between: '\n\n', get }, range, limits),
    close: () => zip.close(),
  };
}

/** One of `count` roughly equal pieces of a text, cut at the starts of lines. */
function slice(text: string, index: number, count: number): string {
  if (count === 1) return text;
  const edge = (at: number): number => {
    const near = Math.floor((text.length * at) / count);
    const line = near === 0 || at === count ? near : text.lastIndexOf('\n', near) + 1;
    return line > (text.length * (at - 1)) / count ? line : near;
  };
  return text.slice(index === 0 ? 0 : edge(index), edge(index + 1)).trim();
}

/** The chapters in reading order and the metadata, from the package document (EPUB 3.3, section 5). */
async function contents(
  book: Book,
  root: string,
): Promise<{ spine: string[]; facts: Record<string, string> }> {
  const folder = root.slice(0, root.lastIndexOf('/') + 1);
  const items = new Map<string, string>();
  const spine: string[] = [];
  const facts: Record<string, string> = {};
  let text = '';
  await book.walk(root, {
    open: (name, attributes) => {
      text = '';
      const { id, href, idref } = attributes;
      if (
        name === 'item' &&
        id !== undefined &&
        href !== undefined &&
        /html|xml/.test(attributes['media-type'] ?? 'html')
      )
        items.set(id, resolveMember(folder, decodeURI(href.replace(/%(?![0-9a-f]{2})/gi, '%25'))));
      const target = name === 'itemref' && idref !== undefined ? items.get(idref) : undefined;
      if (target !== undefined && book.zip.has(target)) spine.push(target);
    },
    text: (more) => void (text += more),
    close: (name) => {
      const fact = { title: 'title', creator: 'author', language: 'language', publisher: 'publisher' }[name];
      if (fact !== undefined && text.trim() !== '') facts[fact] ??= text.trim().slice(0, 200);
      text = '';
    },
  });
  return { spine, facts };
}

/** Rejects a book whose chapters are encrypted. Embedded fonts often are as well, which does not matter. */
async function rejectDrm(book: Book, spine: readonly string[]): Promise<void> {
  if (!book.zip.has('META-INF/encryption.xml')) return;
  const encryptedParts = new Set<string>();
  await book.walk('META-INF/encryption.xml', {
    open: (name, attributes) => {
      if (name === 'CipherReference') encryptedParts.add(decodeURI(attributes['URI'] ?? ''));
    },
  });
  if (spine.some((part) => encryptedParts.has(part))) throw encrypted('The chapters are protected by DRM.');
}

async function readChapter(book: Book, part: string): Promise<{ part: string; name: string; text: string }> {
  const out = new Markdown(book.limits.documentChars);
  const { title } = writeHtml(await book.zip.text(part), out, book.limits);
  const text = out.toString();
  const heading = /^#{1,6} (.+)$/m.exec(text.slice(0, 500))?.[1];
  return { part, name: heading ?? title, text };
}
