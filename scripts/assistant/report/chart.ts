import type { Comparison } from './compare.ts';

const WIDTH = 860;
const LABEL = 190;
const BAR = 8;
const ROW = 24;
const ROOM = WIDTH - LABEL - 110;
const colors = { before: '#9aa5b1', after: '#0082c9' };

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** Two bars, one above the other, and their values. */
function bars(y: number, label: string, pair: readonly [before: Bar, after: Bar]): string {
  const bar = ({ share, text }: Bar, index: number): string => {
    const top = y + index * (BAR + 1);
    const length = Math.max(1, share * ROOM).toFixed(1);
    const color = index === 0 ? colors.before : colors.after;
    return (
      `<rect x="${LABEL}" y="${top}" width="${length}" height="${BAR}" fill="${color}"/>` +
      `<text x="${(LABEL + Number(length) + 5).toFixed(1)}" y="${top + BAR}" font-size="9">${escaped(text)}</text>`
    );
  };
  const name = `<text x="${LABEL - 8}" y="${y + BAR + 4}" text-anchor="end">${escaped(label)}</text>`;
  return name + pair.map(bar).join('');
}

interface Bar {
  /** Of the whole width. */
  readonly share: number;
  readonly text: string;
}

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');

/** The comparison as an SVG: the sums beside each other, and the tokens of each task on a logarithmic scale. */
export function chart({ before, after, rows, total }: Comparison): string {
  const parts: string[] = [];
  let y = 44;
  const heading = (text: string): void => {
    parts.push(`<text x="16" y="${y}" font-weight="bold">${escaped(text)}</text>`);
    y += 12;
  };
  const sums = [
    ['plays done', total.before.done, total.after.done],
    ['calls', total.before.calls, total.after.calls],
    ['tokens of texts', total.before.text, total.after.text],
    ['tokens, structured', total.before.structured, total.after.structured],
  ] as const;
  heading(`All ${rows.length} tasks`);
  for (const [label, old, now] of sums) {
    const most = Math.max(old, now, 1);
    const bar = (value: number): Bar => ({ share: value / most, text: whole(value) });
    parts.push(bars(y, label, [bar(old), bar(now)]));
    y += ROW;
  }
  y += 24;
  heading('Tokens of texts in each task (logarithmic)');
  const values = rows.flatMap((row) => [row.before.text, row.after.text]);
  const [low, high] = [Math.log(Math.max(1, Math.min(...values) / 2)), Math.log(Math.max(...values, 2))];
  const bar = (value: number): Bar => ({
    share: (Math.log(Math.max(1, value)) - low) / (high - low),
    text: whole(value),
  });
  for (const row of rows.toSorted((a, b) => b.before.text - a.before.text)) {
    parts.push(bars(y, row.task, [bar(row.before.text), bar(row.after.text)]));
    y += ROW;
  }
  const key = (x: number, color: string, text: string): string =>
    `<rect x="${x}" y="12" width="12" height="12" fill="${color}"/><text x="${x + 18}" y="22">${escaped(text)}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y + 8}" font-family="sans-serif" font-size="12" fill="#222">`,
    `<rect width="${WIDTH}" height="${y + 8}" fill="#fff"/>`,
    key(16, colors.before, before) + key(220, colors.after, after),
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}
