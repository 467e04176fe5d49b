import * as z from 'zod';
import type { Tool } from '../define.ts';
import { isPathList, isUnlisted, PATHS } from '../parameters.ts';

/**
 * The JSON schemas that clients see. They keep to what every converter for a model takes: each parameter has one plain
 * type, objects are closed, items have a type, and nothing is `anyOf` (test/tools/schemas.test.ts).
 */

// Over HTTP every request has a server of its own: what it shows is worked out once.
const schemas = new WeakMap<z.ZodType, Record<string, unknown>>();

export function inputSchema(tool: Tool): Record<string, unknown> {
  return once(tool.schema, () => z.strictObject(withPaths(tool.schema.shape)));
}

export function outputSchema(tool: Tool): Record<string, unknown> | undefined {
  const { output } = tool;
  return output && once(output, () => output);
}

function once(key: z.ZodType, make: () => z.ZodType): Record<string, unknown> {
  const json = schemas.get(key) ?? lean(z.toJSONSchema(make(), { io: 'input' }));
  schemas.set(key, json);
  return json;
}

/** A parameter that takes one path or a list is two: one for a single path, and {@link PATHS} beside it. */
function withPaths(shape: Readonly<Record<string, z.core.$ZodType>>): Record<string, z.core.$ZodType> {
  return Object.fromEntries(
    Object.entries(shape).flatMap(([name, schema]): [string, z.core.$ZodType][] => {
      if (isUnlisted(schema)) return [];
      if (!isPathList(schema)) return [[name, schema]];
      const { description = '' } = z.globalRegistry.get(schema) ?? {};
      return [
        [name, z.string().optional().describe(description)],
        [PATHS, z.array(z.string()).optional().describe(`several instead of ${name}`)],
      ];
    }),
  );
}

// A bound that nobody comes near says nothing, and neither does a default that is nothing.
const FAR = 1e9;

function saysNothing(key: string, value: unknown): boolean {
  if (key === 'minimum' || key === 'maximum') return Math.abs(Number(value)) >= FAR;
  // Of a result, which nobody writes.
  if (key === 'readOnly') return true;
  return key === 'default' && (value === false || value === '');
}

function lean(schema: Record<string, unknown>): Record<string, unknown> {
  const { $schema: _, ...rest } = schema;
  return JSON.parse(JSON.stringify(rest), (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? leanNode(value) : value,
  ) as Record<string, unknown>;
}

function leanNode(node: object): object {
  const isInteger = 'multipleOf' in node;
  const kept = Object.entries(node).filter(
    ([key, value]) => key !== 'multipleOf' && key !== 'minItems' && !saysNothing(key, value),
  );
  return Object.fromEntries(isInteger ? [...kept, ['type', 'integer']] : kept);
}
