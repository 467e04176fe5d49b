import { describe, expect, it } from 'vitest';
import { catalogue, select } from '../../src/tools/catalogue.ts';
import type { Tool } from '../../src/tools/define.ts';
import { inputSchema, outputSchema } from '../../src/tools/arguments/shown-schema.ts';

type Node = Readonly<Record<string, unknown>>;

/**
 * What `@openai/agents` (strict), `@langchain/mcp-adapters`, `@ai-sdk/mcp` and `@google/genai` all take without a
 * warning and without losing a description.
 */
const keywords: readonly string[] = [
  'type',
  'description',
  'default',
  'enum',
  'minimum',
  'maximum',
  'properties',
  'required',
  'additionalProperties',
  'items',
];
const types: readonly unknown[] = ['object', 'array', 'string', 'integer', 'number', 'boolean'];

function faultsOf(node: Node, place: string, closed: boolean): string[] {
  const { type, items, properties, required = [] } = node;
  const fields = Object.entries((properties ?? {}) as Record<string, Node>);
  const faults = [
    ...Object.keys(node)
      .filter((key) => !keywords.includes(key))
      .map((key) => `${place} has ${key}`),
    ...(types.includes(type) ? [] : [`${place} has no single type`]),
    ...(type === 'array' && items === undefined ? [`${place} has no items`] : []),
    ...(type === 'object' && properties === undefined ? [`${place} has no properties`] : []),
    ...(type === 'object' && closed && node['additionalProperties'] !== false ? [`${place} is open`] : []),
    ...(required as string[])
      .filter((name) => !fields.some(([key]) => key === name))
      .map((name) => `${place} requires ${name}, which it does not have`),
  ];
  return [
    ...faults,
    ...fields.flatMap(([name, field]) => faultsOf(field, `${place}.${name}`, closed)),
    ...(items === undefined ? [] : faultsOf(items as Node, `${place}[]`, closed)),
  ];
}

const tools: readonly Tool[] = [
  ...catalogue,
  ...select({ toolsets: ['all'], readOnly: false, local: false }),
];

describe.each(tools.map((tool) => [tool.name, tool] as const))('the schemas of %s', (_name, tool) => {
  it('keep to what every converter takes', () => {
    const output = outputSchema(tool);
    expect([
      ...faultsOf(inputSchema(tool), 'input', true),
      ...(output ? faultsOf(output, 'output', false) : []),
    ]).toEqual([]);
  });
});
