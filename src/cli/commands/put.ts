import { isAppError } from '../../errors.ts';
import { resolveLink } from '../../files/context/link.ts';
import { createFolder } from '../../files/write/create-folder.ts';
import { parentOf, parsePath } from '../../path.ts';
import { localPlace, transferCommand } from './transfer.ts';

/** `put SOURCE REMOTE`: a file or folder of this computer into the Nextcloud. */
export async function putCommand(argv: readonly string[]): Promise<void> {
  await transferCommand('put', argv, async ([source, remote], { workspace, overwrite, call }) => {
    const localPath = localPlace(source);
    const text = await resolveLink(workspace, remote, call);
    const path = parsePath(text);
    const inside = text.endsWith('/');
    const { uploadLocal } = await import('../../files/transfer/local-transfer.ts');
    const run = async (): Promise<object> =>
      uploadLocal(workspace, { path, localPath, overwrite, inside }, call);
    try {
      return await run();
    } catch (error) {
      // There is no other command to make a folder with.
      if (!isAppError(error, 'conflict') || error.status === undefined) throw error;
      await createFolder(workspace, inside ? path : parentOf(path), call);
      return run();
    }
  });
}
