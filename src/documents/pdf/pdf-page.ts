/** A run of text as the PDF library gives it. */
export interface Glyphs {
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

/** Most programs write a page in reading order. Where a page jumps about, position decides instead. */
export function pageText(items: readonly Glyphs[]): string {
  const lines = join(items);
  return paragraphs(jumps(lines) ? sorted(lines) : lines);
}

function join(items: readonly Glyphs[]): Line[] {
  const lines: Line[] = [];
  let line: Line | undefined;
  for (const { str: raw, transform, width, height, hasEOL } of items) {
    const str = mended(raw);
    const [a = 0, b = 0, , , x = 0, y = 0] = transform;
    const size = height || Math.hypot(a, b) || 1;
    if (str.trim() !== '') {
      const same =
        line && Math.abs(line.y - y) < Math.max(size, line.height) * 0.5 && x >= line.end - size * 2;
      if (line && same) {
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

/** The bullets of some fonts sit where other fonts have control characters; within words those are left out. */
function mended(text: string): string {
  if (/^[\x00-\x1f\x7f-\x9f\uf0b7\uf0a7]$/.test(text)) return '\u2022';
  return text.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, '');
}

/** What stands between two runs: nothing, a space, or the gap between two columns of a table. */
function gap(line: Line, x: number, size: number): string {
  const width = x - line.end;
  if (width > size * 2) return '   ';
  return width > size * 0.2 && !/\s$/.test(line.text) ? ' ' : '';
}

/** A page of two columns goes up once; one whose lines were stored at random goes up again and again. */
function jumps(lines: readonly Line[]): boolean {
  let up = 0;
  for (let i = 1; i < lines.length; i++) {
    const [before, now] = [lines[i - 1], lines[i]];
    if (before && now && now.y > before.y + before.height * 0.5) up++;
  }
  return lines.length >= 6 && up > lines.length * 0.25;
}

function sorted(lines: readonly Line[]): Line[] {
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

function paragraphs(lines: readonly Line[]): string {
  let text = '';
  let before: Line | undefined;
  for (const line of lines) {
    if (before) {
      const down = before.y - line.y;
      const apart = down > Math.max(before.height, line.height) * 1.8 || down < -before.height;
      text += apart ? '\n\n' : '\n';
    }
    text += line.text.trim();
    before = line;
  }
  return text.trim();
}
