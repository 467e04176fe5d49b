import type { DocumentLimits, UnitRange, Reader } from '../kernel/document.ts';
import { damaged, encrypted } from '../kernel/failure.ts';
import { writeHtml } from './html.ts';
import { Markdown } from '../kernel/markdown.ts';
import { Package, resolve } from '../kernel/package.ts';
import { readSpan, type UnitText } from '../kernel/span.ts';
import { Zip } from '../kernel/zip.ts';

/** EPUB, chapter by chapter in reading order. A chapter is read when it is asked for. */
export async function openBook(bytes: Uint8Array, limits: DocumentLimits): Promise<Reader> {
  const zip = await Zip.open(bytes, limits);
  const source = new Package(zip, limits);
  let root = '';
  if (!zip.has('META-INF/container.xml')) throw damaged('Its part META-INF/container.xml is missing.');
  await source.walk('META-INF/container.xml', {
    open: (name, attributes) => {
      if (name === 'rootfile' && root === '') root = attributes['full-path'] ?? '';
    },
  });
  const { spine, facts } = await contents(source, root);
  if (spine.length === 0) throw damaged('It names no chapters.');
  await refuseLocked(source, spine);
  const pieces = spine.flatMap((part) => {
    // A chapter that no answer can hold is cut in advance; its size is known before it is read.
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
    if (last?.part !== part) last = await readChapter(source, part, limits);
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
    read: (range: UnitRange) => readSpan({ unit: 'chapter', total, between: '\n\n', get }, range, limits),
    close: () => zip.close(),
  };
}

/** One of some equal pieces of a text, from one line's start to another's. */
function slice(text: string, index: number, count: number): string {
  if (count === 1) return text;
  const edge = (at: number): number => {
    const near = Math.floor((text.length * at) / count);
    const line = near === 0 || at === count ? near : text.lastIndexOf('\n', near) + 1;
    return line > (text.length * (at - 1)) / count ? line : near;
  };
  return text.slice(index === 0 ? 0 : edge(index), edge(index + 1)).trim();
}

async function contents(
  source: Package,
  root: string,
): Promise<{ spine: string[]; facts: Record<string, string> }> {
  const folder = root.slice(0, root.lastIndexOf('/') + 1);
  const items = new Map<string, string>();
  const spine: string[] = [];
  const facts: Record<string, string> = {};
  let text = '';
  await source.walk(root, {
    open: (name, attributes) => {
      text = '';
      const { id, href, idref } = attributes;
      if (
        name === 'item' &&
        id !== undefined &&
        href !== undefined &&
        /html|xml/.test(attributes['media-type'] ?? 'html')
      )
        items.set(id, resolve(folder, decodeURI(href.replace(/%(?![0-9a-f]{2})/gi, '%25'))));
      const target = name === 'itemref' && idref !== undefined ? items.get(idref) : undefined;
      if (target !== undefined && source.zip.has(target)) spine.push(target);
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

/** A book bought in a shop may hold its chapters encrypted; embedded fonts often are, and do not matter. */
async function refuseLocked(source: Package, spine: readonly string[]): Promise<void> {
  if (!source.zip.has('META-INF/encryption.xml')) return;
  const locked = new Set<string>();
  await source.walk('META-INF/encryption.xml', {
    open: (name, attributes) => {
      if (name === 'CipherReference') locked.add(decodeURI(attributes['URI'] ?? ''));
    },
  });
  if (spine.some((part) => locked.has(part))) throw encrypted('Its chapters are locked (DRM).');
}

async function readChapter(
  source: Package,
  part: string,
  limits: DocumentLimits,
): Promise<{ part: string; name: string; text: string }> {
  const out = new Markdown(limits.documentChars);
  const { title } = writeHtml(await source.zip.text(part), out, limits);
  const text = out.toString();
  const own = /^#{1,6} (.+)$/m.exec(text.slice(0, 500))?.[1];
  return { part, name: own ?? title, text };
}
