import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../src/tools/catalogue.ts';

const src = join(import.meta.dirname, '../../src');

interface SourceFile {
  readonly name: string;
  readonly text: string;
  readonly lines: number;
  readonly imports: readonly string[];
}

const files: SourceFile[] = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => {
    const text = readFileSync(join(src, name), 'utf8');
    const pattern = /(?:from|import)\s*\(?\s*'([^']+)'/g;
    const imports = [...text.matchAll(pattern)].map((match) => match[1] ?? '');
    return { name, text, lines: text.split('\n').length - 1, imports };
  });

/** Each room says in its `room.json` what it holds and which other rooms it may import. */
interface Room {
  readonly holds: string;
  readonly imports: readonly string[];
}

const rooms = new Map<string, Room>(
  readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('room.json'))
    .map((name) => [dirname(name), JSON.parse(readFileSync(join(src, name), 'utf8')) as Room]),
);

/** The files beside the rooms, and what each of them may import. */
const entrance: Readonly<Record<string, readonly string[]>> = { 'main.ts': ['cli', 'code-cache.ts'] };

/** May be imported by every room but the embedded Nextcloud. */
const common = [
  'atomic-file',
  'errors',
  'log',
  'machine',
  'meter',
  'parallel',
  'path',
  'pause',
  'plain-file',
  'remedy',
  'time-slices',
]
  .map((name) => `${name}.ts`)
  .concat('text');

/** The innermost room of a file; a file beside the rooms stands for itself. */
function roomOf(name: string): string {
  const folders = dirname(name).split('/');
  for (let depth = folders.length; depth > 0; depth--) {
    const room = folders.slice(0, depth).join('/');
    if (rooms.has(room)) return room;
  }
  return name;
}

/** Lines that are a comment as a whole: an apostrophe in one would look like the start of a string. */
function withoutComments(text: string): string {
  return text.replace(/^\s*(?:\/\/|\/?\*).*$/gm, '');
}

