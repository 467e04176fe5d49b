import { SaxesParser } from 'saxes';
import { badRequest } from './sabre-error.ts';

export const DAV = 'DAV:';
export const OC = 'http://owncloud.org/ns';
export const NC = 'http://nextcloud.org/ns';
export const OCS = 'http://open-collaboration-services.org/ns';

/** An element of a request body. */
export interface XmlElement {
  /** In Clark notation: `{DAV:}prop`. */
  readonly name: string;
  readonly children: XmlElement[];
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
}

export class XmlError extends Error {}

export function parseXml(body: string): XmlElement {
  if (body.trim() === '') throw new XmlError('Document is empty\n on line 1, column 1');
  if (!/^[\s\ufeff]*</.test(body)) {
    const what = body.length < 4 ? 'Extra content at the end of the document' : 'Document is empty';
    throw new XmlError(`${what}\n on line 1, column 1`);
  }
  const parser = new SaxesParser({ xmlns: true });
  const stack: XmlElement[] = [];
  let root: XmlElement | undefined;
  let failure: Error | undefined;
  parser.on('error', (error) => (failure ??= error));
  parser.on('opentag', (tag) => {
    const attributes: Record<string, string> = {};
    for (const [key, attribute] of Object.entries(tag.attributes)) attributes[key] = attribute.value;
    const element: XmlElement = { name: `{${tag.uri}}${tag.local}`, children: [], attributes, text: '' };
    stack.at(-1)?.children.push(element);
    root ??= element;
    stack.push(element);
  });
  const addText = (text: string): void => {
    const top = stack.at(-1);
    if (top) top.text += text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => stack.pop());
  parser.write(body).close();
  if (failure || !root) {
    const [line, column] = /^(?:.*?:)?(\d+):(\d+)/.exec(failure?.message ?? '')?.slice(1) ?? ['1', '1'];
    const what = failure?.message.replace(/^(?:.*?:)?\d+:\d+:\s*/, '') ?? 'Document is empty';
    throw new XmlError(`${what}\n on line ${line}, column ${column}`);
  }
  return root;
}

/**
 * Parses a body whose root element must be `name`.
 *
 * @throws {SabreError} 400 BadRequest with Sabre's message otherwise.
 */
export function parseRoot(body: string, name: string): XmlElement {
  try {
    const root = parseXml(body);
    if (root.name !== name) {
      throw badRequest(`Expected ${name} but received ${root.name} as the root element`);
    }
    return root;
  } catch (error) {
    if (error instanceof XmlError) throw badRequest(error.message);
    throw error;
  }
}

export function childElement(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((each) => each.name === name);
}

export function propNames(prop: XmlElement | undefined): string[] {
  return prop ? [...new Set(prop.children.map((each) => each.name))] : [];
}
