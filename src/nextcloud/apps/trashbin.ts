import { parsePath, segments } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import type { Account } from '../account.ts';
import { davRequest } from '../dav/dav-request.ts';
import type { RequestOptions } from '../dav/dav-request.ts';
import { davList } from '../dav/dav-list.ts';
import type { DavRow } from '../dav/dav-list.ts';

/** Something in the trash (Nextcloud, apps/files_trashbin). */
export interface TrashbinItem {
  /** `name.d<second>`, the name of it there. */
  readonly id: string;
  /** Where it was. */
  readonly path: RemotePath;
  readonly folder: boolean;
  /** Milliseconds since 1970. */
  readonly deleted: number;
  readonly size: number;
  readonly fileId: string | undefined;
}

const properties = [
  'd:resourcetype',
  'oc:size',
  'oc:fileid',
  'nc:trashbin-original-location',
  'nc:trashbin-deletion-time',
] as const;

export async function listTrashbin(account: Account, look: RequestOptions): Promise<TrashbinItem[]> {
  const found = await davList(account, (userId) => ['trashbin', userId, 'trash'], properties, look);
  return found.flatMap((row) => toTrashed(row) ?? []);
}

/** The old places of what is in a folder in the trash; undefined for one that cannot be told. */
export async function listInsideTrashbin(
  account: Account,
  id: string,
  look: RequestOptions,
): Promise<(RemotePath | undefined)[]> {
  const place = (userId: string): string[] => ['trashbin', userId, 'trash', id];
  const found = await davList(account, place, properties, { ...look, depth: 'infinity' });
  return found.map((row) => toTrashed(row)?.path);
}

function toTrashed(row: DavRow<(typeof properties)[number]>): TrashbinItem | undefined {
  const location = row.text('nc:trashbin-original-location');
  const id = row.names.at(-1);
  if (location === undefined || id === undefined) return undefined;
  let path: RemotePath;
  try {
    path = parsePath(location);
  } catch {
    return undefined;
  }
  return {
    id,
    path,
    folder:
      row.properties.get('d:resourcetype')?.children.some(({ name }) => name === 'd:collection') ?? false,
    deleted: Number(row.text('nc:trashbin-deletion-time') ?? 0) * 1000,
    size: Number(row.text('oc:size') ?? 0),
    fileId: row.text('oc:fileid'),
  };
}

/** Back to where it was; Nextcloud finds another name or place when that is not free. */
export async function restoreTrashbinItem(account: Account, id: string, look: RequestOptions): Promise<void> {
  await davRequest(
    account,
    (userId) => ({
      method: 'MOVE',
      place: ['trashbin', userId, 'trash', id],
      destination: ['trashbin', userId, 'restore', id],
      expect: [201, 204],
    }),
    look,
  );
}

/** Out of the trash to a free place. It becomes a new file with a new id. */
export async function moveOutOfTrashbin(
  account: Account,
  id: string,
  to: RemotePath,
  look: RequestOptions,
): Promise<void> {
  await davRequest(
    account,
    (userId) => ({
      method: 'MOVE',
      place: ['trashbin', userId, 'trash', id],
      destination: ['files', userId, ...segments(to)],
      headers: { overwrite: 'F' },
      expect: [201],
    }),
    look,
  );
}
