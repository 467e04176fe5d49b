import type { Resource } from '../../nextcloud/dav/resource.ts';
import { nextSlice, sliceIsOver } from '../../time-slices.ts';
import type { RemotePath } from '../../path.ts';
import { reverseSiblings } from '../entry/order.ts';
import type { Direction } from '../entry/order.ts';
import type { Level, Levels } from '../cache/folder-tree.ts';

/** Which of the entries below a folder are shown. */
export interface Scope {
  readonly depth: number;
  readonly direction: Direction;
  /** The most entries of one folder below the top, so that a folder of ten thousand pictures does not hide the rest of a tree. */
  readonly width: number;
  /** Absent: all are accepted. */
  readonly accepts: ((resource: Resource) => boolean) | undefined;
}

export interface Cut {
  readonly folder: RemotePath;
  readonly hidden: number;
}

/** The entries below a folder, each folder before its contents. */
export interface View {
  readonly shown: readonly Resource[];
  /** The number of accepted entries, shown or not. */
  readonly total: number;
  /** The folders that are not shown completely, by the last entry that is shown of each. */
  readonly cuts: ReadonlyMap<RemotePath, Cut>;
}

/** In time slices. */
export async function visibleEntries(
  levels: Levels,
  top: RemotePath,
  scope: Scope,
  signal?: AbortSignal,
): Promise<View> {
  const { depth, direction, width, accepts } = scope;
  const shown: Resource[] = [];
  const cuts = new Map<RemotePath, Cut>();
  let total = 0;
  const add = async (folder: RemotePath, { children }: Level, left: number, open: boolean): Promise<void> => {
    const most = folder === top ? Infinity : width;
    let count = 0;
    let last: Resource | undefined;
    for (const child of direction === 'asc' ? children : reverseSiblings(children)) {
      // At the lowest level, entries that are not shown only have to be counted.
      if (!accepts && left === 1 && (!open || count >= most)) break;
      const accepted = accepts?.(child) ?? true;
      if (accepted) count++;
      const visible = open && (!accepted || count <= most);
      if (accepted && visible) shown.push((last = child));
      const inside = child.folder && left > 1 ? levels.get(child.path) : undefined;
      if (inside) await add(child.path, inside, left - 1, visible);
      if (sliceIsOver()) await nextSlice(signal);
    }
    if (!accepts) count = children.length;
    total += count;
    if (open && last && count > most) cuts.set(last.path, { folder, hidden: count - most });
  };
  const level = levels.get(top);
  // The most frequent case: one folder as it is.
  if (level && depth === 1 && !accepts && direction === 'asc')
    return { shown: level.children, total: level.children.length, cuts };
  if (level) await add(top, level, depth, true);
  return { shown, total, cuts };
}
