import type * as z from 'zod';
import { AppError } from '../../errors.ts';
import { nearest } from '../../text/nearest.ts';
import type { Tool } from '../define.ts';
import { isPathList, PATHS } from '../parameters.ts';
import { inputSchema } from './shown-schema.ts';

const MOST_PROBLEMS = 5;

/** Each problem as a sentence, and what the tool takes. */
export function refusal(tool: Tool, problems: readonly string[]): AppError {
  return new AppError('invalid_input', problems.slice(0, MOST_PROBLEMS).join('. '), {
    hint: `Parameters are ${parametersText(tool)}.`,
  });
}

export function problemsOf(tool: Tool, error: z.ZodError, input: object): string[] {
  return error.issues.map((issue) => problemOf(tool, issue, input));
}

function problemOf(tool: Tool, issue: z.core.$ZodIssue, input: object): string {
  const name = issue.path.join('.');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => unknownKey(tool, name, key)).join('. ');
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
    place === '' ? `${tool.name} has no parameter ${key}` : `${place} has no field ${key}`,
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

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
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
