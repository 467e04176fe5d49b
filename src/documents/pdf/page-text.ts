/** A run of text as the PDF library returns it. */
export interface TextRun {
  str: string;
  transform: number[];
  width: number;
  height: number;
  hasEOL: boolean;
}

interface Line {
  x: number;
  y: number;
  end: number;
  height: number;
  text: string;
}

/** The text of a page. Most programs store it in reading order; where it is not, lines are sorted by position. */
export function pageText(items: readonly TextRun[]): string {
  const lines = joinLines(items);
  return joinParagraphs(isUnordered(lines) ? sortByPosition(lines) : lines);
}

function joinLines(items: readonly TextRun[]): Line[] {
  const lines: Line[] = [];
  let line: Line | undefined;
  for (const { str: raw, transform, width, height, hasEOL } of items) {
    const str = withoutControls(raw);
    const [a = 0, b = 0, , , x = 0, y = 0] = transform;
    const size = height || Math.hypot(a, b) || 1;
    if (str.trim() !== '') {
      const sameLine =
        line && Math.abs(line.y - y) < Math.max(size, line.height) * 0.5 && x >= line.end - size * 2;
      if (line && sameLine) {
        line.text += gap(line, x, size) + str;
        line.end = x + width;
        line.height = Math.max(line.height, size);
      } else {
        line = { x, y, end: x + width, height: size, text: str };
        lines.push(line);
      }
    } else if (line && str !== '' && !/\s$/.test(line.text)) line.text += ' ';
    if (hasEOL) line = undefined;
  }
  return lines;
}

/** Some fonts have a bullet at the code of a control character. A lone one is a bullet, one inside a text is dropped. */
function withoutControls(text: string): string {
  if (/^[\x00-\x1f\x7f-\x9f\uf0b7\uf0a7]$/.test(text)) return '\u2022';
  return text.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, '');
}

/** The separator between two runs: none, a space, or three spaces between the columns of a table. */
function gap(line: Line, x: number, size: number): string {
  const width = x - line.end;
  if (width > size * 2) return '   ';
  return width > size * 0.2 && !/\s$/.test(line.text) ? ' ' : '';
}

/** Whether lines are stored out of order: on a two-column page the position moves up once, on such a page again and again. */
function isUnordered(lines: readonly Line[]): boolean {
  let up = 0;
  for (let i = 1; i < lines.length; i++) {
    const [previous, line] = [lines[i - 1], lines[i]];
    if (previous && line && line.y > previous.y + previous.height * 0.5) up++;
  }
  return lines.length >= 6 && up > lines.length * 0.25;
}

function sortByPosition(lines: readonly Line[]): Line[] {
  const rows: Line[][] = [];
  for (const line of [...lines].toSorted((a, b) => b.y - a.y)) {
    const row = rows.at(-1);
    const top = row?.[0];
    if (row && top && Math.abs(top.y - line.y) < Math.max(top.height, line.height) * 0.5) row.push(line);
    else rows.push([line]);
  }
  return rows.flatMap((row) => {
    const [first, ...rest] = row.toSorted((a, b) => a.x - b.x);
    if (!first) return [];
    const merged = { ...first };
    for (const line of rest) {
      merged.text += gap(merged, line.x, line.height) + line.text;
      merged.end = line.end;
    }
    return [merged];
  });
}

function joinParagraphs(lines: readonly Line[]): string {
  let text = '';
  let previous: Line | undefined;
  for (const line of lines) {
    if (previous) {
      const down = previous.y - line.y;
      const newParagraph = down > Math.max(previous.height, line.height) * 1.8 || down < -previous.height;
      text += newParagraph ? '\n\n' : '\n';
    }
    text += line.text.trim();
    previous = line;
  }
  return text.trim();
}
