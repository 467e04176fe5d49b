import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The rooms of src, as each describes itself in its `room.json`. */
interface Room {
  readonly name: string;
  readonly holds: string;
  readonly imports: readonly string[];
}

const src = join(import.meta.dirname, '../../src');

const rooms: readonly Room[] = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('room.json'))
  .map((name) => {
    const room = JSON.parse(readFileSync(join(src, name), 'utf8')) as Omit<Room, 'name'>;
    return { ...room, name: dirname(name) };
  })
  .toSorted((one, other) => (one.name < other.name ? -1 : 1));

const topOf = (room: string): string => room.split('/')[0] ?? room;

type Edges = ReadonlyMap<string, ReadonlySet<string>>;

/** Who imports whom, with rooms replaced by the group that they are in. A name that has no group is left out. */
function edges(groupOf: (room: string) => string | undefined): Edges {
  const found = new Map<string, Set<string>>();
  for (const { name, imports } of rooms) {
    const from = groupOf(name);
    if (from === undefined) continue;
    const targets = found.get(from) ?? new Set();
    found.set(from, targets);
    for (const target of imports) {
      const to = groupOf(target);
      if (to !== undefined && to !== from) targets.add(to);
    }
  }
  return found;
}

function reachable(all: Edges, from: string, seen = new Set<string>()): Set<string> {
  for (const next of all.get(from) ?? []) if (!seen.has(next)) reachable(all, next, seen.add(next));
  return seen;
}

/** Only the arrows that no other path implies: all of them are too many to see anything. */
function diagram(all: Edges): string {
  const lines = [...all].flatMap(([from, targets]) => {
    // A path that leads back implies nothing: in a cycle, each arrow would hide the others.
    const ahead = [...targets].map((target) => reachable(all, target)).filter((found) => !found.has(from));
    const implied = new Set(ahead.flatMap((found) => [...found]));
    const shown = [...targets].filter((target) => !implied.has(target));
    return [`  ${id(from)}["${from}"]`, ...shown.map((target) => `  ${id(from)} --> ${id(target)}`)];
  });
  return ['```mermaid', 'flowchart TD', ...lines, '```'].join('\n');
}

const id = (name: string): string => name.replaceAll(/[^a-z]/g, '_');

/** What the groups of rooms import, and below that the rooms of `files`. */
export function roomDiagrams(): { readonly all: string; readonly files: string } {
  const names = new Set(rooms.map(({ name }) => name));
  return {
    all: diagram(edges((room) => (names.has(room) ? topOf(room) : undefined))),
    files: diagram(edges((room) => (room.startsWith('files/') ? room : undefined))),
  };
}

export function roomTable(): string {
  return [
    '| room | holds |',
    '|---|---|',
    ...rooms.map(({ name, holds }) => `| [\`${name}\`](../src/${name}) | ${holds} |`),
  ].join('\n');
}
