import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { format, resolveConfig } from 'prettier';
import { budgets } from './budgets.ts';
import type { Budget, Row } from './budgets.ts';
import type { Pair } from './compare.ts';

export interface Line {
  readonly budget: Budget;
  readonly pair: Pair;
  readonly ratio: number;
  readonly kept: boolean;
  readonly limit: string;
}

/** @param instant the server answers at once, so that the added time counts where there is a budget for it */
export function judge(measured: Partial<Record<Row, Pair>>, instant: boolean): Line[] {
  return (Object.keys(budgets) as Row[]).flatMap((row) => {
    const pair = measured[row];
    if (!pair) return [];
    const budget: Budget = budgets[row];
    const ratio = pair.ours / pair.theirs;
    const { overheadMs } = budget;
    if (!instant || overheadMs === undefined)
      return [{ budget, pair, ratio, kept: ratio <= budget.ratio, limit: `<= ${budget.ratio}` }];
    const kept = pair.ours - pair.theirs <= overheadMs;
    return [{ budget, pair, ratio, kept, limit: `<= ${overheadMs} ms more` }];
  });
}

export function markdown(lines: readonly Line[], where: string): string {
  const rows = lines.map(({ budget: { measured, against, unit }, pair, ratio, limit, kept }) => {
    const figure = (value: number): string => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ${unit}`;
    const sign = kept ? '' : ' (over)';
    return `| ${measured} | ${against} | ${figure(pair.ours)} | ${figure(pair.theirs)} | ${ratio.toFixed(ratio < 0.1 ? 3 : 2)} | ${limit}${sign} |`;
  });
  return [
    '| measured | against | ours | theirs | ratio | budget |',
    '|---|---|---|---|---|---|',
    ...rows,
    '',
    `Lower quartiles of interleaved runs, against ${where}. ${machine()}`,
  ].join('\n');
}

function machine(): string {
  const date = new Date().toISOString().slice(0, 10);
  return `${cpus().length} cores, Node ${process.versions.node}, ${date}.`;
}

/** Replaces the table in `docs/speed.md` for this kind of server, formatted as `npm run check` expects it. */
export async function write(page: string, kind: 'embedded' | 'real', table: string): Promise<void> {
  const begin = `<!-- bench, ${kind}: made by \`npm run bench -- --write\` -->`;
  const text = readFileSync(page, 'utf8');
  const start = text.indexOf(begin);
  const end = text.indexOf('<!-- /bench -->', start);
  if (start === -1 || end === -1) throw new Error('The page has no place for the table');
  const whole = `${text.slice(0, start + begin.length)}\n\n${table}\n\n${text.slice(end)}`;
  writeFileSync(page, await format(whole, { ...(await resolveConfig(page)), filepath: page }));
}
