import { inspect } from 'node:util';
import { escapeLine } from '../../text/foreign-text.ts';

/**
 * The only way to the terminal. Whatever a text holds, only its line breaks and the colors of `paint.ts` have an effect.
 * A value from elsewhere passes `escapeLine` before that, so that it cannot break a line either.
 */
export function print(text = ''): void {
  process.stdout.write(`${guarded(text)}\n`);
}

/** For what is no result: warnings, errors and progress. An unexpected error is shown with where it came from. */
export function printError(message: unknown): void {
  process.stderr.write(`${guarded(typeof message === 'string' ? message : inspect(message))}\n`);
}

const ours = /(\n|\u001b\[(?:1|2|22|31|32|33|36|39)m)/;

/** The text with everything escaped that would steer a terminal, except what is ours. */
export function guarded(text: string): string {
  return text
    .split(ours)
    .map((part, at) => (at % 2 === 1 ? part : escapeLine(part, Infinity)))
    .join('');
}
