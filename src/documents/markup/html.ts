import { Parser } from 'htmlparser2';
import type { DocumentLimits, Reader } from '../kernel/document.ts';
import { decode, isSupportedEncoding, sniff } from '../kernel/encoding.ts';
import { limit } from '../kernel/document-error.ts';
import { lineReader } from '../kernel/line-reader.ts';
import { Markdown, pictureText, type Style } from '../kernel/markdown.ts';

/** Opens a web page (HTML): headings, lists, tables, links and code, without scripts, styles and form fields. */
export function openHtml(bytes: Uint8Array, limits: DocumentLimits): Reader {
  const out = new Markdown(limits.documentChars);
  const { title, lost } = writeHtml(decode(bytes, htmlEncoding(bytes)), out, limits);
  return lineReader({ family: 'web', format: 'html' }, out.lines(), limits, {
    facts: title === '' ? {} : { title },
    lost,
  });
}

/** The encoding of a page: by its byte order mark, a declaration in its first 1,024 bytes, or a guess. */
export function htmlEncoding(bytes: Uint8Array): string {
  const sniffed = sniff(bytes.subarray(0, 65_536));
  if (sniffed.bom > 0) return sniffed.encoding;
  const head = Buffer.from(bytes.subarray(0, 1_024)).toString('latin1');
  const declared =
    /<meta[^>]+charset\s*=\s*["']?([\w.:-]+)/i.exec(head)?.[1] ?? /encoding=["']([\w.:-]+)/.exec(head)?.[1];
  const usable = declared !== undefined && isSupportedEncoding(declared) && !/^utf-?16/i.test(declared);
  return usable ? declared : sniffed.encoding;
}

const blockElements = new Set(
  'address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form header hgroup hr main nav option p section summary'.split(
    ' ',
  ),
);
const skippedElements = new Set(
  'script style template noscript iframe svg math canvas object audio video head datalist'.split(' '),
);

interface List {
  ordered: boolean;
  count: number;
}

/** Converts HTML to Markdown. Returns the title and what was left out. */
export function writeHtml(
  html: string,
  out: Markdown,
  limits: DocumentLimits,
): { title: string; lost: string[] } {
  const converter = new HtmlToMarkdown(out, limits.depth);
  const parser = new Parser(converter, {
    decodeEntities: true,
    lowerCaseTags: true,
    lowerCaseAttributeNames: true,
  });
  // Written in pieces, so that a limit stops the parsing of a huge page early.
  for (let at = 0; at < html.length; at += 65_536) parser.write(html.slice(at, at + 65_536));
  parser.end();
  out.end();
  return { title: converter.title.replace(/\s+/g, ' ').trim().slice(0, 200), lost: [...converter.lost] };
}

class HtmlToMarkdown {
  title = '';
  readonly lost = new Set<string>();
  #out: Markdown;
  #depth = 0;
  #maxDepth: number;
  /** The depth inside elements whose text is skipped. */
  #skip = 0;
  #inTitle = false;
  #styles: Style[] = [];
  #lists: List[] = [];
  /** The marker of the current list item. */
  #marker = '';
  #quotes = 0;
  /** The text of the current `pre` element. */
  #code: string | undefined;
  #tables = 0;
  #cells = 0;

  constructor(out: Markdown, maxDepth: number) {
    this.#out = out;
    this.#maxDepth = maxDepth * 4;
  }

  onopentag(name: string, attributes: Record<string, string>): void {
    // HTML often leaves elements unclosed, so the limit is four times that of XML. Browsers limit the depth as well.
    if (++this.#depth > this.#maxDepth)
      throw limit(`The HTML elements are nested more than ${this.#maxDepth} levels deep.`);
    if (name === 'title') this.#inTitle = true;
    if (this.#skip > 0 || skippedElements.has(name) || 'hidden' in attributes) {
      if (/^(object|iframe|audio|video|canvas|svg|math)$/.test(name)) this.lost.add('embedded media');
      this.#skip++;
      return;
    }
    if (name === 'pre') {
      this.#endBlock();
      this.#code = '';
    } else if (/^h[1-6]$/.test(name) || blockElements.has(name)) {
      this.#endBlock();
      if (name === 'blockquote') this.#quotes++;
      if (name === 'hr') this.#out.block('---');
    } else if (name === 'br') {
      if (this.#code === undefined) this.#out.break();
      else this.#code += '\n';
    } else if (name === 'img') this.#picture(attributes);
    else if (name === 'input' && attributes['type'] === 'checkbox')
      this.#out.write('checked' in attributes ? '[x] ' : '[ ] ');
    else if (name === 'ul' || name === 'ol') {
      this.#endBlock();
      this.#lists.push({ ordered: name === 'ol', count: Number(attributes['start'] ?? 1) - 1 || 0 });
    } else if (name === 'li') {
      this.#endBlock();
      this.#marker = this.#nextMarker();
    } else if (name === 'table') {
      this.#endBlock();
      this.#out.openTable();
      this.#tables++;
    } else if (this.#tables > 0 && name === 'tr') this.#out.openRow();
    else if (this.#tables > 0 && (name === 'td' || name === 'th')) {
      this.#out.openCell(Number(attributes['colspan'] ?? 1) || 1);
      this.#cells++;
    }
    this.#styles.push({ ...this.#currentStyle, ...styleOf(name, attributes) });
  }

  ontext(text: string): void {
    if (this.#inTitle) this.title += text;
    if (this.#skip > 0) return;
    if (this.#code !== undefined) this.#code += text;
    // White space between the rows of a table belongs to no cell.
    else if (this.#tables === 0 || this.#cells > 0)
      this.#out.write(text.replace(/\s+/g, ' '), this.#currentStyle);
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
    else if (blockElements.has(name)) {
      this.#endBlock();
      if (name === 'blockquote') this.#quotes--;
    } else if (name === 'li') {
      this.#endBlock();
      this.#marker = '';
    } else if (name === 'ul' || name === 'ol') {
      this.#endBlock();
      this.#lists.pop();
    } else if (this.#cells > 0 && (name === 'td' || name === 'th')) {
      this.#endBlock();
      this.#out.closeCell();
      this.#cells--;
    } else if (this.#tables > 0 && name === 'table') {
      this.#out.closeTable();
      this.#tables--;
    }
  }

  get #currentStyle(): Style {
    return this.#styles.at(-1) ?? {};
  }

  #endBlock(): void {
    if (this.#out.blank) {
      this.#out.end();
      return;
    }
    if (this.#marker !== '' || this.#lists.length > 0) {
      this.#out.end(this.#marker || '   '.repeat(this.#lists.length));
      this.#marker = this.#marker.replace(/\S/g, ' ');
    } else this.#out.end(this.#quotes > 0 && !this.#out.inTable ? '> ' : '');
  }

  #nextMarker(): string {
    const list = this.#lists.at(-1) ?? { ordered: false, count: 0 };
    list.count++;
    const indent = '   '.repeat(Math.min(8, Math.max(0, this.#lists.length - 1)));
    return indent + (list.ordered ? `${list.count}. ` : '- ');
  }

  #picture(attributes: Record<string, string>): void {
    this.lost.add('pictures (their descriptions are kept)');
    this.#out.write(pictureText(attributes['alt'] ?? ''), this.#currentStyle);
  }
}

function styleOf(name: string, attributes: Record<string, string>): Style {
  if (name === 'b' || name === 'strong') return { bold: true };
  if (name === 'i' || name === 'em' || name === 'cite') return { italic: true };
  if (name === 's' || name === 'del' || name === 'strike') return { strike: true };
  if (name === 'code' || name === 'kbd' || name === 'samp' || name === 'tt') return { code: true };
  if (name !== 'a') return {};
  const href = attributes['href']?.trim();
  // Links that run a script are dropped.
  return href === undefined || /^(javascript|data|vbscript):/i.test(href) ? {} : { href };
}
