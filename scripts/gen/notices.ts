import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

const root = join(import.meta.dirname, '../..');

interface Library {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly author?: string | { readonly name?: string };
}

/** The licenses of the libraries that are bundled into the program, each text once. */
export function notices(): string {
  const texts = new Map<string, string[]>();
  for (const folder of [...bundled()].toSorted()) {
    const library = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Library;
    const files = readdirSync(join(root, folder)).filter((name) => /^(licen[cs]e|notice)/i.test(name));
    const text = files
      .toSorted()
      .map((name) =>
        readFileSync(join(root, folder, name), 'utf8')
          .replaceAll('\r\n', '\n')
          .trim(),
      )
      .join('\n\n');
    const title = `${library.name} ${library.version} (${library.license ?? 'see below'})`;
    const key = text === '' ? author(library) : text;
    texts.set(key, [...(texts.get(key) ?? []), title]);
  }
  const parts = [...texts].map(([text, titles]) => [...titles, '-'.repeat(60), '', text].join('\n'));
  return `Libraries that are part of this program, with their licences.\n\n\n${parts.join('\n\n\n')}\n`;
}

function author({ author: by }: Library): string {
  return `By ${(typeof by === 'string' ? by : by?.name) ?? 'its authors'}.`;
}

/** Folders of the packages that the bundle contains code of. */
function bundled(): Set<string> {
  const { metafile } = buildSync({
    entryPoints: [
      'src/main.ts',
      'src/documents/pool/worker-thread.ts',
      'src/files/edit/edit-thread.ts',
      'src/files/contents/pattern/regex-thread.ts',
    ].map((file) => join(root, file)),
    absWorkingDir: root,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    outdir: 'dist',
    write: false,
    metafile: true,
    logLevel: 'error',
  });
  const used = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([file]) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]),
  );
  return new Set(used.filter((folder) => folder !== undefined));
}
