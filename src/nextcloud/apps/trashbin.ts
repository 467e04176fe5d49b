import { parsePath, segments } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import { mapInSlices } from '../../time-slices.ts';
import type { Account } from '../account.ts';
import { davRequest } from '../dav/dav-request.ts';
import type { RequestOptions } from '../dav/dav-request.ts';
import { davList } from '../dav/dav-list.ts';
import type { DavRow } from '../dav/dav-list.ts';

/** A deleted file or folder (Nextcloud, apps/files_trashbin). */
export interface TrashbinItem {
  /** Its name in the trash, `name.d<seconds since 1970>`. */
  readonly id: string;
  /** Its path before it was deleted. */
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

export async function listTrashbin(account: Account, options: RequestOptions): Promise<TrashbinItem[]> {
  const found = await davList(account, (userId) => ['trashbin', userId, 'trash'], properties, options);
  const items = await mapInSlices(found, toTrashbinItem, options.signal);
  return items.filter((item) => item !== undefined);
}

/** The former paths of everything in a deleted folder; undefined for those that are not known. */
export async function listInsideTrashbin(
  account: Account,
  id: string,
  options: RequestOptions,
): Promise<(RemotePath | undefined)[]> {
  const place = (userId: string): string[] => ['trashbin', userId, 'trash', id];
  const found = await davList(account, place, properties, { ...options, depth: 'infinity' });
  return mapInSlices(found, (row) => toTrashbinItem(row)?.path, options.signal);
}

function toTrashbinItem(row: DavRow<(typeof properties)[number]>): TrashbinItem | undefined {
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

/** Restores to the former path. Nextcloud chooses another name or folder when that path is taken. */
export async function restoreTrashbinItem(
  account: Account,
  id: string,
  options: RequestOptions,
): Promise<void> {
  await davRequest(
    account,
    (userId) => ({
      method: 'MOVE',
      place: ['trashbin', userId, 'trash', id],
      destination: ['trashbin', userId, 'restore', id],
      expect: [201, 204],
    }),
    options,
  );
}

/** Moves out of the trash to a path that must be free. The result is a new file with a new id. */
export async function moveOutOfTrashbin(
  account: Account,
  id: string,
  to: RemotePath,
  options: RequestOptions,
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
    options,
  );
}
