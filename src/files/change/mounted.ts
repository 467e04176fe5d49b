import { AppError } from '../../errors.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import { parentOf } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import type { Call } from '../context/call.ts';
import { stat, statCached } from '../context/stat.ts';
import type { StatParts } from '../context/stat.ts';

/** The root of what another person shares, or of an external storage. Deleting it only ends the connection to it. */
export interface Mounted {
  readonly kind: 'received' | 'storage';
  readonly owner: string;
}

/** What is mounted at the place of a resource; undefined where it is a file or folder like others. */
export async function mountedAt(parts: StatParts, known: Resource, call: Call): Promise<Mounted | undefined> {
  const letter = letterOf(known);
  if (letter === undefined) return undefined;
  const { path, detail } = known.detail?.ownerId === undefined ? await stat(parts, known.path, call) : known;
  // 28 does not tell which folder is the root of a mount.
  const isRoot = detail?.mountRoot ?? letterOf(await statCached(parts, parentOf(path), call)) !== letter;
  return isRoot ? toMounted(letter, detail) : undefined;
}

/** The same for one of the entries of a whole folder, which come with what has to be known. */
export function mountedInside(resource: Resource): Mounted | undefined {
  const letter = letterOf(resource);
  return letter !== undefined && resource.detail?.mountRoot ? toMounted(letter, resource.detail) : undefined;
}

/** Whether deleting it deletes it for the person who shares it and all others. */
export function isForEveryone(resource: Resource): boolean {
  return letterOf(resource) === 'S';
}

// Of `oc:permissions` (Nextcloud, lib/public/Files/DavUtil.php).
function letterOf({ permissions = '' }: Resource): 'S' | 'M' | undefined {
  return permissions.includes('S') ? 'S' : permissions.includes('M') ? 'M' : undefined;
}

function toMounted(letter: 'S' | 'M', detail: Resource['detail']): Mounted {
  const owner = detail?.ownerName ?? detail?.ownerId ?? 'its owner';
  return { kind: letter === 'S' ? 'received' : 'storage', owner };
}

/** Replacing it would leave the share, or remove the connection to the storage. */
export function mountInTheWay(to: RemotePath): AppError {
  return new AppError(
    'exists',
    `${to} is a share of another person or an external storage and is not replaced`,
    {
      hint: 'Name another destination.',
    },
  );
}
