import { invalidArgument, typeError } from '../protocol/sabre-error.ts';
import type { Node } from '../../store/node.ts';
import { compileComparison, fields } from './search-comparison.ts';
import type { XmlElement } from '../protocol/xml.ts';
import { childElement, DAV, OC, propNames } from '../protocol/xml.ts';

/** An error that the search library answers with 400 and a plain text message. */
export class SearchError extends Error {
  /** The error occurred while parsing the XML, before the content type of the response was set. */
  readonly plain: boolean;

  constructor(message: string, plain = false) {
    super(message);
    this.plain = plain;
  }
}

export interface CompiledQuery {
  readonly scopes: readonly string[];
  readonly select: readonly string[];
  readonly compare: ((a: Node, b: Node) => number) | undefined;
  matches(node: Node): boolean;
  slice(nodes: Node[]): Node[];
  checkScopes(allHomes: boolean): void;
}

type Test = (node: Node) => boolean;

const MAX_COMPARISONS = 100;
const DEFAULT_HITS = 100;
const FIRST_RESULT = '{https://github.com/icewind1991/SearchDAV/ns}firstresult';

export function compileQuery(root: XmlElement, user: string, major: number): CompiledQuery {
  if (root.name !== `{${DAV}}searchrequest`) {
    throw new SearchError(
      `Unexpected document type: ${root.name} for this Content-Type, expected {DAV:}searchrequest or ` +
        '{DAV:}query-schema-discovery',
      true,
    );
  }
  const basic = childElement(root, `{${DAV}}basicsearch`);
  if (!basic) throw new SearchError('Unexpected xml content for search request, expected basicsearch', true);
  const select = propNames(childElement(childElement(basic, `{${DAV}}select`), `{${DAV}}prop`));
  if (select.length === 0) {
    throw new SearchError('Parse error: Missing {DAV:}select from {DAV:}basicsearch', true);
  }
  const from = childElement(basic, `{${DAV}}from`);
  if (!from) throw new SearchError('Parse error: Missing {DAV:}from when parsing {DAV:}basicsearch', true);
  const scopes = (from.children ?? []).map((scope) => childElement(scope, `{${DAV}}href`)?.text ?? '');
  const compare = compileOrder(childElement(basic, `{${DAV}}orderby`), major);
  const where = childElement(basic, `{${DAV}}where`)?.children[0];
  if (!where) throw typeError();
  checkProperties(where, major);
  const byOwner = filtersByOwner(where, user);
  const count = countComparisons(where);
  if (count > MAX_COMPARISONS) {
    throw invalidArgument(
      `Invalid search query, maximum operator limit of ${MAX_COMPARISONS} exceeded, got ${count} operators`,
    );
  }
  const matches = compileTest(where);
  const limit = childElement(basic, `{${DAV}}limit`);
  const slice = compileSlice(limit, major);
  return {
    scopes,
    select,
    compare,
    matches,
    slice,
    checkScopes(allHomes) {
      if (byOwner && !allHomes) {
        throw invalidArgument('searching by owner is only allowed in the users home folder');
      }
    },
  };
}

function compileSlice(limit: XmlElement | undefined, major: number): (nodes: Node[]) => Node[] {
  const number = (name: string): number | undefined => {
    const text = childElement(limit, name)?.text.trim();
    if (text === undefined || text === '') return undefined;
    if (!/^-?\d+$/.test(text)) throw typeError();
    return Number(text);
  };
  const count = number(`{${DAV}}nresults`);
  const first = number(FIRST_RESULT) ?? 0;
  // Before version 30 there is no default limit.
  const maxHits = count ?? (major >= 30 ? DEFAULT_HITS : Number.MAX_SAFE_INTEGER);
  // As in PHP's array_slice, a negative number counts from the end.
  return (nodes) =>
    maxHits < 0 ? nodes.slice(first).slice(0, maxHits) : nodes.slice(first, first + maxHits);
}

