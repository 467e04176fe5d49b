import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parsePath } from '../../src/path.ts';
import { openWorkspace } from '../../test/support/workspace.ts';
import { walk } from '../../test/support/walk.ts';
import { listFolder } from '../../src/files/list/list.ts';
import { searchFiles } from '../../src/files/search/search.ts';
import { realLogin } from './variables.ts';

/**
 * Listing and search of a large folder of a real Nextcloud against a walk of its data folder:
 * `node scripts/live/hundred-thousand.ts --data /var/www/data/alice/files/bench --folder /bench`
 */
const { data = '', folder = '' } = parseArgs({
  options: { data: { type: 'string' }, folder: { type: 'string' } },
}).values;
const { url, username, password } = realLogin();
const { workspace, close } = openWorkspace(url, {
  NEXTCLOUD_USERNAME: username,
  NEXTCLOUD_PASSWORD: password,
  NEXTCLOUD_MAX_RESULT_CHARS: '300000',
});
const disk = new Map<string, number | undefined>();
for (const entry of readdirSync(data, { withFileTypes: true, recursive: true })) {
  const path = join(entry.parentPath, entry.name);
  disk.set(path.slice(data.length), entry.isDirectory() ? undefined : statSync(path).size);
}

const top = parsePath(folder);
const listing = { depth: 5, type: 'all', sortBy: 'modified', order: 'desc', limit: 1000 } as const;
const listed = await walk((cursor) => listFolder(workspace, top, { ...listing, cursor }, {}));
check('listed', listed.entries, () => true);

const anything = {
  folder: top,
  type: 'file',
  favorite: false,
  sortBy: 'name',
  order: 'asc',
  limit: 1000,
} as const;
const queries: [string, (name: string) => boolean][] = [
  ['', () => true],
  ['*.PDF', (name) => name.endsWith('.pdf')],
  ['1234', (name) => name.includes('1234')],
  ['IMG 2026-0?*3.jpg', (name) => /^IMG 2026-0..*3\.jpg$/.test(name)],
  ['**/Project 7/*notes*', () => false],
];
for (const [query, holds] of queries) {
  const { entries } = await walk((cursor) => searchFiles(workspace, { ...anything, query, cursor }, {}));
  check(`found for ${JSON.stringify(query)}`, entries, (path, size) =>
    size === undefined
      ? false
      : query.startsWith('**')
        ? /\/Project 7\/[^/]*notes[^/]*$/.test(path)
        : holds(path.slice(path.lastIndexOf('/') + 1)),
  );
}
await close();

function check(
  what: string,
  entries: readonly { path: string; size?: number | undefined }[],
  holds: (path: string, size: number | undefined) => boolean,
): void {
  const wanted = [...disk].filter(([path, size]) => holds(path, size));
  const got = new Map(entries.map((entry) => [entry.path.slice(folder.length), entry]));
  assert.equal(got.size, entries.length, `${what}: some twice`);
  assert.equal(got.size, wanted.length, `${what}: not as many as on the disk`);
  for (const [path, size] of wanted) {
    const entry = got.get(path);
    assert.ok(entry, `${what}: ${path} is missing`);
    if (size !== undefined) assert.equal(entry.size, size, `${what}: ${path}`);
  }
  console.log(`${what}: ${entries.length}, all as on the disk`);
}
