import { isAppError } from '../../errors.ts';
import { propfind } from '../../nextcloud/dav/propfind.ts';
import type { Depth } from '../../nextcloud/dav/propfind.ts';
import type { FoundResources } from '../../nextcloud/dav/found-resources.ts';
import { listingProperties } from '../../nextcloud/dav/resource.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import { runParallel } from '../../parallel.ts';
import { parentOf, segments } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import type { Call } from '../context/call.ts';
import { refuseOffline } from '../context/refuse-offline.ts';
import { missing, notAFolder } from '../context/stat.ts';
import type { StatParts } from '../context/stat.ts';
import { subfoldersOf, NEVER, toLevels } from '../cache/folder-tree.ts';
import type { Levels } from '../cache/folder-tree.ts';

/**
 * Up to this many entries, everything is requested again; above, only the branches that changed. A request costs as
 * much as some hundred listed entries (measured on Nextcloud 34).
 */
const SMALL_ENTRIES = 500;
const ENTRIES_PER_REQUEST = 250;
const BRANCHES_AT_ONCE = 8;

/**
 * The contents of a folder down to a depth: from the cache if it is seconds old or if one request shows that the etag
 * of the folder is unchanged; otherwise only the changed branches are requested.
 */
export async function loadLevels(
  parts: StatParts,
  folder: RemotePath,
  depth: number,
  call: Call,
): Promise<Levels> {
  const { metadata } = parts;
  const cached: Levels = new Map();
  const level = metadata.level(folder);
  const isComplete = level !== undefined && metadata.tree.take(level.self, depth, cached);
  if (isComplete && metadata.isFresh(level)) return cached;
  const asOf = metadata.changes;
  try {
    return await metadata.listings.join(`${asOf} ${depth} ${folder}`, call.signal, async (signal) => {
      const now = metadata.now();
      // After an own change there is nothing to prove.
      if (isComplete && level.provedAt !== NEVER) {
        const self = await findSelf(parts, folder, 0, { signal });
        if (metadata.tree.take(self, depth, cached)) {
          level.provedAt = now;
          return cached;
        }
      }
      const levels: Levels = new Map();
      await loadBranch(parts, { folder, depth }, levels, { signal });
      if (metadata.changes === asOf) metadata.putLevels(levels, now);
      return levels;
    });
  } catch (error) {
    if (!isAppError(error, 'not_found')) throw error;
    await refuseOffline(parts, folder, call);
    throw missing(folder, error);
  }
}

/** A folder and how many levels of it are wanted. */
interface Branch {
  readonly folder: RemotePath;
  readonly depth: number;
}

// Descends where something changed. A folder whose etag is unchanged is taken from the cache with all its contents.
async function loadBranch(
  parts: StatParts,
  { folder, depth }: Branch,
  into: Levels,
  call: Call,
): Promise<void> {
  const { tree, now } = parts.metadata;
  const add = async (levels: number): Promise<void> => {
    const found = await find(parts, folder, levels as Depth, call);
    const fresh = await toLevels(found, levels, now(), call.signal);
    for (const [path, level] of fresh) into.set(path, level);
    for (const { self } of fresh.values())
      if (self.pending === 'uncounted' && self.path !== folder) {
        const below = segments(self.path).length - segments(folder).length;
        await addUncounted(parts, { folder: self.path, depth: levels - below }, into, call);
      }
  };
  const known = depth === 1 ? 0 : tree.size(folder, depth);
  if (known <= SMALL_ENTRIES) return add(depth);
  await add(1);
  const level = into.get(folder);
  const changed = level ? subfoldersOf(level).filter((child) => !tree.take(child, depth - 1, into)) : [];
  if (changed.length > known / ENTRIES_PER_REQUEST) return add(depth);
  await runParallel(changed, BRANCHES_AT_ONCE, call.signal, async ({ path }, signal) => {
    try {
      await loadBranch(parts, { folder: path, depth: depth - 1 }, into, { signal });
    } catch (error) {
      // It was deleted after its parent was listed.
      if (!isAppError(error, 'not_found')) throw error;
      into.delete(path);
    }
  });
}

/** Listing a folder by itself makes Nextcloud look into it (observed on 29). What it does not count is named as such. */
async function addUncounted(parts: StatParts, branch: Branch, into: Levels, call: Call): Promise<void> {
  const { folder } = branch;
  try {
    await loadBranch(parts, branch, into, call);
  } catch (error) {
    if (!isAppError(error, 'unavailable')) throw error;
    const level = into.get(folder);
    if (level) into.set(folder, { ...level, self: { ...level.self, pending: 'offline' } });
  }
  const parent = into.get(parentOf(folder));
  const self = into.get(folder)?.self;
  if (!parent || !self) return;
  const children = parent.children.map((child) => (child.path === folder ? self : child));
  into.set(parent.self.path, { ...parent, children });
}

async function findSelf(parts: StatParts, folder: RemotePath, depth: Depth, call: Call): Promise<Resource> {
  const { resources } = await find(parts, folder, depth, call);
  const [self] = resources;
  if (!self) throw missing(folder);
  return self;
}

async function find(parts: StatParts, folder: RemotePath, depth: Depth, call: Call): Promise<FoundResources> {
  const properties = listingProperties;
  const found = await propfind(parts.account, folder, depth, { ...call, properties });
  if (found.resources[0]?.folder === false) throw notAFolder(folder);
  return found;
}
