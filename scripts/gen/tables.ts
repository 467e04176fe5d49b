import { options } from '../../src/config/options.ts';
import type { Option } from '../../src/config/option.ts';
import { catalogue } from '../../src/tools/catalogue.ts';
import type { Tool } from '../../src/tools/define.ts';
import { toolsets } from '../../src/tools/toolsets.ts';
import { snapshotOf } from './snapshots.ts';

const effects = { read: 'Reads', write: 'Writes', destroy: 'Can replace or delete' } as const;

const WIDTH = 120;

/** One item for each toolset, for the README. */
export function toolsetList(): string {
  return toolsets
    .map(({ name, summary }) => {
      const names = catalogue.filter(({ toolset }) => toolset === name).map((tool) => `\`${tool.name}\``);
      return wrapped(`- **${summary}** (\`${name}\`): ${names.join(', ')}`, '  ');
    })
    .join('\n');
}

/** The text in lines of at most 120 characters, each after the first indented. */
export function wrapped(text: string, indent = ''): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line.length + word.length >= WIDTH) lines.push(`${indent}${word}`);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.join('\n');
}

/** Each tool with its parameters, by toolset, for docs/tools.md. */
export function toolSections(): string {
  return toolsets
    .map(({ name, summary }) => {
      const tools = catalogue.filter(({ toolset }) => toolset === name);
      return [`## ${summary}: \`${name}\``, ...tools.map(section)].join('\n\n');
    })
    .join('\n\n');
}

/** A parameter in the schema that clients see. */
interface Property {
  readonly type?: string;
  readonly anyOf?: readonly Property[];
  readonly items?: Property;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
  readonly description?: string;
}

function section(tool: Tool): string {
  const schema = snapshotOf(tool)['inputSchema'] as {
    readonly properties?: Readonly<Record<string, Property>>;
    readonly required?: readonly string[];
  };
  const rows = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const needed = schema.required?.includes(name) ? 'required' : fallbackOf(property);
    return `| \`${name}\` | ${typeOf(property)} | ${needed} | ${property.description ?? ''} |`;
  });
  const table = ['| parameter | type | default | meaning |', '|---|---|---|---|', ...rows];
  return [
    `### \`${tool.name}\``,
    `${tool.summary} _${effects[tool.effect]}._`,
    ...(rows.length === 0 ? [] : [table.join('\n')]),
  ].join('\n\n');
}

function typeOf({ type, anyOf, items, enum: choices, minimum, maximum }: Property): string {
  if (choices) return choices.map((choice) => `\`${choice}\``).join(', ');
  if (anyOf) return anyOf.map(typeOf).join(' or ');
  if (type === 'array') return items?.type === undefined ? 'list' : `list of ${items.type}s`;
  const isRange = minimum !== undefined && maximum !== undefined && maximum <= 1_000_000;
  return isRange ? `${type}, ${minimum} to ${maximum}` : (type ?? 'any');
}

function fallbackOf(property: Property): string {
  return property.default === undefined || property.default === ''
    ? ''
    : `\`${JSON.stringify(property.default)}\``;
}

/** The settings that apply always, or those for HTTP. */
export function optionTable(http: boolean): string {
  const shown = options.filter((option: Option) => !option.advanced && (option.http ?? false) === http);
  const rows = shown.map((option: Option) => {
    const fallback = option.fallbackText ?? (option.fallback === undefined ? '' : `\`${option.fallback}\``);
    return `| \`${option.env}\` | ${fallback} | ${option.help} | \`${option.example}\` |`;
  });
  return ['| variable | default | meaning | example |', '|---|---|---|---|', ...rows].join('\n');
}
