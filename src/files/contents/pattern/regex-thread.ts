import { RE2JS } from 're2js';
import { answerQuestions } from '../../../threads/answer.ts';
import type { RegexAnswer, RegexPattern, RegexQuestion } from './regex-messages.ts';

/** Instructions of a compiled pattern. Repetitions multiply them: `(a{10}){10}` has more than 100. */
const MAX_PROGRAM = 2000;
/**
 * Instructions times characters of one line. RE2 takes time in proportion to both, some 20 ns for each pair in bad
 * cases (measured), which makes 1 s.
 */
const MAX_PRODUCT = 50_000_000;
/** After this long the lines that are left are given back. */
const MAX_MS = 1000;

interface Compiled extends RegexPattern {
  readonly expression: RE2JS;
  readonly maxLineChars: number;
}

let last: Compiled | undefined;

function answer({ pattern, caseSensitive, lines }: RegexQuestion): RegexAnswer {
  if (last?.pattern !== pattern || last.caseSensitive !== caseSensitive) {
    const compiled = compile({ pattern, caseSensitive });
    if ('wrong' in compiled) return compiled;
    last = compiled;
  }
  return lines === undefined ? { tested: 0, hits: [], cut: [] } : test(last, lines.split('\n'));
}

function compile(wanted: RegexPattern): Compiled | Extract<RegexAnswer, { wrong: unknown }> {
  try {
    const expression = RE2JS.compile(wanted.pattern, wanted.caseSensitive ? 0 : RE2JS.CASE_INSENSITIVE);
    const size = expression.programSize();
    if (size > MAX_PROGRAM) return { wrong: 'too large' };
    return { ...wanted, expression, maxLineChars: Math.floor(MAX_PRODUCT / size) };
  } catch (error) {
    return { wrong: { syntax: error instanceof Error ? error.message : String(error) } };
  }
}

function test({ expression, maxLineChars }: Compiled, lines: readonly string[]): RegexAnswer {
  const hits: number[] = [];
  const cut: number[] = [];
  const started = performance.now();
  let tested = 0;
  for (const line of lines) {
    const part = line.length > maxLineChars ? line.slice(0, maxLineChars) : line;
    if (expression.test(part)) hits.push(tested);
    else if (part !== line) cut.push(tested);
    tested++;
    if (performance.now() - started > MAX_MS) break;
  }
  return { tested, hits, cut };
}

answerQuestions(answer);
