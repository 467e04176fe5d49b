import * as z from 'zod';
import { AppError } from '../errors.ts';
import { isLink } from '../files/context/link.ts';
import { runParallel } from '../parallel.ts';
import { ROOT } from '../path.ts';
import type { Tool } from './define.ts';

/** Other names that assistants use for a tool's parameters, where they are not parameters themselves. */
const aliases: Readonly<Record<string, readonly string[]>> = {
  folder_path: ['path', 'file_path', 'remote_path', 'folder', 'directory'],
  file_path: ['path', 'folder_path', 'remote_path', 'file', 'file_paths', 'paths'],
  remote_path: ['path', 'file_path', 'destination_path'],
  source_path: ['source', 'from', 'source_paths'],
  destination_path: ['destination', 'to'],
  query: ['pattern', 'name'],
  pattern: ['query'],
};

/** Asks the Nextcloud which path a link leads to. */
export type ResolveLink = (link: string, signal: AbortSignal) => Promise<string>;

const LINKS_AT_ONCE = 4;

/**
 * Arguments as the tool wants them: aliases renamed, numbers and flags that came as text converted, pasted links
 * resolved, everything checked. What is wrong in itself is refused before a link is resolved.
 *
 * @throws AppError `invalid_input` that names the parameter and what it must be
 */
export async function readArguments(
  tool: Tool,
  given: unknown,
  resolve: ResolveLink,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  const input: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(given ?? {})) {
    if (value === null || value === undefined) continue;
    const name = nameOf(tool, key, given as object);
    input[name] = typeof value === 'string' ? convert(tool.schema.shape[name], value) : value;
  }
  const links = linksIn(tool, input);
  if (links.length === 0) return check(tool, input);
  const paths = new Map(links.map((link): [string, string] => [link, ROOT]));
  check(tool, withPaths(tool, input, paths));
  await runParallel([...paths.keys()], LINKS_AT_ONCE, signal, async (link, eitherSignal) => {
    paths.set(link, await resolve(link, eitherSignal));
  });
  return check(tool, withPaths(tool, input, paths));
}

type Arguments = Readonly<Record<string, unknown>>;

function check(tool: Tool, input: Arguments): Record<string, unknown> {
  const result = tool.schema.safeParse(input);
  if (result.success) return result.data;
  throw explain(tool, result.error, input);
}

function linksIn(tool: Tool, input: Arguments): string[] {
  return tool.paths
    .flatMap((key): unknown => input[key])
    .filter((value) => typeof value === 'string')
    .filter(isLink);
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

function nameOf(tool: Tool, key: string, given: object): string {
  if (key in tool.schema.shape) return key;
  const names = Object.keys(tool.schema.shape).filter(
    (name) => aliases[name]?.includes(key) && !(name in given),
  );
  return names[0] ?? key;
}

function convert(schema: z.core.$ZodType | undefined, text: string): unknown {
  const kind = schema ? innermost(schema) : '';
  if (kind === 'number' && /^-?\d+(\.\d+)?$/.test(text.trim())) return Number(text);
  if (kind === 'boolean' && /^(true|false)$/i.test(text.trim())) return text.trim().toLowerCase() === 'true';
  if ((kind === 'array' || kind === 'union') && /^\s*\[.*\]\s*$/s.test(text)) return asList(text);
  return text;
}

// Some assistants send a list as the text of one. A name that looks like it but is none stays a name.
function asList(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function innermost(schema: z.core.$ZodType): string {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional || schema instanceof z.ZodPrefault)
    return innermost(schema.unwrap());
  return schema._zod.def.type;
}

function explain(tool: Tool, error: z.ZodError, input: object): AppError {
  const problems = error.issues.slice(0, 5).map((issue) => {
    if (issue.code === 'unrecognized_keys') return `${tool.name} has no parameter ${issue.keys.join(', ')}`;
    const name = issue.path.join('.');
    const absent = issue.path.length === 1 && !(String(issue.path[0]) in input);
    if (absent) return `${name} is missing`;
    if (issue.code === 'invalid_union') return `${name} takes one path or a list of up to 100`;
    return `${name}: ${issue.message}`;
  });
  return new AppError('invalid_input', problems.join('. '), {
    hint: `Parameters are ${describe(tool)}.`,
  });
}

function describe(tool: Tool): string {
  const { required = [] } = inputSchema(tool) as { required?: string[] };
  const names = Object.keys(tool.schema.shape).map((name) =>
    required.includes(name) ? `${name} (required)` : name,
  );
  return names.length === 0 ? 'none' : names.join(', ');
}

// Over HTTP every request has a server of its own: what it shows is worked out once.
const schemas = new WeakMap<z.ZodType, Record<string, unknown>>();

/** The JSON schema that clients see, without what says nothing to them. */
export function inputSchema(tool: Tool): Record<string, unknown> {
  return shown(tool.schema);
}

export function outputSchema(tool: Tool): Record<string, unknown> | undefined {
  return tool.output && shown(tool.output);
}

function shown(schema: z.ZodType): Record<string, unknown> {
  const json = schemas.get(schema) ?? lean(z.toJSONSchema(schema, { io: 'input' }));
  schemas.set(schema, json);
  return json;
}

// An empty schema for what is in it says nothing, and strict clients complain of it.
function isArrayOfAnything(node: object): boolean {
  return 'type' in node && node.type === 'array' && 'items' in node && JSON.stringify(node.items) === '{}';
}

function lean(schema: Record<string, unknown>): Record<string, unknown> {
  const { $schema: _, additionalProperties: __, ...rest } = schema;
  return JSON.parse(JSON.stringify(rest), (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null) return value;
    if (isArrayOfAnything(value)) return { type: 'array' };
    if ('multipleOf' in value) {
      const { multipleOf: ___, ...node } = value;
      return { ...node, type: 'integer' };
    }
    if (!('maxItems' in value)) return value;
    const { minItems: ____, maxItems: _____, ...node } = value as Record<string, unknown>;
    return node;
  }) as Record<string, unknown>;
}
