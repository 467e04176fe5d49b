import type { Resource } from '../../nextcloud/dav/resource.ts';
import { baseName, segments } from '../../path.ts';
import { sortKey } from './collation.ts';

export type SortBy = 'name' | 'modified' | 'size';
export type Direction = 'asc' | 'desc';
/** What a place in a list depends on. */
export type Placed = Pick<Resource, 'path' | 'folder' | 'modified' | 'size'>;

function byName(a: string, b: string, sign: number): number {
  return sign * (byText(sortKey(a), sortKey(b)) || byText(a, b));
}

function byText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** What is in one folder as people order it: folders first, upper and lower case alike. */
export function sortSiblings<T extends Placed>(siblings: readonly T[]): T[] {
  return siblings
    .map((resource) => {
      const name = baseName(resource.path);
      return { resource, name, key: sortKey(name), rank: Number(!resource.folder) };
    })
    .toSorted((a, b) => a.rank - b.rank || byText(a.key, b.key) || byText(a.name, b.name))
    .map(({ resource }) => resource);
}

/** The same the other way round; folders stay first. */
export function reverseSiblings<T extends Placed>(sorted: readonly T[]): T[] {
  const files = sorted.findIndex(({ folder }) => !folder);
  const cut = files === -1 ? sorted.length : files;
  return [...sorted.slice(0, cut).toReversed(), ...sorted.slice(cut).toReversed()];
}

/** By date or size; what is equal stays in the order it is in. */
export function sortByValue<T extends Placed>(
  resources: readonly T[],
  by: 'modified' | 'size',
  direction: Direction,
): T[] {
  const sign = direction === 'asc' ? 1 : -1;
  return resources.toSorted((a, b) => sign * ((a[by] ?? 0) - (b[by] ?? 0)));
}

/**
 * The order of all these as one comparison. It is total, so that a page can begin after any entry,
 * be that still there or not.
 */
export function comparison(by: SortBy, direction: Direction): (a: Placed, b: Placed) => number {
  const sign = direction === 'asc' ? 1 : -1;
  if (by === 'name') return (a, b) => inTree(a, b, sign);
  return (a, b) => sign * ((a[by] ?? 0) - (b[by] ?? 0)) || inTree(a, b, 1);
}

// A tree stays a tree: each folder stands before what is in it.
function inTree(a: Placed, b: Placed, sign: number): number {
  if (a.path === b.path) return 0;
  const [these, those] = [segments(a.path), segments(b.path)];
  const at = these.findIndex((name, index) => name !== those[index]);
  const [name, other] = [these[at], those[at]];
  if (name === undefined) return -1;
  if (other === undefined) return 1;
  const [left, right] = [at < these.length - 1 || a.folder, at < those.length - 1 || b.folder];
  return left === right ? byName(name, other, sign) : left ? -1 : 1;
}
