import type * as z from 'zod';
import { AppError } from '../../errors.ts';
import { nearest } from '../../text/nearest.ts';
import type { Tool } from '../define.ts';
import { isPathList, PATHS } from '../parameters.ts';
import { inputSchema } from './shown-schema.ts';

const MOST_PROBLEMS = 5;

/**
 * The first problems as sentences, and what the tool takes.
 *
 * @param others problems that are only counted, and where
 */
export function refusal(
  tool: Tool,
  problems: readonly string[],
  { count, where }: { count: number; where: string } = { count: 0, where: '' },
): AppError {
  const more = Math.max(0, problems.length - MOST_PROBLEMS) + count;
  const shownProblems = problems.slice(0, MOST_PROBLEMS).join('. ');
  const message = more === 0 ? shownProblems : `${shownProblems}. And ${more} more${where}`;
  return new AppError('invalid_input', message, { hint: `Parameters are ${parametersText(tool)}.` });
}

/**
 * What the schema says of an input. Only the problems that are shown are put into words.
 *
 * @param items of a list that were looked at, where not all were
 */
export function refusalOf(
  tool: Tool,
  issues: readonly z.core.$ZodIssue[],
  input: object,
  items?: number,
): AppError {
  const problems = issues.flatMap((issue): (() => string)[] =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => () => unknownKey(tool, issue.path.join('.'), key))
      : [() => problemOf(tool, issue, input)],
  );
  const first = problems.slice(0, MOST_PROBLEMS).map((problem) => problem());
  const where = items === undefined ? '' : ` in the first ${items} items`;
  return refusal(tool, first, { count: problems.length - first.length, where });
}

function problemOf(tool: Tool, issue: z.core.$ZodIssue, input: object): string {
  const name = issue.path.join('.');
  const top = String(issue.path[0]);
  const isList = isPathList(tool.schema.shape[top]);
  if (valueAt(input, issue.path) === undefined)
    return isList ? `${name} is missing, and so is ${PATHS}` : `${name} is missing`;
  if (isList) return `${top} takes one path, ${PATHS} a list of up to 100`;
  return `${name} must be ${expected(issue)}, not ${shown(valueAt(input, issue.path))}`;
}

function unknownKey(tool: Tool, place: string, key: string): string {
  const known = place === '' ? Object.keys(propertiesOf(tool)) : [];
  const [near] = nearest(key, known);
  return [
    place === '' ? `${tool.name} has no parameter ${cut(key)}` : `${place} has no field ${cut(key)}`,
    ...(near === undefined ? [] : [`the nearest is ${near}`]),
  ].join(', ');
}

const nouns: Readonly<Record<string, string>> = {
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

function expected(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return nouns[issue.expected] ?? issue.expected;
  if (issue.code === 'invalid_value') return `one of ${issue.values.join(', ')}`;
  if (issue.code === 'not_multiple_of') return 'a whole number';
  if (issue.code === 'too_small')
    return issue.origin === 'array' ? 'a list with entries' : `at least ${issue.minimum}`;
  if (issue.code === 'too_big') return `at most ${issue.maximum}`;
  return 'something else';
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined,
    input,
  );
}

const MOST_SHOWN = 80;

function shown(value: unknown): string {
  return cut(JSON.stringify(value, (_key, part: unknown) => shortened(part)) ?? String(value));
}

// Only the beginning is shown, and a value can be as large as a message.
function shortened(part: unknown): unknown {
  if (typeof part === 'string') return part.slice(0, MOST_SHOWN + 1);
  return Array.isArray(part) ? part.slice(0, MOST_SHOWN) : part;
}

function cut(text: string): string {
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}...` : text;
}

function parametersText(tool: Tool): string {
  const { required = [] } = inputSchema(tool) as { required?: string[] };
  const names = Object.keys(propertiesOf(tool)).map((name) =>
    required.includes(name) ? `${name} (required)` : name,
  );
  return names.length === 0 ? 'none' : names.join(', ');
}

function propertiesOf(tool: Tool): object {
  return (inputSchema(tool) as { properties: object }).properties;
}
