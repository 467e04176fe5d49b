import { lstat } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError, isAppError } from '../../errors.ts';
import { resolveLink } from '../../files/context/link.ts';
import { createFolder } from '../../files/write/create-folder.ts';
import { join, parentOf, parsePath } from '../../path.ts';
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
        const inside = !several && text.endsWith('/');
        const path = several ? join(parsePath(text), basename(localPath)) : parsePath(text);
        const { uploadLocal } = await import('../../files/transfer/local-transfer.ts');
        const run = async (): Promise<TransferResult> =>
          uploadLocal(workspace, { path, localPath, overwrite, inside }, call);
        try {
          return await run();
        } catch (error) {
          // The command line has no command that makes a folder.
          if (!isAppError(error, 'conflict') || error.status === undefined) throw error;
          await createFolder(workspace, inside ? path : parentOf(path), call);
          return run();
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
