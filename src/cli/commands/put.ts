import { isAppError } from '../../errors.ts';
import { resolveLink } from '../../files/context/link.ts';
import { createFolder } from '../../files/write/create-folder.ts';
import { parentOf, parsePath } from '../../path.ts';
import { localPlace, transferCommand } from './transfer.ts';

/** `put SOURCE REMOTE`: uploads a file or folder. */
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
      // The command line has no command that makes a folder.
      if (!isAppError(error, 'conflict') || error.status === undefined) throw error;
      await createFolder(workspace, inside ? path : parentOf(path), call);
      return run();
    }
  });
}
