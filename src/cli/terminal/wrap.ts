const MAX_WIDTH = 100;

/** The width for text on this stream: that of the terminal, or of a page that is easy to read. */
export function widthOf(stream: { readonly isTTY?: boolean; readonly columns?: number }): number {
  return stream.isTTY && stream.columns ? Math.min(stream.columns, MAX_WIDTH) : MAX_WIDTH;
}

/** Breaks a text between words. `indent` and `width` are in characters. */
export function wrapped(text: string, indent = 0, width = widthOf(process.stdout)): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent + line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one) => ' '.repeat(indent) + one);
}

/**
 * Text of several lines, each broken between words where the stream is a terminal. Indented lines stay as they are.
 * What follows a break is indented, so that a value from elsewhere cannot begin a line of its own.
 */
export function fittedTo(
  text: string,
  stream: { readonly isTTY?: boolean; readonly columns?: number },
): string {
  if (!stream.isTTY || !stream.columns) return text;
  const { columns } = stream;
  const lines = text.split('\n').map((line) => line.trimEnd());
  return lines.flatMap((line) => (line.startsWith(' ') ? [line] : hanging(line, columns))).join('\n');
}

function hanging(line: string, columns: number): string[] {
  const [first = '', ...rest] = wrapped(line, 2, columns);
  return [first.trimStart(), ...rest];
}
