import type { Server } from './table.ts';

/** The lines of the server's tables, from the first header to the last value; undefined when there is no such table. */
export function readTomlEntry(text: string, key: string, name: string): string | undefined {
  const found = findTables(text, key, name);
  return found && found.map(([from, to]) => text.slice(from, to)).join('');
}

/** Adds the tables at the end of the file, where they cannot become part of another table. Everything else stays as it is. */
export function addTomlEntry(
  text: string,
  key: string,
  name: string,
  { command, args, env = {} }: Server,
): string {
  const rest = removeTomlEntry(text, key, name);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const variables = Object.entries(env);
  const lines = [
    `[${key}.${bare(name)}]`,
    `command = ${quoted(command)}`,
    `args = [${args.map(quoted).join(', ')}]`,
    ...(variables.length === 0 ? [] : ['', `[${key}.${bare(name)}.env]`]),
    ...variables.map(([variable, value]) => `${bare(variable)} = ${quoted(value)}`),
  ];
  const gap = rest === '' || /(\r?\n){2}$/.test(rest) ? '' : rest.endsWith('\n') ? eol : eol + eol;
  return rest + gap + lines.map((line) => line + eol).join('');
}

export function removeTomlEntry(text: string, key: string, name: string): string {
  const tables = findTables(text, key, name) ?? [];
  return tables.toReversed().reduce((rest, [from, to]) => {
    const before = rest.slice(0, from);
    const after = rest.slice(to);
    // The blank line that was added before the table is removed too.
    return after === '' ? before.replace(/(\r?\n)(\r?\n)$/, '$1') : before + after;
  }, text);
}

/** Whether the text is what `addTomlEntry` makes of an empty one, for a server without variables. */
export function isWholeToml(text: string, key: string, name: string): boolean {
  const lines = [
    `\\[${escaped(`${key}.${bare(name)}`)}\\]`,
    'command = "[^\\n]*"',
    'args = \\[[^\\n]*\\]',
    '',
  ];
  return new RegExp(`^${lines.join('\\r?\\n')}$`).test(text);
}

function findTables(text: string, key: string, name: string): [from: number, to: number][] | undefined {
  const path = `${escaped(key)}\\.(?:${escaped(name)}|"${escaped(name)}")(?:\\.[^\\]]+)?`;
  const own = new RegExp(`^[ \\t]*\\[${path}\\][^\\n]*$`);
  const header = /^[ \t]*\[/;
  const found: [number, number][] = [];
  let at = 0;
  let from: number | undefined;
  let end = 0;
  for (const line of text.split(/(?<=\n)/)) {
    const bareLine = line.replace(/\r?\n$/, '');
    if (header.test(bareLine)) {
      if (from !== undefined) found.push([from, end]);
      from = own.test(bareLine) ? at : undefined;
    }
    at += line.length;
    // Comments and blank lines before the next header belong to that header.
    if (!/^\s*(#.*)?$/.test(bareLine)) end = at;
  }
  if (from !== undefined) found.push([from, end]);
  return found.length === 0 ? undefined : found;
}

function bare(name: string): string {
  return /^[\w-]+$/.test(name) ? name : quoted(name);
}

// Basic strings in TOML have the same escapes as strings in JSON.
function quoted(text: string): string {
  return JSON.stringify(text);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
