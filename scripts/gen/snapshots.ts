import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { annotations } from '../../src/mcp/server.ts';
import { inputSchema, outputSchema } from '../../src/tools/arguments/shown-schema.ts';
import type { Tool } from '../../src/tools/define.ts';
import { catalogue } from '../../src/tools/catalogue.ts';

/** Where the reviewed snapshot of each tool is stored, as clients see it. */
export const snapshotFolder = join(import.meta.dirname, '../../test/tools/snapshots');

/** A tool as a client sees it. */
export function snapshotOf(tool: Tool): Record<string, unknown> {
  const output = outputSchema(tool);
  return {
    name: tool.name,
    title: tool.title,
    description: tool.summary,
    inputSchema: inputSchema(tool),
    ...(output ? { outputSchema: output } : {}),
    annotations: annotations[tool.effect],
  };
}

/**
 * Writes one JSON file per tool of every toolset and removes those of tools that no longer exist.
 *
 * @param check writes nothing
 * @returns names of the files that were, or would be, written or removed
 */
export async function writeSnapshots(check: boolean): Promise<string[]> {
  const wanted = new Map(
    catalogue.map((tool) => [`${tool.name}.json`, `${JSON.stringify(snapshotOf(tool), null, 2)}\n`]),
  );
  if (!check) mkdirSync(snapshotFolder, { recursive: true });
  const there = existsSync(snapshotFolder) ? readdirSync(snapshotFolder) : [];
  const stale: string[] = [];
  for (const name of there)
    if (!wanted.has(name)) {
      stale.push(name);
      if (!check) rmSync(join(snapshotFolder, name));
    }
  for (const [name, text] of wanted) {
    const file = join(snapshotFolder, name);
    if (there.includes(name) && readFileSync(file, 'utf8') === text) continue;
    stale.push(name);
    if (!check) writeFileSync(file, text);
  }
  return stale;
}
