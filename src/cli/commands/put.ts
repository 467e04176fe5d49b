import { lstat } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError, isAppError } from '../../errors.ts';
import { resolveLink } from '../../files/context/link.ts';
import { stat } from '../../files/context/stat.ts';
import { createFolder } from '../../files/write/create-folder.ts';
import { join, parentOf, parsePath } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import { localPlace, transferCommand } from './transfer.ts';
import type { TransferResult } from './transfer-report.ts';

/** `put SOURCE... REMOTE`: uploads files and folders. */
export async function putCommand(argv: readonly string[]): Promise<void> {
  await transferCommand(
    {
      command: 'put',
      check: assertThere,
      run: async ({ from, to, several }, { workspace, overwrite, call }) => {
        const localPath = localPlace(from);
        const text = await resolveLink(workspace, to, call);
        const named = parsePath(text);
        const inside = join(named, basename(localPath));
        const { uploadLocal } = await import('../../files/transfer/local-transfer.ts');
        const upload = async (path: RemotePath): Promise<TransferResult> => {
          const run = async (): Promise<TransferResult> =>
            uploadLocal(workspace, { path, localPath, overwrite }, call);
          try {
            return await run();
          } catch (error) {
            // The command line has no command that makes a folder.
            if (!isAppError(error, 'conflict') || error.status === undefined) throw error;
            await createFolder(workspace, parentOf(path), call);
            return run();
          }
        };
        if (several || text.endsWith('/')) return upload(inside);
        try {
          return await upload(named);
        } catch (error) {
          // As `cp` does it, a file goes into a folder that is there. It is looked for only if something is.
          if (!isAppError(error, 'exists') || !(await stat(workspace, named, call)).folder) throw error;
          return upload(inside);
        }
      },
    },
    argv,
  );
}

/** Of several sources all must be there, before the first is sent: a name without quotes would be taken for two. */
async function assertThere(sources: readonly string[]): Promise<void> {
  if (sources.length < 2) return;
  for (const source of sources) {
    const found = await lstat(localPlace(source)).catch(() => undefined);
    if (!found)
      throw new AppError('not_found', `${JSON.stringify(source)} does not exist on this computer`, {
        hint: 'Nothing was sent. A name with a space in it needs quotes.',
      });
  }
}
