import { Parser } from 'htmlparser2';
import type { DocumentLimits, Reader } from '../kernel/document.ts';
import { decode, known, sniff } from '../kernel/encoding.ts';
import { limit } from '../kernel/failure.ts';
import { lineReader } from '../kernel/lines.ts';
import { Markdown, type Style } from '../kernel/markdown.ts';

/** HTML: headings, lists, tables, links, code; scripts, styles and forms are left out. */
export function openHtml(bytes: Uint8Array, limits: DocumentLimits): Reader {
  const out = new Markdown(limits.documentChars);
  const { title, lost } = writeHtml(decode(bytes, htmlEncoding(bytes)), out, limits);
  return lineReader({ family: 'web', format: 'html' }, out.lines(), limits, {
    facts: title === '' ? {} : { title },
    lost,
  });
}

/** A page says its encoding by a byte order mark, in its first kilobyte, or not at all. */
export function htmlEncoding(bytes: Uint8Array): string {
  const sniffed = sniff(bytes.subarray(0, 65_536));
  if (sniffed.bom > 0) return sniffed.encoding;
  const head = Buffer.from(bytes.subarray(0, 1_024)).toString('latin1');
  const declared =
    /<meta[^>]+charset\s*=\s*["']?([\w.:-]+)/i.exec(head)?.[1] ?? /encoding=["']([\w.:-]+)/.exec(head)?.[1];
  const usable = declared !== undefined && known(declared) && !/^utf-?16/i.test(declared);
  return usable ? declared : sniffed.encoding;
}

const blocks = new Set(
  'address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form header hgroup hr main nav option p section summary'.split(
    ' ',
  ),
);
const skipped = new Set(
  'script style template noscript iframe svg math canvas object audio video head datalist'.split(' '),
);

interface List {
  ordered: boolean;
  count: number;
}

interface Walk {
  title: string;
  lost: string[];
}

export function writeHtml(html: string, out: Markdown, limits: DocumentLimits): Walk {
  const walk = new HtmlWalk(out, limits.depth);
  const parser = new Parser(walk, {
    decodeEntities: true,
    lowerCaseTags: true,
    lowerCaseAttributeNames: true,
  });
  // In pieces, so that a limit stops a huge page early.
  for (let at = 0; at < html.length; at += 65_536) parser.write(html.slice(at, at + 65_536));
  parser.end();
  out.end();
  return { title: walk.title.replace(/\s+/g, ' ').trim().slice(0, 200), lost: [...walk.lost] };
}

class HtmlWalk {
  title = '';
  readonly lost = new Set<string>();
  #out: Markdown;
  #depth = 0;
  #most: number;
  #skip = 0;
  #inTitle = false;
  #styles: Style[] = [];
  #lists: List[] = [];
  #item = '';
  #quotes = 0;
  #code: string | undefined;
  #tables = 0;
  #cell = 0;

  constructor(out: Markdown, most: number) {
    this.#out = out;
    this.#most = most;
  }

  onopentag(name: string, attributes: Record<string, string>): void {
    // Browsers stop nesting too; a page this deep is a trap or a mistake.
    if (++this.#depth > this.#most * 4)
      throw limit(`Its elements are nested more than ${this.#most * 4} deep.`);
    if (name === 'title') this.#inTitle = true;
    if (this.#skip > 0 || skipped.has(name) || 'hidden' in attributes) {
      if (/^(object|iframe|audio|video|canvas|svg|math)$/.test(name)) this.lost.add('embedded media');
      this.#skip++;
      return;
    }
    if (name === 'pre') {
      this.#end();
      this.#code = '';
    } else if (/^h[1-6]$/.test(name) || blocks.has(name)) {
      this.#end();
      if (name === 'blockquote') this.#quotes++;
      if (name === 'hr') this.#out.block('---');
    } else if (name === 'br') {
      if (this.#code === undefined) this.#out.break();
      else this.#code += '\n';
    } else if (name === 'img') this.#picture(attributes);
    else if (name === 'input' && attributes['type'] === 'checkbox')
      this.#out.write('checked' in attributes ? '[x] ' : '[ ] ');
    else if (name === 'ul' || name === 'ol') {
      this.#end();
      this.#lists.push({ ordered: name === 'ol', count: Number(attributes['start'] ?? 1) - 1 || 0 });
    } else if (name === 'li') {
      this.#end();
      this.#item = this.#mark();
    } else if (name === 'table') {
      this.#end();
      this.#out.openTable();
      this.#tables++;
    } else if (this.#tables > 0 && name === 'tr') this.#out.openRow();
    else if (this.#tables > 0 && (name === 'td' || name === 'th')) {
      this.#out.openCell(Number(attributes['colspan'] ?? 1) || 1);
      this.#cell++;
    }
    this.#styles.push({ ...this.#now, ...styleOf(name, attributes) });
  }

  ontext(text: string): void {
    if (this.#inTitle) this.title += text;
    if (this.#skip > 0) return;
    if (this.#code !== undefined) this.#code += text;
    // Space between the rows of a table is no text of a cell.
    else if (this.#tables === 0 || this.#cell > 0) this.#out.write(text.replace(/\s+/g, ' '), this.#now);
  }

  onclosetag(name: string): void {
    this.#depth--;
    if (name === 'title') this.#inTitle = false;
    if (this.#skip > 0) {
      this.#skip--;
      return;
    }
    this.#styles.pop();
    if (name === 'pre') {
      const code = this.#code ?? '';
      this.#code = undefined;
      if (this.#out.inTable) this.#out.write(code);
      else if (code.trim() !== '') this.#out.code(code.replace(/^\n/, ''));
    } else if (/^h[1-6]$/.test(name))
      this.#out.end(this.#out.inTable ? '' : `${'#'.repeat(Number(name[1]))} `);
    else if (blocks.has(name)) {
      this.#end();
      if (name === 'blockquote') this.#quotes--;
    } else if (name === 'li') {
      this.#end();
      this.#item = '';
    } else if (name === 'ul' || name === 'ol') {
      this.#end();
      this.#lists.pop();
    } else if (this.#cell > 0 && (name === 'td' || name === 'th')) {
      this.#end();
      this.#out.closeCell();
      this.#cell--;
    } else if (this.#tables > 0 && name === 'table') {
      this.#out.closeTable();
      this.#tables--;
    }
  }

  get #now(): Style {
    return this.#styles.at(-1) ?? {};
  }

  #end(): void {
    if (this.#out.blank) {
      this.#out.end();
      return;
    }
    if (this.#item !== '' || this.#lists.length > 0) {
      this.#out.end(this.#item || '   '.repeat(this.#lists.length));
      this.#item = this.#item.replace(/\S/g, ' ');
    } else this.#out.end(this.#quotes > 0 && !this.#out.inTable ? '> ' : '');
  }

  #mark(): string {
    const list = this.#lists.at(-1) ?? { ordered: false, count: 0 };
    list.count++;
    const indent = '   '.repeat(Math.min(8, Math.max(0, this.#lists.length - 1)));
    return indent + (list.ordered ? `${list.count}. ` : '- ');
  }

  #picture(attributes: Record<string, string>): void {
    const words = (attributes['alt'] ?? '').replace(/\s+/g, ' ').trim();
    this.lost.add('pictures (their descriptions are kept)');
    if (words !== '') this.#out.write(`[picture: ${words.slice(0, 300)}]`, this.#now);
  }
}

function styleOf(name: string, attributes: Record<string, string>): Style {
  if (name === 'b' || name === 'strong') return { bold: true };
  if (name === 'i' || name === 'em' || name === 'cite') return { italic: true };
  if (name === 's' || name === 'del' || name === 'strike') return { strike: true };
  if (name === 'code' || name === 'kbd' || name === 'samp' || name === 'tt') return { code: true };
  if (name !== 'a') return {};
  const href = attributes['href']?.trim();
  // A script behind a link is nothing to hand on.
  return href === undefined || /^(javascript|data|vbscript):/i.test(href) ? {} : { href };
}
