import { createScanner, findNodeAtLocation, parseTree } from 'jsonc-parser';
import type { Node } from 'jsonc-parser';

/**
 * Adds and removes properties by inserting and deleting characters, so that everything else in the text stays as
 * it is: white space, comments and the notation of numbers.
 */

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Sets a property of an object in the root object. The outer object is made if it is missing. */
export function setProperty(text: string, path: readonly [string, string], value: unknown): string {
  const root = rootOf(text);
  const [outer, inner] = path;
  const old = findNodeAtLocation(root, [outer, inner]);
  const document = { text, ...styleOf(text) };
  if (old) {
    const replacement = formatted(document, value, indentAt(text, old.offset));
    return apply(text, [{ from: old.offset, to: old.offset + old.length, text: replacement }]);
  }
  const parent = findNodeAtLocation(root, [outer]);
  return parent
    ? apply(text, insertion(document, parent, inner, value))
    : apply(text, insertion(document, root, outer, { [inner]: value }));
}

/** Removes a property, with its comma and its line. */
export function removeProperty(text: string, path: readonly [string, string]): string {
  const property = findNodeAtLocation(rootOf(text), [...path])?.parent;
  const siblings = property?.parent?.children ?? [];
  if (!property) return text;
  const end = property.offset + property.length;
  const from = text.slice(0, property.offset).trimEnd().length;
  const comma = commaAfter(text, end);
  if (comma !== undefined) return apply(text, [{ from, to: comma + 1, text: '' }]);
  const before = siblings[siblings.indexOf(property) - 1];
  if (!before) {
    const rest = end + (/^\s*(?=\})/.exec(text.slice(end))?.[0].length ?? 0);
    return apply(text, [{ from, to: text[from - 1] === '{' ? rest : end, text: '' }]);
  }
  const last = commaAfter(text, before.offset + before.length) ?? from;
  return apply(text, [
    { from: last, to: last + 1, text: '' },
    { from, to: end, text: '' },
  ]);
}

interface JsonDocument {
  readonly text: string;
  /** One level of indentation. */
  readonly indent: string;
  readonly eol: string;
}

/** The indentation and line endings that the text uses. */
function styleOf(text: string): Omit<JsonDocument, 'text'> {
  return { indent: /^[ \t]+(?=")/m.exec(text)?.[0] ?? '  ', eol: text.includes('\r\n') ? '\r\n' : '\n' };
}

function insertion(document: JsonDocument, parent: Node, name: string, value: unknown): Edit[] {
  const { text, indent, eol } = document;
  const last = parent.children?.at(-1);
  const open = parent.offset + 1;
  if (!last) {
    const around = indentAt(text, parent.offset);
    const line = property(document, name, value, around + indent);
    const closing = /^\s*\n/.test(text.slice(open)) ? '' : eol + around;
    return [at(open, eol + line + closing)];
  }
  const end = last.offset + last.length;
  const first = parent.children?.[0]?.offset ?? open;
  if (!text.slice(open, first).includes('\n')) {
    const compact = `${JSON.stringify(name)}:${JSON.stringify(value)}`;
    const comma = commaAfter(text, end);
    return comma === undefined ? [at(end, `,${compact}`)] : [at(comma + 1, `${compact},`)];
  }
  const line = eol + property(document, name, value, indentAt(text, first));
  const comma = commaAfter(text, end);
  if (comma !== undefined) return [at(endOfLine(text, comma + 1), `${line},`)];
  const afterComment = endOfLine(text, end);
  return afterComment === end ? [at(end, `,${line}`)] : [at(end, ','), at(afterComment, line)];
}

function property(document: JsonDocument, name: string, value: unknown, around: string): string {
  return `${around}${JSON.stringify(name)}: ${formatted(document, value, around)}`;
}

/** @param around the indentation of the line in which the value starts */
function formatted({ text, indent, eol }: JsonDocument, value: unknown, around: string): string {
  if (!text.trim().includes('\n') && text.trim() !== '{}') return JSON.stringify(value);
  return JSON.stringify(value, null, indent).replaceAll('\n', eol + around);
}

/** The offset of the next comma, if only white space and comments come before it. */
function commaAfter(text: string, from: number): number | undefined {
  const scanner = createScanner(text, true);
  scanner.setPosition(from);
  scanner.scan();
  const next = scanner.getTokenOffset();
  return text[next] === ',' ? next : undefined;
}

/** The offset after a comment that follows a value on the same line. */
function endOfLine(text: string, from: number): number {
  return from + (/^[ \t]*(\/\/[^\r\n]*|\/\*[^\r\n]*?\*\/)/.exec(text.slice(from))?.[0].length ?? 0);
}

function indentAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start))?.[0] ?? '';
}

function at(offset: number, text: string): Edit {
  return { from: offset, to: offset, text };
}

function apply(text: string, edits: readonly Edit[]): string {
  return edits
    .toReversed()
    .reduce((rest, edit) => rest.slice(0, edit.from) + edit.text + rest.slice(edit.to), text);
}

function rootOf(text: string): Node {
  const root = parseTree(text, [], { allowTrailingComma: true });
  if (root?.type !== 'object') throw new Error('not an object');
  return root;
}
