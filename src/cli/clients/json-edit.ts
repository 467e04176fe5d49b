import { createScanner, findNodeAtLocation, parseTree } from 'jsonc-parser';
import type { Node } from 'jsonc-parser';

/**
 * Puts properties into a text and takes them out by inserting and removing characters, so that nothing
 * else in it is written anew: not the spaces, not the comments, not the spelling of a number.
 */

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Sets a property of an object in an object; what is missing of the way there is made. */
export function setProperty(text: string, path: readonly [string, string], value: unknown): string {
  const root = rootOf(text);
  const [outer, inner] = path;
  const old = findNodeAtLocation(root, [outer, inner]);
  const style = styleOf(text);
  if (old) {
    const shown = multiline(text, value, style, indentAt(text, old.offset));
    return apply(text, [{ from: old.offset, to: old.offset + old.length, text: shown }]);
  }
  const parent = findNodeAtLocation(root, [outer]);
  return parent
    ? apply(text, insertion(text, parent, inner, value, style))
    : apply(text, insertion(text, root, outer, { [inner]: value }, style));
}

/** Takes a property out, with its comma and its line. */
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

interface Style {
  readonly indent: string;
  readonly eol: string;
}

/** The indent and line ends that the text has already. */
function styleOf(text: string): Style {
  return { indent: /^[ \t]+(?=")/m.exec(text)?.[0] ?? '  ', eol: text.includes('\r\n') ? '\r\n' : '\n' };
}

function insertion(text: string, parent: Node, name: string, value: unknown, style: Style): Edit[] {
  const last = parent.children?.at(-1);
  const open = parent.offset + 1;
  if (!last) {
    const around = indentAt(text, parent.offset);
    const line = property(text, name, value, style, around + style.indent);
    const closing = /^\s*\n/.test(text.slice(open)) ? '' : style.eol + around;
    return [at(open, style.eol + line + closing)];
  }
  const end = last.offset + last.length;
  const first = parent.children?.[0]?.offset ?? open;
  if (!text.slice(open, first).includes('\n')) {
    const compact = `${JSON.stringify(name)}:${JSON.stringify(value)}`;
    const comma = commaAfter(text, end);
    return comma === undefined ? [at(end, `,${compact}`)] : [at(comma + 1, `${compact},`)];
  }
  const line = style.eol + property(text, name, value, style, indentAt(text, first));
  const comma = commaAfter(text, end);
  if (comma !== undefined) return [at(endOfLine(text, comma + 1), `${line},`)];
  const behind = endOfLine(text, end);
  return behind === end ? [at(end, `,${line}`)] : [at(end, ','), at(behind, line)];
}

function property(text: string, name: string, value: unknown, style: Style, indent: string): string {
  return `${indent}${JSON.stringify(name)}: ${multiline(text, value, style, indent)}`;
}

function multiline(text: string, value: unknown, { indent, eol }: Style, around: string): string {
  if (!text.trim().includes('\n') && text.trim() !== '{}') return JSON.stringify(value);
  return JSON.stringify(value, null, indent).replaceAll('\n', eol + around);
}

/** Where the next comma is, past spaces and comments, when it comes before anything else. */
function commaAfter(text: string, from: number): number | undefined {
  const scanner = createScanner(text, true);
  scanner.setPosition(from);
  scanner.scan();
  const next = scanner.getTokenOffset();
  return text[next] === ',' ? next : undefined;
}

/** Past a comment that stands behind a value in its line. */
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
