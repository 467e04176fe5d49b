import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { checks } from './checks.ts';
import { clients, converters } from './catalogue.ts';
import { lackOf } from './matrix.ts';
import type { RowResult } from './matrix.ts';

const root = join(import.meta.dirname, '../..');

/** Puts the table and the notes between the marks of the page. */
export async function writePage(results: readonly RowResult[]): Promise<void> {
  const file = join(root, 'docs/clients.md');
  let text = readFileSync(file, 'utf8');
  const sections = {
    clients: matrixTable(results),
    checks: checkList(),
    notes: notes(),
    converters: converterList(),
  };
  for (const [name, body] of Object.entries(sections)) {
    const pattern = new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- /${name} -->)`);
    if (!pattern.test(text)) throw new Error(`${file} has no section ${name}`);
    text = text.replace(pattern, (_, open: string, close: string) => `${open}\n${body}\n\n${close}`);
  }
  writeFileSync(file, await format(text, { parser: 'markdown', printWidth: 110 }));
}

function matrixTable(results: readonly RowResult[]): string {
  const reasons: string[] = [];
  const footnote = (why: string): string => {
    if (!reasons.includes(why)) reasons.push(why);
    return `[^${reasons.indexOf(why) + 1}]`;
  };
  const rows = results.map(({ client, transport, outcomes }) => {
    const cells = checks.map(({ id }) => {
      const lack = lackOf(client, id, transport);
      const outcome = outcomes.get(id);
      if (outcome?.is === 'passed') return '✓';
      return outcome?.is === 'lacks' && lack ? `–${footnote(lack.why)}` : '✗';
    });
    return `| ${client.title} | ${transport === 'http' ? 'HTTP' : 'stdio'} | ${cells.join(' | ')} |`;
  });
  return [
    `| client | over | ${checks.map(({ id }) => id).join(' | ')} |`,
    `|---|---|${checks.map(() => ':-:').join('|')}|`,
    ...rows,
    '',
    ...reasons.map((why, index) => `[^${index + 1}]: ${why}\n`),
  ].join('\n');
}

function checkList(): string {
  return [
    '| column | what is expected |',
    '|---|---|',
    ...checks.map(({ id, means }) => `| ${id} | ${means} |`),
  ].join('\n');
}

function notes(): string {
  const lines = clients.map((row) => {
    const { name, version } = packageOf(row.package);
    return `| ${row.title} | \`${name}\` ${version} | ${row.note} |`;
  });
  return ['| client | version | how it is run, and what a model is shown |', '|---|---|---|', ...lines].join(
    '\n',
  );
}

function converterList(): string {
  const lines = converters.map((row) => {
    const { name, version } = packageOf(row.package);
    return `| \`${name}\` ${version} | ${row.note} |`;
  });
  return ['| package | what a model is shown |', '|---|---|', ...lines].join('\n');
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** An alias (`npm:name@version`) is resolved. */
function packageOf(wanted: string): { name: string; version: string } {
  for (const folder of [import.meta.dirname, root]) {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
    const found = { ...manifest.dependencies, ...manifest.devDependencies }[wanted];
    if (found === undefined) continue;
    const [, name = wanted, version = found] = /^npm:(.+)@([^@]+)$/.exec(found) ?? [];
    return { name, version };
  }
  throw new Error(`${wanted} is in no package.json`);
}
