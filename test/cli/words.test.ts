import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { terminalWording } from '../../src/cli/words.ts';
import { toolsets } from '../../src/tools/toolsets.ts';

const src = join(import.meta.dirname, '../../src');
const tools = new RegExp(toolsets.flatMap((set) => set.tools.map(({ name }) => name)).join('|'));

/** What moves files to and from this computer, and everything below it. */
const said = ['files', 'nextcloud']
  .flatMap((folder) => readdirSync(join(src, folder)).map((name) => join(src, folder, name)))
  .filter((file) =>
    /nextcloud\/|\/(upload|sending|service|fence|download|local|folder|chunked|parts)[a-z-]*\.ts$/.test(file),
  )
  .flatMap((file) => [
    ...readFileSync(file, 'utf8').matchAll(/'([A-Z][^'\n]*|list_files[^'\n]*)'|`(list_files[^\n]*)`/g),
  ])
  .map(([, plain, template = '']) => plain ?? template.replace(/\$\{.*?\}+/, '"/a \\"b\\""'))
  .filter((text) => tools.test(text) || text.includes('overwrite: true'));

test('there are hints that name a tool', () => {
  expect(said.length).toBeGreaterThan(8);
});

test.each([...new Set(said)])('a person at a terminal is not told: %s', (text) => {
  const here = terminalWording(text);
  expect(here).not.toMatch(tools);
  expect(here).not.toContain('overwrite: true');
});
