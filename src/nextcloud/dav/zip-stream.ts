import { AppError } from '../../errors.ts';
import type { RemotePath } from '../../path.ts';
import type { Account } from '../account.ts';

/** Streams a folder and everything in it as a ZIP archive (Nextcloud 31 and later, apps/dav ZipFolderPlugin). */
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
        // Older servers answer the GET of a folder with a web page.
        if (!headers.get('content-type')?.startsWith('application/zip'))
          throw new AppError('invalid_response', 'The server cannot create archives of folders');
        return consume(body);
      },
    ),
  );
}
