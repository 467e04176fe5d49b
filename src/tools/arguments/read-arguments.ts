import { isDavPath, isLink } from '../../files/context/link.ts';
import { runParallel } from '../../parallel.ts';
import { refuseRespelled, ROOT } from '../../path.ts';
import type { Tool } from '../define.ts';
import { isReadPath } from '../parameters.ts';
import { refusal, refusalOf } from './explain.ts';
import { transportKeys } from './names.ts';
import { isObject, parsedText, readFields } from './values.ts';
import type { Remarks } from './values.ts';

/** Asks the Nextcloud which path a link leads to. */
export type ResolveLink = (link: string, signal: AbortSignal) => Promise<string>;

export interface ReadArguments {
  /** What the tool runs with. */
  readonly input: Record<string, unknown>;
  /** What was changed in the arguments, for the answer. */
  readonly notes: readonly string[];
}

const LINKS_AT_ONCE = 4;

/** Where arguments that are no object stand on their way to the reader. */
export const WHOLE = 'arguments';

/**
 * Arguments as the tool wants them. What can only be meant in one way is taken, whatever tool it is for: other names,
 * numbers, flags and lists as text, nothing in many forms, limits out of bounds, pasted links. Everything else is
 * refused, and before a link is resolved.
 *
 * @throws AppError `invalid_input` that names the parameter and what it must be
 */
export async function readArguments(
  tool: Tool,
  given: unknown,
  resolve: ResolveLink,
  signal: AbortSignal,
): Promise<ReadArguments> {
  const remarks: Remarks = { problems: [], notes: [] };
  const fields = readFields(tool.schema.shape, unwrapped(tool, given), remarks);
  if (remarks.problems.length > 0) throw refusal(tool, remarks.problems);
  const changed = tool.paths.filter((key) => !isReadPath(tool.input[key]));
  if (mayReplace(tool, fields)) for (const path of textsIn(fields, changed)) refuseRespelled(path);
  return { input: await checked(tool, fields, resolve, signal), notes: remarks.notes };
}

async function checked(
  tool: Tool,
  input: Arguments,
  resolve: ResolveLink,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  const links = linksIn(tool, input);
  if (links.length === 0) return check(tool, input);
  const paths = new Map(links.map((link): [string, string] => [link, ROOT]));
  check(tool, withPaths(tool, input, paths));
  await runParallel([...paths.keys()], LINKS_AT_ONCE, signal, async (link, eitherSignal) => {
    paths.set(link, await resolve(link, eitherSignal));
  });
  return check(tool, withPaths(tool, input, paths));
}

/** Some clients send the arguments as JSON text, or once more inside of themselves. */
function unwrapped(tool: Tool, given: unknown): object {
  const object = parsedText(given ?? {}, '{');
  if (!isObject(object)) throw notAnObject(tool);
  const keys = Object.keys(object).filter((key) => !transportKeys.has(key));
  if (keys.length !== 1 || keys[0] !== WHOLE || WHOLE in tool.schema.shape) return object;
  return unwrapped(tool, (object as Record<string, unknown>)[WHOLE]);
}

function notAnObject(tool: Tool): Error {
  return refusal(tool, ['The arguments must be an object that has the parameters as its keys']);
}

type Arguments = Readonly<Record<string, unknown>>;

/** Items of a list that are checked at once: each problem costs more to describe than an item costs to check. */
const BATCH = 100;

function check(tool: Tool, input: Arguments): Record<string, unknown> {
  checkInBatches(tool, input);
  const result = tool.schema.safeParse(input);
  if (result.success) return result.data;
  throw refusalOf(tool, result.error.issues, input);
}

/** The first problems are enough for the answer: thousands of others are not even looked for. */
function checkInBatches(tool: Tool, input: Arguments): void {
  for (const [key, value] of Object.entries(input)) {
    if (!Array.isArray(value) || value.length <= BATCH) continue;
    for (let from = 0; from < value.length; from += BATCH) {
      const part = { ...input, [key]: value.slice(from, from + BATCH) };
      const issues = tool.schema.safeParse(part).error?.issues ?? [];
      if (!issues.some(({ path, code }) => path[0] === key && !code.startsWith('too_'))) continue;
      const placed = issues.map((issue) => ({ ...issue, path: placeOf(issue.path, key, from) }));
      throw refusalOf(tool, placed, input, Math.min(from + BATCH, value.length));
    }
  }
}

/** The place in the whole list of what was found in a part of it. */
function placeOf(path: readonly PropertyKey[], key: string, from: number): PropertyKey[] {
  const [first, index, ...rest] = path;
  if (first !== key || typeof index !== 'number') return [...path];
  return [first, index + from, ...rest];
}

function textsIn(input: Arguments, keys: readonly string[]): string[] {
  return keys.flatMap((key): unknown => input[key]).filter((value) => typeof value === 'string');
}

function linksIn(tool: Tool, input: Arguments): string[] {
  const read = tool.paths.filter((key) => isReadPath(tool.input[key]));
  return [...textsIn(input, tool.paths).filter(isLink), ...textsIn(input, read).filter(isDavPath)];
}

/** Parameters with which a tool changes what is there. */
const replacing = ['overwrite', 'if_match', 'edits'];

function mayReplace({ effect }: Tool, input: Arguments): boolean {
  return (
    effect === 'destroy' || replacing.some((key) => ![undefined, false].includes(input[key] as undefined))
  );
}

function withPaths(tool: Tool, input: Arguments, paths: ReadonlyMap<string, string>): Arguments {
  const pathOf = (value: unknown): unknown =>
    typeof value === 'string' ? (paths.get(value) ?? value) : value;
  const resolved = tool.paths
    .filter((key) => key in input)
    .map((key): [string, unknown] => {
      const value = input[key];
      return [key, Array.isArray(value) ? value.map(pathOf) : pathOf(value)];
    });
  return { ...input, ...Object.fromEntries(resolved) };
}
