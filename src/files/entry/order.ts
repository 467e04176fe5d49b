import type { Resource } from '../../nextcloud/dav/resource.ts';
import { baseName, segments } from '../../path.ts';
import { mapInSlices, sortInSlices } from '../../time-slices.ts';
import { sortKey } from './collation.ts';

export type SortBy = 'name' | 'modified' | 'size';
export type Direction = 'asc' | 'desc';
/** The properties that the order depends on. */
export type Placed = Pick<Resource, 'path' | 'folder' | 'modified' | 'size'>;

function byName(a: string, b: string, sign: number): number {
  return sign * (byText(sortKey(a), sortKey(b)) || byText(a, b));
}

function byText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Sorts the entries of one folder, in time slices: folders first, case ignored. */
export async function sortSiblings<T extends Placed>(
  siblings: readonly T[],
  signal?: AbortSignal,
): Promise<T[]> {
  const keyed = await mapInSlices(
    siblings,
    (resource) => {
      const name = baseName(resource.path);
      return { resource, name, key: sortKey(name), rank: Number(!resource.folder) };
    },
    signal,
  );
  const sorted = await sortInSlices(
    keyed,
    (a, b) => a.rank - b.rank || byText(a.key, b.key) || byText(a.name, b.name),
    signal,
  );
  return sorted.map(({ resource }) => resource);
}

/** Reverses a sorted folder; folders stay first. */
export function reverseSiblings<T extends Placed>(sorted: readonly T[]): T[] {
  const files = sorted.findIndex(({ folder }) => !folder);
  const cut = files === -1 ? sorted.length : files;
  return [...sorted.slice(0, cut).toReversed(), ...sorted.slice(cut).toReversed()];
}

/** Sorts by date or size, in time slices; equal entries keep their order. */
export async function sortByValue<T extends Placed>(
  resources: readonly T[],
  by: 'modified' | 'size',
  direction: Direction,
  signal?: AbortSignal,
): Promise<T[]> {
  const sign = direction === 'asc' ? 1 : -1;
  return sortInSlices(resources, (a, b) => byValue(a[by], b[by], sign), signal);
}

/** What is not known comes last in both directions. */
export function byValue(a: number | undefined, b: number | undefined, sign: number): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return sign * (a - b);
}

/**
 * All of these orders as one comparison. It is total, so that a page can begin after any entry, whether or not that
 * entry still exists.
 */
export function comparison(by: SortBy, direction: Direction): (a: Placed, b: Placed) => number {
  const sign = direction === 'asc' ? 1 : -1;
  if (by === 'name') return (a, b) => inTree(a, b, sign);
  return (a, b) => byValue(a[by], b[by], sign) || inTree(a, b, 1);
}

// Each folder comes before its contents.
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
