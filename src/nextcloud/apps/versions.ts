import { mapInSlices, sortInSlices } from '../../time-slices.ts';
import type { Account } from '../account.ts';
import { davRequest } from '../dav/dav-request.ts';
import type { RequestOptions } from '../dav/dav-request.ts';
import { readCapped } from '../transport/body.ts';
import { davList } from '../dav/dav-list.ts';

/** A former content of a file (Nextcloud, apps/files_versions). The current one is listed as well. */
export interface FileVersion {
  /** When it was written, in seconds since 1970. */
  readonly id: string;
  readonly size: number;
  readonly label: string | undefined;
  readonly author: string | undefined;
}

const properties = ['d:getcontentlength', 'nc:version-label', 'nc:version-author'] as const;

/** Newest first. */
export async function listFileVersions(
  account: Account,
  fileId: string,
  options: RequestOptions,
): Promise<FileVersion[]> {
  const found = await davList(
    account,
    (userId) => ['versions', userId, 'versions', fileId],
    properties,
    options,
  );
  const versions = await mapInSlices(
    found,
    (row): FileVersion => ({
      id: row.names[0] ?? '',
      size: Number(row.text('d:getcontentlength') ?? 0),
      label: row.text('nc:version-label'),
      author: row.text('nc:version-author'),
    }),
    options.signal,
  );
  return sortInSlices(versions, (a, b) => Number(b.id) - Number(a.id), options.signal);
}

export async function restoreFileVersion(
  account: Account,
  fileId: string,
  id: string,
  options: RequestOptions,
): Promise<void> {
  await davRequest(
    account,
    (userId) => ({
      method: 'MOVE',
      place: ['versions', userId, 'versions', fileId, id],
      destination: ['versions', userId, 'restore', id],
      expect: [201, 204],
    }),
    options,
  );
}

/** The content of an old version, or undefined when there are more than `maxBytes`. */
export async function fetchVersion(
  account: Account,
  { fileId, id }: { readonly fileId: string; readonly id: string },
  maxBytes: number,
  { signal }: RequestOptions,
): Promise<Buffer | undefined> {
  return account.run((userId) =>
    account.exchange(
      {
        method: 'GET',
        path: account.address.dav('versions', userId, 'versions', fileId, id),
        signal,
        expect: [200],
        wanted: 'an old version of a file',
      },
      ({ body }) => readCapped(body, maxBytes),
    ),
  );
}
