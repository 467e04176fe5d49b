import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

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

/** What each part may import from. Data comes back the same way; nothing imports upward. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  main: ['cli', 'code-cache'],
  'code-cache': [],
  machine: [],
  cli: ['accounts', 'app', 'serve', 'demo', 'version'],
  accounts: [],
  serve: ['app', 'mcp'],
  app: ['mcp', 'tools', 'files', 'nextcloud', 'cache', 'extract', 'version'],
  mcp: ['tools', 'files', 'version'],
  tools: ['files'],
  files: ['nextcloud', 'extract', 'cache'],
  extract: [],
  cache: [],
  nextcloud: [],
  demo: [],
  config: [],
  options: [],
  errors: [],
  path: [],
  log: [],
  meter: [],
  version: [],
};

/** May be imported by all but the embedded cloud. */
const common = ['errors', 'path', 'log', 'meter', 'config', 'options', 'machine'];

function layerOf(name: string): string {
  const [first = '', ...rest] = name.split('/');
  return rest.length === 0 ? first.replace(/\.ts$/, '') : first;
}

describe('layers', () => {
  it('finds the source', () => {
    expect(files.length).toBeGreaterThan(40);
  });

  it('imports go one way', () => {
    const wrong = files.flatMap(({ name, imports }) => {
      const from = layerOf(name);
      return imports
        .filter((target) => target.startsWith('.'))
        .map((target) => layerOf(relative(src, resolve(src, dirname(name), target))))
        .filter((to) => to !== from && to !== '..' && !allowed[from]?.includes(to))
        .filter((to) => from === 'demo' || !common.includes(to))
        .map((to) => `${name} imports ${to}`);
    });
    expect(wrong).toEqual([]);
  });

  it('knows every part', () => {
    const unknown = files.map(({ name }) => layerOf(name)).filter((layer) => !(layer in allowed));
    expect(unknown).toEqual([]);
  });

  it.each([
    ['process.env', /\bprocess\.env\b/, /^(config|main)\.ts$/],
    ['console', /\bconsole\./, /^cli\//],
    ['the MCP server SDK', /'@modelcontextprotocol\/(server|node)/, /^(mcp|serve)\//],
    ['the MCP client SDK', /'@modelcontextprotocol\/(client|sdk)/, /^cli\/demo\.ts$/],
    ['undici', /'undici'/, /^(nextcloud\/|app\.ts$)/],
    ['webdav', /'webdav'/, /^nextcloud\/verbs\.ts$/],
    ['node:http', /'node:https?'/, /^(demo|serve)\//],
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

  it('files stay small', () => {
    const sizes = files.map(({ lines }) => lines).toSorted((a, b) => a - b);
    const at = (share: number): number => sizes[Math.floor((sizes.length - 1) * share)] ?? 0;
    expect(at(0.5)).toBeLessThan(90);
    expect(at(0.9)).toBeLessThan(250);
    expect(files.filter(({ lines }) => lines > 400).map(({ name }) => name)).toEqual([]);
  });

  it('files are named by what they are', () => {
    expect(files.filter(({ name }) => /util|helper|types|manager|common|misc/i.test(name))).toEqual([]);
  });
});
