import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { chart } from './chart.ts';
import type { Comparison } from './compare.ts';
import { table } from './table.ts';

const docs = join(import.meta.dirname, '../../../docs');

/** Replaces the figures of docs/assistant-tasks.md, and the chart in them. */
export async function writePage(comparison: Comparison): Promise<void> {
  const page = join(docs, 'assistant-tasks.md');
  const { before, after, total } = comparison;
  const alt = `Calls and tokens of ${total.after.plays} plays with ${after}, beside ${total.before.plays} with ${before}`;
  writeFileSync(join(docs, 'pictures/assistant-tasks.svg'), chart(comparison));
  const body = `![${alt}](pictures/assistant-tasks.svg)\n\n${table(comparison)}`;
  const pattern = /(<!-- plays -->\n)[^]*?(<!-- \/plays -->)/;
  const text = readFileSync(page, 'utf8');
  if (!pattern.test(text)) throw new Error('The page has no section for the plays');
  const whole = text.replace(pattern, (_, open: string, close: string) => `${open}\n${body}\n\n${close}`);
  writeFileSync(page, await format(whole, { ...(await resolveConfig(page)), filepath: page }));
}
