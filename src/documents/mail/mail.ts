import PostalMime, { type Address, type Email } from 'postal-mime';
import { entryBytes, type Container } from '../archive/archive.ts';
import type { DocumentLimits, Reader } from '../kernel/document.ts';
import { damaged } from '../kernel/document-error.ts';
import { writeHtml } from '../markup/html.ts';
import { lineReader } from '../kernel/line-reader.ts';
import { Markdown } from '../kernel/markdown.ts';

export interface Mail {
  reader: Reader;
  /** The attachments. */
  container: Container;
}

/** Opens an e-mail message (EML): the main headers, the body and the list of attachments. */
export async function openMail(bytes: Uint8Array, limits: DocumentLimits): Promise<Mail> {
  const mail = await PostalMime.parse(bytes, { maxNestingDepth: 64, maxRfc822NestingDepth: limits.nesting });
  if (mail.headers.length === 0) throw damaged('The file has no e-mail headers.');
  const out = new Markdown(limits.documentChars);
  const lost: string[] = [];
  for (const [name, value] of headers(mail)) if (value !== '') out.block(`${name}: ${value}`);
  const head = out.toString().replaceAll('\n\n', '\n');
  const body = bodyOf(mail, limits, lost);
  const files = attachments(mail);
  const list = files.map(({ name, type, content }) => `- ${name} (${type}, ${entryBytes(content.length)})`);
  const text = [head, body, list.length > 0 ? `Attachments:\n${list.join('\n')}` : '']
    .filter(Boolean)
    .join('\n\n');
  const facts: Record<string, string | number> = { attachments: files.length };
  if (mail.subject) facts['subject'] = mail.subject.slice(0, 200);
  return {
    reader: lineReader({ family: 'mail', format: 'eml' }, text.split('\n'), limits, { facts, lost }),
    container: {
      format: 'eml',
      entries: files.map(({ name, content }) => ({ name, folder: false, size: content.length })),
      facts,
      lost,
      read: async (name) => files.find((file) => file.name === name)?.content ?? new Uint8Array(),
      close: () => undefined,
    },
  };
}

function headers(mail: Email): [string, string][] {
  const list = (addresses: Address[] | undefined): string =>
    (addresses ?? []).map((one) => address(one)).join(', ');
  return [
    ['From', mail.from ? address(mail.from) : ''],
    ['To', list(mail.to)],
    ['Cc', list(mail.cc)],
    ['Bcc', list(mail.bcc)],
    ['Reply-To', list(mail.replyTo)],
    ['Date', mail.date ?? ''],
    ['Subject', mail.subject ?? ''],
  ];
}

function address(one: Address): string {
  if (one.group) return `${one.name}: ${one.group.map((member) => address(member)).join(', ')}`;
  return one.name === '' || one.name === one.address ? (one.address ?? '') : `${one.name} <${one.address}>`;
}

/** The body as plain text if there is one, else the HTML body converted. */
function bodyOf(mail: Email, limits: DocumentLimits, lost: string[]): string {
  const plain = mail.text?.replaceAll('\r\n', '\n').trim() ?? '';
  if (plain !== '') {
    if (mail.html) lost.push('the formatted version of the text');
    return plain;
  }
  if (!mail.html) return '';
  const out = new Markdown(limits.documentChars);
  lost.push(...writeHtml(mail.html, out, limits).lost);
  return out.toString();
}

interface Attachment {
  name: string;
  type: string;
  content: Uint8Array;
}

function attachments(mail: Email): Attachment[] {
  const usedNames = new Set<string>();
  return mail.attachments.map(({ filename, mimeType, content }, i) => {
    let name = (filename ?? `part-${i + 1}`).replace(/[\x00-\x1f\x7f/\\]/g, '_');
    if (usedNames.has(name)) name = `${i + 1}-${name}`;
    usedNames.add(name);
    const bytes = typeof content === 'string' ? Buffer.from(content) : new Uint8Array(content);
    return { name, type: mimeType, content: bytes };
  });
}
