import { bold, cyan, dim, green, red } from '../terminal/paint.ts';
import { print } from '../terminal/print.ts';
import { widthOf } from '../terminal/wrap.ts';
import type { Step, StepAnswer } from './demo-steps.ts';

/** A step that was carried out. */
export interface Performed {
  readonly number: number;
  readonly step: Step;
  readonly answer: StepAnswer;
  /** What is wrong; undefined if all is as expected. */
  readonly problem: string | undefined;
  readonly ms: number;
  /** HTTP requests that it took. */
  readonly requests: number;
}

const SHOWN_LINES = 12;

/** Two lines: what was asked, and the tool with the beginning of its answer. */
export function printShort({ number, step, answer, problem }: Performed): void {
  const mark = problem === undefined ? green('✔') : red('✘');
  print(`${mark} ${String(number).padStart(2)}. ${bold(step.says)}`);
  const text = forPeople(answer.text)
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^(name|type): /.test(line))
    .join('; ');
  const before = `      ${step.tool}  `;
  print(cyan(before) + dim(cut(text, widthOf(process.stdout) - before.length)));
  if (problem !== undefined) print(red(`      WRONG: ${problem}`));
}

/** The whole call, and the answer as far as it is not long. */
export function printWithCall({ number, step, answer, problem, ms, requests }: Performed): void {
  print(bold(`${number}. ${step.says}`));
  print(cyan(cut(`${step.tool} ${JSON.stringify(step.arguments)}`, widthOf(process.stdout))));
  print(indented(forPeople(answer.text)));
  const cost = `${ms} ms, ${requests} HTTP ${requests === 1 ? 'request' : 'requests'}`;
  print(problem === undefined ? green('  as expected  ') + dim(cost) : red(`  WRONG: ${problem}`));
  print();
}

/** Without what only the next call of an assistant needs. */
function forPeople(text: string): string {
  return text
    .replace(/^<<<[0-9a-f]+\n|^[0-9a-f]+>>>\n?/gm, '')
    .replace(/^(etag|file_id|checksums?): .*\n?/gm, '')
    .replace(/"etag":"[^"]*",?/g, '')
    .replace(/ \| etag [^|\n]*/g, '')
    .replace(/\bcursor=\S+/g, 'cursor=...');
}

function indented(text: string): string {
  const width = widthOf(process.stdout);
  const lines = text.split('\n');
  const more = lines.length > SHOWN_LINES ? [dim(`  ... ${lines.length - SHOWN_LINES} more lines`)] : [];
  return [...lines.slice(0, SHOWN_LINES).map((line) => cut(`  ${line}`, width)), ...more].join('\n');
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 3)}...` : text;
}
