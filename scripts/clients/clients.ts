import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { clients } from './catalogue.ts';
import { runConverters } from './converters.ts';
import { runMatrix } from './matrix.ts';
import { writePage } from './table.ts';

/**
 * `npm run clients`: the built server on the embedded Nextcloud, and in front of it the clients that people use. Also
 * the converters that declare the tools to models. Exits with 1 when a check fails that is not known to.
 *
 * - `-- NAME …` runs only these adapters, or `converters`.
 * - `-- --quick` runs those that are quick to install and to run.
 * - `-- --write` writes the tables of docs/clients.md.
 */
const args = process.argv.slice(2);
const quick = args.includes('--quick');
const write = args.includes('--write');
const wanted = args.filter((arg) => !arg.startsWith('--'));
const rows = clients.filter(
  (row) => (!quick || row.quick) && (wanted.length === 0 || wanted.includes(row.adapter)),
);
if (write && rows.length < clients.length) throw new Error('the table is written when all clients have run');

install();
let wrong = 0;
const results = await runMatrix(rows, {
  quick,
  tell: ({ client, transport, outcomes }) => {
    const faults = [...outcomes].flatMap(([id, outcome]) =>
      outcome.is === 'wrong' ? `  ${id}: ${outcome.message}` : [],
    );
    const lacks = [...outcomes].flatMap(([id, { is }]) => (is === 'lacks' ? id : []));
    wrong += faults.length;
    const known = lacks.length > 0 ? `, without ${lacks.join(' and ')}` : '';
    console.log(
      [
        `${client.title} over ${transport}: ${faults.length > 0 ? 'FAILED' : 'passes'}${known}`,
        ...faults,
      ].join('\n'),
    );
  },
});
if (wanted.length === 0 || wanted.includes('converters')) wrong += await runConverters();
// A row that fails shows up in the page, for as long as that is so.
if (write) await writePage(results);
if (wrong > 0) process.exitCode = 1;

/** The packages of this folder, unless they are there: for a quick run without the devDependencies. */
function install(): void {
  const needed = quick ? '@ai-sdk/mcp' : 'mcporter';
  if (existsSync(join(import.meta.dirname, 'node_modules', needed))) return;
  const command = ['ci', ...(quick ? ['--omit=dev'] : []), '--prefix', import.meta.dirname];
  const { status } = spawnSync('npm', command, { stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) throw new Error('npm ci failed');
}
