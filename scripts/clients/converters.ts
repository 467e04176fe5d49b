import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { snapshotOf } from '../gen/snapshots.ts';
import { catalogue } from '../../src/tools/catalogue.ts';
import { converters } from './catalogue.ts';
import { losses } from './conversion.ts';
import type { Command, Convert, ShownTool, ToolSchema } from './conversion.ts';

/**
 * Lets each converter declare all tools to a model, and compares that with the schemas of the catalogue. Nothing may be
 * lost, and nothing said. @returns how many converters did worse
 */
export async function runConverters(): Promise<number> {
  const home = mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-clients-'));
  const server: Command = {
    command: process.execPath,
    args: [join(import.meta.dirname, '../../dist/main.js')],
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: home,
      // Nobody is there: tools are listed without a request.
      NEXTCLOUD_URL: 'http://127.0.0.1:9',
      NEXTCLOUD_USERNAME: 'demo',
      NEXTCLOUD_PASSWORD: 'demo-app-password',
      NEXTCLOUD_TOOLSETS: 'all',
      LOG_LEVEL: 'error',
    },
  };
  const given = catalogue.map((tool): ShownTool => {
    const { name, description, inputSchema } = snapshotOf(tool);
    return { name: name as string, description: description as string, schema: inputSchema as ToolSchema };
  });
  let wrong = 0;
  for (const { name } of converters) {
    const { convert } = (await import(`./converters/${name}.ts`)) as { convert: Convert };
    const said: string[] = [];
    const faults = await listening(said, async () => losses(given, await convert(server)));
    faults.push(...said.map((text) => `it says: ${text.trim()}`));
    if (faults.length > 0) wrong++;
    const outcome = faults.length > 0 ? 'FAILED' : 'passes';
    console.log(
      [`Converter ${name}: ${outcome}, ${given.length} tools`, ...faults.map((fault) => `  ${fault}`)].join(
        '\n',
      ),
    );
  }
  rmSync(home, { recursive: true, force: true });
  return wrong;
}

/** Keeps what is printed meanwhile, and the warnings of the process. */
async function listening<T>(said: string[], run: () => Promise<T>): Promise<T> {
  const streams = [process.stdout, process.stderr];
  const onWarning = ({ message }: Error): void => void said.push(message);
  const keep = (chunk: string | Uint8Array): boolean => {
    said.push(String(chunk));
    return true;
  };
  process.on('warning', onWarning);
  for (const stream of streams) stream.write = keep;
  try {
    return await run();
  } finally {
    // What is below is the method of the class.
    for (const stream of streams) Reflect.deleteProperty(stream, 'write');
    process.off('warning', onWarning);
  }
}
