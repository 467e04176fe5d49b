import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { commands } from '../../src/cli/command-line/command-table.ts';
import { clients } from '../../src/cli/clients/table.ts';
import { errorCodes } from '../../src/errors.ts';
import { flagOf } from '../../src/config/option.ts';
import { options } from '../../src/config/options.ts';

const root = join(import.meta.dirname, '../..');
const pages = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'test/README.md'].map((name) =>
    join(root, name),
  ),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(root, 'docs', name)),
];

/** Anchors as GitHub makes them of headings. */
function anchors(page: string): Set<string> {
  const text = readFileSync(page, 'utf8').replace(/^```[^]*?^```/gm, '');
  return new Set(
    [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}_ -]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

test('the README is short, and its lines do not scroll sideways', () => {
  const lines = readFileSync(join(root, 'README.md'), 'utf8').split('\n');
  expect(lines.length).toBeLessThanOrEqual(165);
  // Addresses cannot be broken.
  const long = lines.filter((line) => line.replace(/\(?https?:\/\/\S+/g, '').length > 130);
  expect(long).toEqual([]);
});

test('the README begins with what works in a clone, and says what needs the published package', () => {
  const text = readFileSync(join(root, 'README.md'), 'utf8');
  const at = (words: string): number => text.indexOf(words);
  for (const command of ['npm ci && npm run demo', 'npm ci && npm test'])
    expect(at(command)).toBeGreaterThan(0);
  expect(at('npm ci && npm test')).toBeLessThan(at('npx nextcloud-files-mcp'));
  expect(at('not published yet')).toBeLessThan(at('npx nextcloud-files-mcp login'));
});

test('the buttons of the README install what the command installs', () => {
  const text = readFileSync(join(root, 'README.md'), 'utf8');
  const configs = [...text.matchAll(/install(?:-mcp)?\?name=nextcloud&config=([^)\s]+)/g)].map(
    ([, config = '']) => {
      const plain = decodeURIComponent(config);
      return JSON.parse(
        plain.startsWith('{') ? plain : Buffer.from(plain, 'base64').toString('utf8'),
      ) as unknown;
    },
  );
  const entry = { command: 'npx', args: ['-y', 'nextcloud-files-mcp'] };
  expect(configs).toEqual([entry, entry, entry]);
  const block = /```json\n([^`]*)```/.exec(text)?.[1] ?? '';
  expect(JSON.parse(block)).toEqual({ mcpServers: { nextcloud: entry } });
});

test('every page of the documentation is in its index', () => {
  const index = readFileSync(join(root, 'docs/README.md'), 'utf8');
  const names = readdirSync(join(root, 'docs')).filter(
    (name) => name.endsWith('.md') && name !== 'README.md',
  );
  for (const name of names) expect(index).toContain(`(${name})`);
});

test('every error code has its paragraph', () => {
  const there = anchors(join(root, 'docs/troubleshooting.md'));
  expect(errorCodes.filter((code) => !there.has(code))).toEqual([]);
});

test('every assistant has its page', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  for (const { id } of clients) {
    expect(existsSync(join(root, `docs/assistants/${id}.md`)), id).toBe(true);
    expect(readme).toContain(`docs/assistants/${id}.md`);
  }
});

test.each(pages.map((page) => [relative(root, page), page]))(
  'the links of %s lead somewhere',
  (_name, page) => {
    const text = readFileSync(page, 'utf8').replace(/^```[^]*?^```/gm, '');
    const links = [...text.matchAll(/\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g)].map(
      ([, one, other]) => one ?? other ?? '',
    );
    for (const link of links.filter((one) => !/^[a-z]+:/.test(one))) {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : join(dirname(page), path);
      expect(existsSync(target), link).toBe(true);
      if (anchor !== undefined) expect([...anchors(target)], link).toContain(anchor);
    }
  },
);

test('settings, flags and commands that are written about exist', () => {
  const variables = new Set(options.map(({ env }) => env));
  const flags = new Set<string>([
    ...options.map(flagOf),
    ...commands.flatMap((command) => ('flags' in command ? command.flags.map(({ name }) => name) : [])),
    'help',
    'version',
  ]);
  for (const page of pages.filter((one) => /^(?:docs\/.*|README\.md)$/.test(relative(root, one)))) {
    const text = readFileSync(page, 'utf8');
    // Of those of the bench, which are no settings, the README speaks where it shows its figures.
    for (const [name] of text.matchAll(/\bNEXTCLOUD_(?!BENCH_)[A-Z_]+\b/g))
      expect(variables, `${name} in ${page}`).toContain(name);
    for (const [, command = '', rest = ''] of text.matchAll(
      /(?:npx |`)nextcloud-files-mcp ([a-z]+)([^`\n]*)/g,
    )) {
      expect(
        commands.map(({ name }) => name as string),
        `${command} in ${page}`,
      ).toContain(command);
      for (const [, flag = ''] of rest.matchAll(/ --([a-z-]+)/g))
        expect(flags, `--${flag} in ${page}`).toContain(flag);
    }
  }
});
