import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Row } from './budgets.ts';
import type { Pair } from './compare.ts';
import { fill } from './material.ts';
import { characters, repeatedCalls, singleCalls, startAndMemory } from './rows.ts';
import { openSite } from './site.ts';
import { judge, markdown, write } from './table.ts';

/**
 * Measures the built server from outside, side by side with what a user would choose instead, or with
 * the same requests without a server. On the embedded Nextcloud, or on the one that `NEXTCLOUD_URL` names.
 */
const { values } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    fill: { type: 'string' },
    only: { type: 'string' },
  },
});

const parts = { start: startAndMemory, calls: singleCalls, repeated: repeatedCalls, characters };

if (values.fill === undefined) await run();
else fill(values.fill);

async function run(): Promise<void> {
  const site = await openSite(process.env);
  const measured: Partial<Record<Row, Pair>> = {};
  for (const [name, part] of Object.entries(parts))
    if (values.only === undefined || values.only === name) Object.assign(measured, await part(site));
  await site.close();
  const lines = judge(measured, site.kind === 'embedded');
  const table = markdown(lines, site.kind === 'embedded' ? 'the embedded Nextcloud' : 'a Nextcloud');
  console.log(table);
  if (values.write) await write(join(import.meta.dirname, '../../docs/speed.md'), site.kind, table);
  if (values.check && lines.some(({ kept }) => !kept)) process.exitCode = 1;
}