function compileOrder(
  orderby: XmlElement | undefined,
  major: number,
): ((a: Node, b: Node) => number) | undefined {
  const orders = (orderby?.children ?? []).map((order) => {
    const name = propNames(childElement(order, `{${DAV}}prop`))[0] ?? '';
    const field = knownField(
      name,
      major,
      'requested order by property is not a valid property for this scope',
    );
    if (!field.sort) throw new SearchError('requested order by property is not sortable');
    return { key: field.sort, sign: childElement(order, `{${DAV}}descending`) ? -1 : 1 };
  });
  if (orders.length === 0) return undefined;
  return (a, b) => {
    for (const { key, sign } of orders) {
      const [x, y] = [key(a), key(b)];
      if (x !== y) return x < y ? -sign : sign;
    }
    return 0;
  };
}

function knownField(
  name: string,
  major: number,
  message: string,
): NonNullable<ReturnType<typeof fields.get>> {
  const field = fields.get(name);
  if (!field || (field.since ?? 0) > major) throw new SearchError(message);
  return field;
}

const logical = new Set(['and', 'or', 'not'].map((name) => `{${DAV}}${name}`));

function checkProperties(operator: XmlElement, major: number): void {
  if (logical.has(operator.name)) {
    for (const each of operator.children) checkProperties(each, major);
    return;
  }
  if (operator.name === `{${DAV}}is-collection`) return;
  if (operator.name === `{${DAV}}contains`) {
    throw new SearchError('requested search property is not a valid property for this scope');
  }
  const name = propNames(childElement(operator, `{${DAV}}prop`))[0];
  if (operator.children.length === 0) throw typeError();
  const kind = operator.name.slice(operator.name.indexOf('}') + 1);
  if (operator.children.length < 2 && kind !== 'is-defined') {
    throw invalidArgument(`Invalid number of arguments for ${kind} operation`);
  }
  if (name === undefined) throw typeError();
  const message = 'requested search property is not a valid property for this scope';
  if (!knownField(name, major, message).search) {
    throw new SearchError('requested search property is not searchable');
  }
}

function countComparisons(operator: XmlElement): number {
  if (!logical.has(operator.name)) return 1;
  return operator.children.reduce((sum, each) => sum + countComparisons(each), 0);
}

/** Whether the query filters by `owner-id`, which hides received shares. It must be the user's own id, not inside `or` or `not`. */
function filtersByOwner(operator: XmlElement, user: string, allowed = true): boolean {
  if (logical.has(operator.name)) {
    const inside = allowed && operator.name === `{${DAV}}and`;
    return operator.children.map((each) => filtersByOwner(each, user, inside)).some(Boolean);
  }
  if (propNames(childElement(operator, `{${DAV}}prop`))[0] !== `{${OC}}owner-id`) return false;
  if (operator.name !== `{${DAV}}eq`) {
    throw invalidArgument(`searching by '{${OC}}owner-id' is only allowed inside a '{DAV:}eq'`);
  }
  if (!allowed) {
    throw invalidArgument(`searching by '{${OC}}owner-id' is not allowed inside a '{DAV:}or' or '{DAV:}not'`);
  }
  if (childElement(operator, `{${DAV}}literal`)?.text !== user) {
    throw invalidArgument(`Invalid search value for '{${OC}}owner-id', only the current user id is allowed`);
  }
  return true;
}

function compileTest(operator: XmlElement): Test {
  switch (operator.name) {
    case `{${DAV}}and`: {
      const tests = operator.children.map(compileTest);
      return (node) => tests.every((test) => test(node));
    }
    case `{${DAV}}or`: {
      const tests = operator.children.map(compileTest);
      return tests.length === 0 ? () => true : (node) => tests.some((test) => test(node));
    }
    case `{${DAV}}not`: {
      // Only the first comparison is used. An `and` or `or` with a single member is flattened before.
      let inner = operator.children[0];
      while (inner && logical.has(inner.name) && inner.children.length === 1) [inner] = inner.children;
      if (!inner) return () => true;
      if (logical.has(inner.name)) {
        throw invalidArgument('Binary operators inside "not" is not supported');
      }
      const test = compileComparison(inner, true);
      return (node) => !test(node);
    }
    default:
      return compileComparison(operator, false);
  }
}
