import { AppError } from '../../errors.ts';
import type { RemotePath } from '../../path.ts';
import type { Account } from '../account.ts';

/** A folder with all that is in it as one ZIP archive, streamed (Nextcloud, apps/dav ZipFolderPlugin; since 31). */
export async function fetchZip<T>(
  account: Account,
  folder: RemotePath,
  signal: AbortSignal | undefined,
  consume: (body: AsyncIterable<Buffer>) => Promise<T>,
): Promise<T> {
  return account.run((userId) =>
    account.exchange(
      {
        method: 'GET',
        path: `${account.address.file(userId, folder)}/`,
        headers: { accept: 'application/zip' },
        signal,
        once: true,
        transfer: true,
        expect: [200],
        wanted: 'an archive of the folder',
      },
      async ({ headers, body }) => {
        // Another server answers a GET of a folder with a page for people.
        if (!headers.get('content-type')?.startsWith('application/zip'))
          throw new AppError('invalid_response', 'The server does not make archives of folders');
        return consume(body);
      },
    ),
  );
}
