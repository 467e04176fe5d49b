import type { DocumentLimits } from '../kernel/document.ts';
import { decode } from '../kernel/encoding.ts';
import { damaged, encrypted } from '../kernel/failure.ts';
import { parse, Xml, type XmlEvents } from '../kernel/xml.ts';
import { xmlEncoding, Zip } from '../kernel/zip.ts';

/** An OpenDocument file: a ZIP with parts, or one flat text. */
export interface OpenDocument {
  facts: Record<string, string | number>;
  /** Streams the styles and the content through a reader of events. */
  walk(events: XmlEvents): Promise<void>;
  close(): void;
}

export async function openOdf(bytes: Uint8Array, limits: DocumentLimits): Promise<OpenDocument> {
  if (bytes[0] !== 0x50) return flat(decode(bytes, xmlEncoding(bytes)), limits);
  const zip = await Zip.open(bytes, limits);
  const manifest = zip.has('META-INF/manifest.xml') ? await zip.text('META-INF/manifest.xml') : '';
  if (manifest.includes('encryption-data')) throw encrypted('It is protected with a password.');
  if (!zip.has('content.xml')) throw damaged('Its part content.xml is missing.');
  return {
    facts: zip.has('meta.xml') ? factsOf(await zip.text('meta.xml'), limits) : {},
    walk: async (events) => {
      // Named styles are in a part of their own; the content only has what differs from them.
      for (const part of ['styles.xml', 'content.xml']) {
        if (!zip.has(part)) continue;
        const xml = new Xml(events, limits.depth);
        for await (const text of zip.texts(part)) xml.write(text);
        xml.end();
      }
    },
    close: () => zip.close(),
  };
}

function flat(content: string, limits: DocumentLimits): OpenDocument {
  return {
    facts: factsOf(content.slice(0, 20_000), limits),
    walk: async (events) => parse(content, events, limits.depth),
    close: () => undefined,
  };
}

const names: Readonly<Record<string, string>> = {
  title: 'title',
  creator: 'author',
  'initial-creator': 'author',
  generator: 'program',
  date: 'modified',
};

function factsOf(meta: string, limits: DocumentLimits): Record<string, string | number> {
  const facts: Record<string, string | number> = {};
  let text = '';
  let inside = false;
  try {
    parse(
      meta,
      {
        open: (name) => {
          if (name === 'meta') inside = true;
          text = '';
        },
        text: (more) => void (text += more),
        close: (name) => {
          const fact = inside ? names[name] : undefined;
          if (fact !== undefined && text.trim() !== '') facts[fact] = text.trim().slice(0, 200);
          if (name === 'meta') inside = false;
        },
      },
      limits.depth,
    );
  } catch {
    // The properties are an extra: a flat document is cut here on purpose, and others are read without them.
  }
  return facts;
}
