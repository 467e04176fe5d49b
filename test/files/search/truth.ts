import type { SearchOptions } from '../../../src/files/search/search.ts';
import { parsePath } from '../../../src/path.ts';
import { dice, pick, TAG } from './forest.ts';
import type { Tree } from './forest.ts';

export type Question = Omit<SearchOptions, 'cursor'>;

/** A question about a forest, the same one for the same number. Most of them have hits. */
export function question(number: number, trees: readonly Tree[]): Question {
  const roll = dice(number + 1);
  const some = pick(roll, trees as unknown as readonly [Tree, ...Tree[]]);
  const maybe = <T>(sides: number, value: () => T): T | undefined =>
    roll(sides) === 0 ? value() : undefined;
  const depth = roll(some.path.split('/').length - 1);
  const folder = `/${some.path
    .slice(1)
    .split('/')
    .slice(0, roll(3) === 0 ? depth : 0)
    .join('/')}`;
  const day = 86_400_000;
  return {
    query: nameQuery(roll, some.path.slice(folder === '/' ? 1 : folder.length + 1)),
    folder: parsePath(folder),
    type: pick(roll, ['all', 'all', 'file', 'directory']),
    mime: maybe(5, () => pick(roll, ['image/*', 'text/*', some.mime, '*/pdf', 'image/p*', 'IMAGE/JPEG'])),
    minSize: maybe(5, () => roll(3000)),
    maxSize: maybe(5, () => roll(20_000)),
    after: maybe(5, () => some.mtime * 1000 - roll(90) * day - roll(1000)),
    before: maybe(5, () => some.mtime * 1000 + roll(90) * day + roll(1000)),
    favorite: roll(12) === 0,
    tag: maybe(12, () => pick(roll, [TAG, TAG.toUpperCase()])),
    sortBy: pick(roll, ['name', 'modified', 'size']),
    order: pick(roll, ['asc', 'desc']),
    limit: 5 + roll(60),
  };
}

// Out of a path that exists: a part of its name, or the name or path with patterns put in.
function nameQuery(roll: (sides: number) => number, path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const chars = [...name];
  const flip = (text: string): string => pick(roll, [text, text.toUpperCase(), text.toLowerCase()]);
  const start = roll(chars.length);
  const part = chars.slice(start, start + 1 + roll(4)).join('');
  const at = roll(chars.length);
  const put = (step: string, length: number): string =>
    [...chars.slice(0, at), step, ...chars.slice(at + length)].join('');
  switch (roll(9)) {
    case 0:
      return '';
    case 1:
    case 2:
      return flip(part);
    case 3:
      return flip(put('?', 1));
    case 4:
      return flip(put('*', 1 + roll(6)));
    case 5:
      return put(pick(roll, ['[a-m]', '[!a-m]', '[A-Zü]', '{a,re,über}']), 1);
    case 6:
      return `*.{${pick(roll, ['jpg,png', 'txt,PDF,md'])}}`;
    case 7:
      return pick(roll, [`**/${put('*', 3)}`, `*/${put('*', 3)}`, path, '**']);
    default:
      return name;
  }
}

/** The answer by looking at every single one. Nothing in it is shared with the product. */
export function truth(asked: Question, trees: readonly Tree[]): string[] {
  const base = asked.folder === '/' ? '/' : `${asked.folder}/`;
  return trees
    .filter((tree) => tree.path.startsWith(base) && holds(asked, tree, base))
    .map(({ path }) => path);
}

function holds(asked: Question, tree: Tree, base: string): boolean {
  const { type, mime, minSize, maxSize, after, before } = asked;
  return (
    (type === 'all' || (type === 'directory') === tree.folder) &&
    (mime === undefined || wild([...mime.toLowerCase()], [...tree.mime], true)) &&
    (minSize === undefined || tree.size >= minSize) &&
    (maxSize === undefined || tree.size <= maxSize) &&
    (after === undefined || tree.mtime * 1000 >= after) &&
    (before === undefined || tree.mtime * 1000 < before) &&
    (!asked.favorite || tree.favorite) &&
    (asked.tag === undefined || tree.tagged) &&
    isNamed(asked.query.trim(), tree.path.slice(base.length))
  );
}

function isNamed(query: string, path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (query === '' || same(query, name)) return true;
  if (/[*?[{/]/.test(query))
    return expand(query).some((one) => wild([...one], [...(/\/|\*\*/.test(one) ? path : name)]));
  const [wanted, letters] = [[...query], [...name]];
  return letters.some((_, at) => wanted.every((char, i) => alike(char, letters[at + i])));
}

function expand(query: string): string[] {
  const [all, list] = /\{([^{},]*,[^{}]*)\}/.exec(query) ?? [];
  if (all === undefined || list === undefined) return [query];
  return list.split(',').flatMap((choice) => expand(query.replace(all, () => choice)));
}

function same(a: string, b: string): boolean {
  const [these, those] = [[...a], [...b]];
  return these.length === those.length && these.every((char, i) => alike(char, those[i]));
}

function alike(a: string, b: string | undefined): boolean {
  return b !== undefined && (a.toLowerCase() === b.toLowerCase() || a.toUpperCase() === b.toUpperCase());
}

function wild(glob: readonly string[], text: readonly string[], slashes = false): boolean {
  const [step, ...rest] = glob;
  const [char, ...left] = text;
  if (step === undefined) return char === undefined;
  if (step === '*' && rest[0] === '*') {
    const after = rest.slice(1);
    if (after[0] === '/') {
      const inner = after.slice(1);
      return text.some((_, at) => (at === 0 || text[at - 1] === '/') && wild(inner, text.slice(at)));
    }
    return text.some((_, at) => wild(after, text.slice(at))) || wild(after, []);
  }
  if (step === '*')
    return (
      wild(rest, text, slashes) ||
      (char !== undefined && (slashes || char !== '/') && wild(glob, left, slashes))
    );
  if (char === undefined) return false;
  if (step === '?') return char !== '/' && wild(rest, left, slashes);
  const close = glob.indexOf(']', 2);
  if (step === '[' && close > 0) {
    const not = rest[0] === '!' || rest[0] === '^';
    const members = glob.slice(not ? 2 : 1, close);
    return char !== '/' && isMember(members, char) !== not && wild(glob.slice(close + 1), left, slashes);
  }
  return alike(step, char) && wild(rest, left, slashes);
}

function isMember(members: readonly string[], char: string): boolean {
  const [lower, upper] = [char.toLowerCase(), char.toUpperCase()];
  return members.some((member, at) => {
    if (members[at + 1] === '-' || member === '-' || members[at - 1] === '-') {
      const to = members[at + 2];
      return (
        members[at + 1] === '-' &&
        to !== undefined &&
        [lower, upper].some((one) => one >= member && one <= to)
      );
    }
    return member.toLowerCase() === lower || member.toUpperCase() === upper;
  });
}
