import { invalidArgument, typeError } from '../protocol/sabre-error.ts';
import type { Node } from '../../store/node.ts';
import type { XmlElement } from '../protocol/xml.ts';
import { childElement, DAV, NC, OC, propNames } from '../protocol/xml.ts';

type Test = (node: Node) => boolean;

interface Field {
  /** The database column, which error messages name. */
  column: string;
  search: boolean;
  operators: readonly string[];
  kind: 'text' | 'mime' | 'number' | 'time' | 'favorite' | 'owner' | 'none';
  value: (node: Node) => number;
  sort?: (node: Node) => number | string;
  since?: number;
}

const order = ['eq', 'gt', 'lt', 'gte', 'lte'];
const none = (): number => 0;
const mimeOf = (node: Node): string => (node.type === 'file' ? node.mime : 'httpd/unix-directory');
const uploadTime = (node: Node): number => (node.type === 'file' ? node.uploadTime : 0);
const selectOnly: Field = { column: '', search: false, operators: [], kind: 'none', value: none };

function numeric(column: string, kind: 'number' | 'time', value: (node: Node) => number): Field {
  return { column, search: true, operators: order, kind, value, sort: value };
}

/** The properties by which a search can filter and sort (apps/dav/lib/Files/FileSearchBackend.php). */
export const fields: ReadonlyMap<string, Field> = new Map<string, Field>([
  [
    `{${DAV}}displayname`,
    {
      column: 'name',
      search: true,
      operators: ['eq', 'like'],
      kind: 'text',
      value: none,
      sort: (node) => node.name,
    },
  ],
  [
    `{${DAV}}getcontenttype`,
    { column: 'mimetype', search: true, operators: ['eq', 'like'], kind: 'mime', value: none, sort: mimeOf },
  ],
  [`{${DAV}}getlastmodified`, numeric('mtime', 'time', (node) => node.mtime)],
  [`{${DAV}}creationdate`, { ...numeric('creation_time', 'time', (node) => node.creationTime), since: 31 }],
  [`{${NC}}upload_time`, { ...numeric('upload_time', 'time', uploadTime), since: 31 }],
  [
    `{${NC}}last_activity`,
    { ...selectOnly, sort: (node) => Math.max(node.mtime, uploadTime(node)), since: 31 },
  ],
  [`{${OC}}size`, numeric('size', 'number', (node) => node.size)],
  [
    `{${OC}}favorite`,
    {
      column: 'favorite',
      search: true,
      operators: ['eq'],
      kind: 'favorite',
      value: none,
      sort: (node) => Number(node.favorite),
    },
  ],
  [
    `{${OC}}fileid`,
    { column: 'fileid', search: true, operators: ['eq'], kind: 'number', value: (node) => node.id },
  ],
  [`{${OC}}owner-id`, { column: 'owner', search: true, operators: ['eq'], kind: 'owner', value: none }],
  ...[
    ...['resourcetype', 'getcontentlength', 'getetag'].map((name) => `{${DAV}}${name}`),
    ...['checksums', 'permissions', 'owner-display-name', 'data-fingerprint', 'id'].map(
      (name) => `{${OC}}${name}`,
    ),
    `{${NC}}has-preview`,
  ].map((name): [string, Field] => [name, selectOnly]),
]);

/** Compiles a comparison. `negated` is true inside `not`, where `like` is case-sensitive. */
export function compileComparison(element: XmlElement, negated: boolean): Test {
  const operator = element.name.slice(element.name.indexOf('}') + 1);
  if (operator === 'is-collection') return (node) => node.type === 'directory';
  const name = propNames(childElement(element, `{${DAV}}prop`))[0] ?? '';
  const field = fields.get(name);
  if (!field) throw typeError();
  const literal = childElement(element, `{${DAV}}literal`)?.text ?? '';
  const value = cast(field, name, literal);
  if (field.kind !== 'owner' && !field.operators.includes(operator)) {
    throw invalidArgument(`Unsupported comparison for field  ${field.column}: ${operator}`);
  }
  switch (field.kind) {
    case 'text':
      return operator === 'eq' ? (node) => node.name === literal : like(literal, negated);
    case 'mime':
      return mime(literal, operator);
    case 'favorite':
      return (node) => node.favorite;
    case 'number':
    case 'time':
      return compare(operator, field.value, value);
    case 'none':
    case 'owner':
      break;
  }
  return () => true;
}

function cast(field: Field, name: string, literal: string): number {
  if (field.kind === 'number') {
    if (literal === '') throw invalidArgument(`Invalid type for field ${field.column}`);
    const number = Number(literal);
    if (Number.isNaN(number)) throw invalidArgument(`Invalid property value for ${name}`);
    return number;
  }
  if (field.kind === 'time') {
    if (literal === '') throw invalidArgument(`Invalid type for field ${field.column}`);
    if (/^-?\d+$/.test(literal)) return Math.max(0, Number(literal));
    // Anything but ISO 8601 without fractions is read as 0, without an error.
    const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/.test(literal);
    return iso ? Math.floor(Date.parse(literal) / 1000) || 0 : 0;
  }
  return 0;
}

function compare(operator: string, get: (node: Node) => number, value: number): Test {
  switch (operator) {
    case 'gt':
      return (node) => get(node) > value;
    case 'gte':
      return (node) => get(node) >= value;
    case 'lt':
      return (node) => get(node) < value;
    case 'lte':
      return (node) => get(node) <= value;
    default:
      return (node) => get(node) === value;
  }
}

function mime(literal: string, operator: string): Test {
  if (operator === 'eq') return (node) => mimeOf(node) === literal;
  const major = /^(.+)\/%/.exec(literal)?.[1];
  if (major !== undefined) return (node) => mimeOf(node).startsWith(`${major}/`);
  if (literal.includes('%')) {
    throw invalidArgument(
      `Unsupported query value for mimetype: ${literal}, only values in the format "mime/type" or "mime/%" are supported`,
    );
  }
  return (node) => mimeOf(node) === literal;
}

/** SQLite's LIKE: case-insensitive for ASCII letters only, with `\` as the escape character. */
function like(pattern: string, caseSensitive: boolean): Test {
  if (pattern === '') return () => false;
  let source = '';
  for (let i = 0; i < pattern.length; i++) {
    const escaped = pattern[i] === '\\' && i + 1 < pattern.length;
    const char = (escaped ? pattern[++i] : pattern[i]) ?? '';
    if (char === '%' && !escaped) source += '.*';
    else if (char === '_' && !escaped) source += '.';
    else if (/[A-Za-z]/.test(char) && !caseSensitive)
      source += `[${char.toLowerCase()}${char.toUpperCase()}]`;
    else source += char.replace(/[\\^$.*+?()[\]{}|/]/, String.raw`\$&`);
  }
  const expression = new RegExp(`^${source}$`, 'su');
  return (node) => expression.test(node.name);
}
