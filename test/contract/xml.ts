import { SaxesParser } from 'saxes';

/** An element, with its namespace written as `d:`, `oc:`, `nc:`, `s:` and so on. Independent of the client's reader. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

const prefixes: Readonly<Record<string, string>> = {
  'DAV:': 'd',
  'http://owncloud.org/ns': 'oc',
  'http://nextcloud.org/ns': 'nc',
  'http://sabredav.org/ns': 's',
  'http://open-collaboration-services.org/ns': 'ocs',
  'o:': 'o',
};

export function parseXml(text: string): Element {
  const parser = new SaxesParser({ xmlns: true });
  const root: Element = { name: '', attributes: {}, children: [], text: '' };
  const stack = [root];
  const top = (): Element => stack.at(-1) ?? root;
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ uri, local, attributes }) => {
    const element: Element = {
      name: `${prefixes[uri] ?? uri}:${local}`,
      attributes: Object.fromEntries(Object.values(attributes).map((one) => [one.name, one.value])),
      children: [],
      text: '',
    };
    top().children.push(element);
    stack.push(element);
  });
  parser.on('closetag', () => {
    stack.pop();
  });
  parser.on('text', (piece) => {
    top().text += piece;
  });
  parser.write(text).close();
  return root.children[0] ?? root;
}

export function child(element: Element, name: string): Element | undefined {
  return element.children.find((one) => one.name === name);
}

export interface Hit {
  readonly href: string;
  /** Properties that are there. */
  readonly properties: ReadonlyMap<string, Element>;
  /** Status of each property, asked for and answered in whatever propstat. */
  readonly statuses: ReadonlyMap<string, number>;
}

/** The responses of a multistatus in their order. */
export function parseMultistatus(text: string): Hit[] {
  const root = parseXml(text);
  if (root.name !== 'd:multistatus') throw new Error(`not a multistatus but ${root.name}`);
  return root.children
    .filter(({ name }) => name === 'd:response')
    .map((response) => {
      const properties = new Map<string, Element>();
      const statuses = new Map<string, number>();
      for (const propstat of response.children.filter(({ name }) => name === 'd:propstat')) {
        const status = Number(child(propstat, 'd:status')?.text.split(' ')[1]);
        for (const property of child(propstat, 'd:prop')?.children ?? []) {
          statuses.set(property.name, status);
          if (status === 200) properties.set(property.name, property);
        }
      }
      return { href: child(response, 'd:href')?.text ?? '', properties, statuses };
    });
}
