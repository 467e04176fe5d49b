import type { Comparison, Means, TaskRow } from './compare.ts';

const columns = ['done', 'harm', 'calls', 'tokens, text', 'tokens, structured'] as const;

const figure = (value: number): string =>
  value < 100 ? String(Number(value.toFixed(1))) : Math.round(value).toLocaleString('en-US');

function cells({ plays, done, harm, calls, text, structured }: Means): string[] {
  return [`${done}/${plays}`, String(harm), figure(calls), figure(text), figure(structured)];
}

function line({ task, before, after }: TaskRow): string {
  const [old, now] = [cells(before), cells(after)];
  return `| ${task} | ${old.map((value, index) => `${value} → ${now[index]}`).join(' | ')} |`;
}

/** The ratios that the comparison is made for. */
export function ratios({
  total: { before, after },
}: Comparison): Readonly<Record<'calls' | 'text' | 'structured', number>> {
  return {
    calls: after.calls / before.calls,
    text: after.text / before.text,
    structured: after.structured / before.structured,
  };
}

/** The comparison as a table in Markdown: each cell is before and after. */
export function table(comparison: Comparison): string {
  const { before, after, rows, total, left } = comparison;
  const { calls, text, structured } = ratios(comparison);
  return [
    `| task | ${columns.join(' | ')} |`,
    `| --- |${' ---: |'.repeat(columns.length)}`,
    ...rows.map(line),
    line(total),
    `| ratio | | | ${calls.toFixed(2)} | ${text.toFixed(2)} | ${structured.toFixed(2)} |`,
    '',
    `Each cell: ${before} → ${after}; calls and tokens are means of the plays of a task, and sums of them in the line "all". ` +
      `The list of the tools, which is not in the figures: ${figure(total.before.tools / rows.length)} → ${figure(total.after.tools / rows.length)} tokens.`,
    ...(left.length > 0 ? ['', `Not played with both: ${left.join(', ')}.`] : []),
  ].join('\n');
}
