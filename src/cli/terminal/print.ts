import { inspect } from 'node:util';
import { escapeLine } from '../../text/foreign-text.ts';
import { fittedTo } from './wrap.ts';

/**
 * The only way to the terminal. Whatever a text holds, only its line breaks and the colors of `paint.ts` have an effect.
 * A value from elsewhere passes `escapeLine` before that, so that it cannot break a line either. Lines that are wider
 * than the terminal are broken between words.
 */
export function print(text = ''): void {
  process.stdout.write(`${fittedTo(guarded(text), process.stdout)}\n`);
}

/** The same for what people and programs copy whole: JSON, scripts, commands to paste, the names of files. */
export function printWhole(text: string): void {
  process.stdout.write(`${guarded(text)}\n`);
}

/** For what is no result: warnings, errors and progress. An unexpected error is shown with where it came from. */
export function printError(message: unknown): void {
  const text =
    typeof message === 'string' ? fittedTo(guarded(message), process.stderr) : guarded(inspect(message));
  process.stderr.write(`${text}\n`);
}

const ours = /(\n|\u001b\[(?:1|2|22|31|32|33|36|39)m)/;

/** The text with everything escaped that would steer a terminal, except what is ours. */
export function guarded(text: string): string {
  return text
    .split(ours)
    .map((part, at) => (at % 2 === 1 ? part : escapeLine(part, Infinity)))
    .join('');
}
