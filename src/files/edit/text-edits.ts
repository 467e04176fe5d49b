import { AppError } from '../../errors.ts';
import { EditBuffer } from './edit-buffer.ts';
import type { Spend } from './edit-buffer.ts';
import { closestPlace } from './near-miss.ts';

export interface Replacement {
  readonly oldText: string;
  readonly newText: string;
  readonly replaceAll: boolean;
}

/** Where replacements are made. */
export interface EditTarget {
  /** Names the file in messages. */
  readonly where: string;
  /** Called with the characters that were read or written, and throws when they are too many. */
  readonly spend?: Spend;
}

/** Of the text that comes out. A few replacements of each other's outcomes could make it any size. */
const MAX_CHARS = 20_000_000;

/**
 * Applies replacements one after the other, each to the outcome of those before it. Line ends match each
 * other whatever they are, and new ones are written as the lines around them are.
 *
 * @throws AppError `invalid_input` when one does not match, or matches more than once, `too_large` when the text grows
 *   beyond all bounds
 */
export function applyEdits(
  text: string,
  replacements: readonly Replacement[],
  { where, spend = () => undefined }: EditTarget,
): string {
  const wanted = replacements.map(({ oldText }) => oldText.replace(/\r\n?/g, '\n'));
  const buffer = new EditBuffer(text, wanted, spend);
  for (const [index, replacement] of replacements.entries()) {
    const name = replacements.length === 1 ? 'old_text' : `old_text of edit ${index + 1}`;
    apply(buffer, wanted[index] ?? '', replacement, { name, where });
  }
  return buffer.raw();
}

interface Edit {
  /** Of the old text. */
  readonly name: string;
  readonly where: string;
}

function apply(buffer: EditBuffer, wanted: string, replacement: Replacement, { name, where }: Edit): void {
  if (wanted === '')
    throw new AppError('invalid_input', `${name} is empty`, {
      hint: 'Copy the lines to change from the file.',
      remedy: { kind: 'read' },
    });
  const { newText, replaceAll } = replacement;
  const places = buffer.find(wanted);
  if (places.length === 0) throw notFound(buffer.plain(), wanted, { name, where });
  if (places.length > 1 && !replaceAll) {
    const lines = buffer.lines(places.slice(0, 5));
    throw new AppError(
      'invalid_input',
      `${name} is in ${where} ${places.length} times, at the lines ${lines.join(', ')}${places.length > 5 ? ' and others' : ''}`,
      { hint: 'Add lines around it until it is there once.', remedy: { kind: 'replace-all' } },
    );
  }
  if (buffer.length + places.length * (newText.length - wanted.length) > MAX_CHARS)
    throw new AppError('too_large', `${where} would have more than ${MAX_CHARS / 1e6} million characters`, {
      hint: 'Make fewer edits at once.',
      remedy: { kind: 'replace-file' },
    });
  buffer.replace(places, wanted.length, newText);
}

function notFound(text: string, wanted: string, { name, where }: Edit): AppError {
  const { line, difference } = closestPlace(text, wanted);
  return new AppError(
    'invalid_input',
    `${name} is not in ${where}`,
    line === 0
      ? { hint: 'Nothing in the file is like it.', remedy: { kind: 'read' } }
      : {
          hint: `The closest place is line ${line}. Below, "-" is what was sent and "+" what the file has.`,
          excerpt: difference,
        },
  );
}