describe('text of answers', () => {
  it('is made in one place, where what came from outside is escaped', () => {
    const made = /\btype: 'text'|\bcontents?: \[|\bstructuredContent: (?!\{ changed: false)/;
    const makers = files.filter(({ text }) => made.test(withoutComments(text))).map(({ name }) => name);
    // The text of a prompt is that of the program, with the words of the person in it.
    expect(makers.toSorted()).toEqual(['mcp/prompts.ts', 'mcp/text-content.ts']);
  });
});

describe('layers', () => {
  it('finds the source', () => {
    expect(files.length).toBeGreaterThan(40);
  });

  it('rooms import what they say, and say nothing else', () => {
    const used = new Map<string, Set<string>>();
    for (const { name, imports } of files) {
      const from = roomOf(name);
      for (const target of imports.filter((one) => one.startsWith('.'))) {
        const path = relative(src, resolve(src, dirname(name), target));
        const to = roomOf(path);
        // The package's own facts (version.ts) lie outside of the source.
        if (to === from || path.startsWith('..')) continue;
        if (common.includes(to) && from !== 'embedded-nextcloud') continue;
        used.set(from, (used.get(from) ?? new Set()).add(to));
      }
    }
    const said = Object.fromEntries([
      ...[...rooms].map(([room, { imports }]) => [room, imports.toSorted()]),
      ...Object.entries(entrance),
    ]) as Record<string, readonly string[]>;
    const seen = Object.fromEntries([...used].map(([room, all]) => [room, [...all].toSorted()]));
    expect({ ...Object.fromEntries(Object.keys(said).map((room) => [room, []])), ...seen }).toEqual(said);
  });

  it('no room imports one that leads back to it', () => {
    const reaches = (from: string, seen = new Set<string>()): Set<string> => {
      for (const next of rooms.get(from)?.imports ?? []) if (!seen.has(next)) reaches(next, seen.add(next));
      return seen;
    };
    expect([...rooms.keys()].filter((room) => reaches(room).has(room))).toEqual([]);
  });

  it('a room says in a sentence what it holds, and has at most 16 files', () => {
    expect([...rooms].filter(([, { holds }]) => !/^[A-Z].+\.$/.test(holds)).map(([room]) => room)).toEqual(
      [],
    );
    const counts = Map.groupBy(files, ({ name }) => dirname(name));
    expect([...counts].filter(([, inside]) => inside.length > 16).map(([folder]) => folder)).toEqual([]);
  });

  it('no file imports one that leads back to it, types included', () => {
    const targets = new Map(
      files.map(({ name, imports }) => [
        name,
        imports
          .filter((one) => one.startsWith('.'))
          .map((one) => relative(src, resolve(src, dirname(name), one))),
      ]),
    );
    const circles: string[] = [];
    const state = new Map<string, 'open' | 'done'>();
    const visit = (name: string, way: readonly string[]): void => {
      if (state.get(name) === 'open') circles.push([...way.slice(way.indexOf(name)), name].join(' -> '));
      if (state.has(name)) return;
      state.set(name, 'open');
      for (const next of targets.get(name) ?? []) visit(next, [...way, name]);
      state.set(name, 'done');
    };
    for (const name of targets.keys()) visit(name, []);
    expect(circles).toEqual([]);
  });

  it.each([
    ['process.env', /\bprocess\.env\b/, /^(config\/config|main)\.ts$/],
    ['console', /\bconsole\./, /^$/],
    ['the terminal', /\bprocess\.std(out|err)\.write\b/, /^(cli\/terminal\/print|main)\.ts$/],
    ['the MCP server SDK', /'@modelcontextprotocol\/(server|node)/, /^(mcp|serve)\//],
    ['the MCP client SDK', /'@modelcontextprotocol\/(client|sdk)/, /^cli\/demo\/demo\.ts$/],
    ['undici', /'undici'/, /^nextcloud\//],
    ['webdav', /'webdav'/, /^nextcloud\/dav\/dav-methods\.ts$/],
    ['node:http', /'node:https?'/, /^(embedded-nextcloud|serve)\//],
    ['global fetch', /(?:await|return|=|globalThis\.)\s*fetch\(/, /^$/],
    ['pino', /'pino'/, /^log\.ts$/],
    // What follows is felt at every start: undici and all of zod's languages cost half of it.
    ['undici at the start', /^import (?!type)[^;]*'undici'/m, /^$/],
    ['zod as a whole', /import \{ z \} from 'zod'/, /^$/],
  ])('%s stays in its place', (_what, pattern, place) => {
    const strays = files
      .filter(({ name, text }) => pattern.test(text) && !place.test(name))
      .map(({ name }) => name);
    expect(strays).toEqual([]);
  });

  it('no string below the tools names a tool', () => {
    // A name of one word, such as undo, is a word of the language, too.
    const ofSeveral = catalogue.map(({ name }) => name).filter((name) => name.includes('_'));
    const names = new RegExp(`\\b(${ofSeveral.join('|')})\\b`);
    const above = /^(tools|mcp|cli\/demo\/|embedded-nextcloud)/;
    const strings = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;
    const found = files
      .filter(({ name }) => !above.test(name))
      .flatMap(({ name, text }) =>
        [...withoutComments(text).matchAll(strings)]
          .filter(([string]) => names.test(string))
          .map(([string]) => `${name}: ${string}`),
      );
    expect(found).toEqual([]);
  });

  it('files stay small', () => {
    const sizes = files.map(({ lines }) => lines).toSorted((a, b) => a - b);
    const at = (share: number): number => sizes[Math.floor((sizes.length - 1) * share)] ?? 0;
    expect(at(0.5)).toBeLessThan(90);
    expect(at(0.9)).toBeLessThan(250);
    expect(files.filter(({ lines }) => lines > 400).map(({ name }) => name)).toEqual([]);
  });

  it('an exported name means one thing', () => {
    const places = new Map<string, string[]>();
    for (const { name, text } of files)
      for (const match of text.matchAll(
        /^export (?:async )?(?:abstract )?(?:function\*?|const|class|interface|type|enum) (\w+)/gm,
      ))
        places.set(match[1] ?? '', [...(places.get(match[1] ?? '') ?? []), name]);
    expect([...places].filter(([, all]) => new Set(all).size > 1)).toEqual([]);
  });

  it('files are named by what they are', () => {
    expect(files.filter(({ name }) => /util|helper|types|manager|common|misc/i.test(name))).toEqual([]);
  });
});
