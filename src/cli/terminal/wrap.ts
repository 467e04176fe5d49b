import { stripVTControlCharacters } from 'node:util';
import { programCalls } from './program.ts';

const MAX_WIDTH = 100;

/** Where text is written to, as far as its width is concerned. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** The width for text on this stream: that of the terminal, or of a page that is easy to read. */
export function widthOf({ isTTY, columns }: Screen): number {
  return isTTY && columns ? Math.min(columns, MAX_WIDTH) : MAX_WIDTH;
}

/** Stands for a space that belongs to a command: a command that is copied must not be broken. */
const GLUE = '\ue000';

/** Breaks a text between words and commands. `indent` and `width` are in characters. Colors take no room. */
export function wrapped(text: string, indent = 0, width = widthOf(process.stdout)): string[] {
  const lines: string[] = [];
  let line = '';
  let taken = indent;
  for (const word of text.replaceAll(programCalls, (call) => call.replaceAll(' ', GLUE)).split(' ')) {
    const room = shownLength(word);
    if (line !== '' && taken + 1 + room > width) {
      lines.push(line);
      line = word;
      taken = indent + room;
    } else {
      taken += line === '' ? room : room + 1;
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].map((one) => ' '.repeat(indent) + one.replaceAll(GLUE, ' '));
}

/**
 * Text of several lines, each broken between words where the stream is a terminal that it does not fit on. What follows
 * a break is indented like the text of its line, and at least a little, so that a value from elsewhere cannot begin a
 * line of its own.
 */
export function fittedTo(text: string, screen: Screen): string {
  if (!screen.isTTY || !screen.columns) return text;
  const width = widthOf(screen);
  return text
    .split('\n')
    .flatMap((line) => (shownLength(line) <= width ? [line] : hanging(line, width)))
    .join('\n');
}

/** What a line begins with before its text: spaces, and a mark of one character. */
const beforeText = /^ *(?:[✔✘!→+-] )?/;
const LEAST_INDENT = 2;

function hanging(line: string, width: number): string[] {
  const [before = ''] = beforeText.exec(stripVTControlCharacters(line)) ?? [];
  const indent = Math.max(before.length, LEAST_INDENT);
  const text = line.trimStart();
  const start = line.length - text.length;
  // The mark itself stands before the indent.
  const [first = '', ...rest] = wrapped(text, indent, width);
  return [' '.repeat(start) + first.trimStart(), ...rest];
}

function shownLength(text: string): number {
  return text.includes('\u001b') ? stripVTControlCharacters(text).length : text.length;
}
