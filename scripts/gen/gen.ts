import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { bundleManifest, registryEntry } from './manifest.ts';
import { versionTable } from '../../test/contract/versions.ts';
import { assistantPages, assistantList, installButtons } from './assistants.ts';
import { manual } from './manual.ts';
import { messageSections } from './messages.ts';
import { notices } from './notices.ts';
import { roomDiagrams, roomTable } from './rooms.ts';
import { writeSnapshots } from './snapshots.ts';
import { optionTable, toolSections, toolsetList } from './tables.ts';

/**
 * Generates what follows from the code: tables and diagrams in the documentation, the manifests, the manual
 * page and one snapshot per tool. With --check it writes nothing and exits with 1 when a file is out of date.
 */
const root = join(import.meta.dirname, '../..');
const check = process.argv.includes('--check');
const stale: string[] = [];

async function put(file: string, text: string): Promise<void> {
  const path = join(root, file);
  const before = readIfThere(path);
  if (before === text) return;
  stale.push(file);
  if (!check) writeFileSync(path, text);
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

const markdown = { parser: 'markdown', printWidth: 110, singleQuote: true, trailingComma: 'all' } as const;

async function putSections(file: string, sections: Readonly<Record<string, string>>): Promise<void> {
  let text = readFileSync(join(root, file), 'utf8');
  for (const [name, body] of Object.entries(sections)) {
    const pattern = new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- /${name} -->)`);
    if (!pattern.test(text)) throw new Error(`${file} has no section ${name}`);
    text = text.replace(pattern, (_, open: string, close: string) => `${open}\n${body}\n\n${close}`);
  }
  await put(file, await format(text, markdown));
}

await putSections('README.md', {
  buttons: installButtons(),
  assistants: assistantList(),
  toolsets: toolsetList(),
});
await putSections('docs/tools.md', { tools: toolSections() });
await putSections('docs/settings.md', { options: optionTable(false), 'http-options': optionTable(true) });
await putSections('docs/works-with.md', { versions: versionTable() });
await put('manifest/manifest.json', `${JSON.stringify(bundleManifest(), null, 2)}\n`);
await put('manifest/server.json', `${JSON.stringify(registryEntry(), null, 2)}\n`);

const { all, files } = roomDiagrams();
await putSections('docs/architecture.md', { rooms: all, 'files-rooms': files, 'room-table': roomTable() });
await putSections('docs/troubleshooting.md', messageSections());
for (const [file, text] of assistantPages()) await put(file, await format(text, markdown));
await put('man/nextcloud-files-mcp.1', manual());
await put('THIRD-PARTY.txt', notices());
stale.push(...(await writeSnapshots(check)));

if (stale.length > 0) {
  console.log(`${check ? 'Out of date, run "npm run gen"' : 'Written'}: ${stale.join(', ')}`);
  if (check) process.exitCode = 1;
}
