import type { DocumentLimits } from '../kernel/document.ts';
import { decode } from '../kernel/encoding.ts';
import { damaged, encrypted } from '../kernel/document-error.ts';
import { parse, Xml, type XmlEvents } from '../kernel/xml.ts';
import { xmlEncoding, Zip } from '../kernel/zip.ts';

/** An OpenDocument file: a ZIP with parts, or a single flat XML file (`.fodt`, `.fods`, `.fodp`). */
export interface OdfPackage {
  facts: Record<string, string | number>;
  /** Parses the styles and then the content. */
  walk(events: XmlEvents): Promise<void>;
  close(): void;
}

export async function openOdf(bytes: Uint8Array, limits: DocumentLimits): Promise<OdfPackage> {
  if (bytes[0] !== 0x50) return flatPackage(decode(bytes, xmlEncoding(bytes)), limits);
  const zip = await Zip.open(bytes, limits);
  const manifest = zip.has('META-INF/manifest.xml') ? await zip.text('META-INF/manifest.xml') : '';
  if (manifest.includes('encryption-data')) throw encrypted('The document is protected with a password.');
  if (!zip.has('content.xml')) throw damaged('The part content.xml is missing.');
  return {
    facts: zip.has('meta.xml') ? factsOf(await zip.text('meta.xml'), limits) : {},
    walk: async (events) => {
      // Named styles are in a part of their own; the content defines only the styles derived from them.
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

function flatPackage(content: string, limits: DocumentLimits): OdfPackage {
  return {
    facts: factsOf(content.slice(0, 20_000), limits),
    walk: async (events) => parse(content, events, limits.depth),
    close: () => undefined,
  };
}

const factNames: Readonly<Record<string, string>> = {
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
          const fact = inside ? factNames[name] : undefined;
          if (fact !== undefined && text.trim() !== '') facts[fact] = text.trim().slice(0, 200);
          if (name === 'meta') inside = false;
        },
      },
      limits.depth,
    );
  } catch {
    // A document is readable without its properties. Those of a flat document are parsed from its start, which is
    // cut at an arbitrary place.
  }
  return facts;
}
