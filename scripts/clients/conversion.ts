/** What the converters of schemas have in common, and the comparison of what they make with what they were given. */

export interface ToolSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, ToolSchema>>;
  readonly required?: readonly string[];
  readonly items?: ToolSchema;
  readonly anyOf?: readonly ToolSchema[];
}

/** A tool as it is declared to a model. */
export interface ShownTool {
  readonly name: string;
  readonly description: string;
  readonly schema: ToolSchema;
}

/** The server as a command, with all of its tools. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export type Convert = (server: Command) => Promise<readonly ShownTool[]>;

/** What of the given tools is not in the shown ones, in words. Empty when nothing is lost. */
export function losses(given: readonly ShownTool[], shown: readonly ShownTool[]): string[] {
  return given.flatMap((tool) => {
    const made = shown.find(({ name }) => name === tool.name);
    if (!made) return [`${tool.name} is missing`];
    const told = made.description.includes(tool.description)
      ? []
      : [`${tool.name}: the description is "${made.description}"`];
    return [...told, ...schemaLosses(tool.schema, made.schema, tool.name)];
  });
}

function schemaLosses(given: ToolSchema, made: ToolSchema, place: string): string[] {
  const lost: string[] = [];
  // Where a converter makes a value optional, it may say so by a second type.
  const all = [made, ...(made.anyOf ?? [])];
  const pick = <Key extends keyof ToolSchema>(key: Key): ToolSchema[Key] | undefined =>
    all.find((one) => one[key] !== undefined)?.[key];
  const types = all.flatMap(({ type }) => type ?? []).map((type) => type.toLowerCase());
  if (!types.includes(String(given.type)))
    lost.push(`${place}: ${String(given.type)} became ${types.join(' or ')}`);
  if (given.description !== undefined && pick('description') !== given.description)
    lost.push(`${place}: the description is "${pick('description') ?? ''}"`);
  for (const value of given.enum ?? [])
    if (!pick('enum')?.includes(value)) lost.push(`${place}: no ${String(value)}`);
  for (const name of given.required ?? [])
    if (!pick('required')?.includes(name)) lost.push(`${place}: ${name} is not required`);
  for (const [name, property] of Object.entries(given.properties ?? {})) {
    const there = pick('properties')?.[name];
    lost.push(
      ...(there ? schemaLosses(property, there, `${place}.${name}`) : [`${place}.${name} is missing`]),
    );
  }
  if (given.items) {
    const items = pick('items');
    lost.push(...(items ? schemaLosses(given.items, items, `${place}[]`) : [`${place}[] is missing`]));
  }
  return lost;
}
