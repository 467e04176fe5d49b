import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packExtension } from '@anthropic-ai/mcpb';

const root = join(import.meta.dirname, '../..');

/** Packs the built server as a bundle for Claude Desktop. */
export async function makeBundle(output: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-bundle-'));
  try {
    for (const name of ['manifest.json', 'icon.png'])
      copyFileSync(join(root, 'manifest', name), join(folder, name));
    for (const name of ['package.json', 'LICENSE', 'THIRD-PARTY.txt'])
      copyFileSync(join(root, name), join(folder, name));
    mkdirSync(join(folder, 'screenshots'));
    cpSync(join(root, 'docs/pictures'), join(folder, 'screenshots'), { recursive: true });
    cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
    if (!(await packExtension({ extensionPath: folder, outputPath: output, silent: true })))
      throw new Error('mcpb refused the bundle: mcpb validate manifest/manifest.json says why');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === import.meta.filename) {
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
    string,
    string
  >;
  const output = join(root, `${name}-${version}.mcpb`);
  await makeBundle(output);
  process.stdout.write(`${output}, ${Math.round(statSync(output).size / 1024)} KB\n`);
}
