/** Numbers that look random and are the same each time (mulberry32). The function gives 0 to `sides` - 1. */
export function random(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % sides;
  };
}

const openings = [
  'Thank you for your patience',
  'We have looked at the matter again',
  'As agreed on the telephone',
  'The people of the house committee met',
  'After the last inspection',
  'With the next delivery',
  'For the time being',
  'In the course of the summer',
];
const middles = [
  'the old rules stay as they are',
  'nothing changes for those who live here',
  'the work is done by the firm that did it before',
  'the papers are kept in the office',
  'we shall write again when there is news',
  'the costs are shared as in the years before',
  'the keys are with the caretaker',
  'everybody is asked to be careful with the doors',
];
const ends = [
  '.',
  ', as far as we can tell.',
  ', unless somebody objects.',
  ', which nobody had expected.',
  ', and the rest is for later.',
];

/** Plain sentences that say nothing which a task asks for. */
export function sentences(seed: number, count: number): string[] {
  const roll = random(seed);
  const pick = (from: readonly string[]): string => from[roll(from.length)] ?? '';
  return Array.from({ length: count }, () => `${pick(openings)}, ${pick(middles)}${pick(ends)}`);
}

export const twoDigits = (value: number): string => String(value).padStart(2, '0');
