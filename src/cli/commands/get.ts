import { sep } from 'node:path';
import { resolveLink } from '../../files/context/link.ts';
import { parsePath } from '../../path.ts';
import { localPlace, transferCommand } from './transfer.ts';

/** `get REMOTE... TARGET`: downloads files and folders. */
export async function getCommand(argv: readonly string[]): Promise<void> {
  await transferCommand(
    {
      command: 'get',
      run: async ({ from, to, several }, { workspace, overwrite, call }) => {
        const inside = several || to === '.' || /[\\/]$/.test(to) ? sep : '';
        const localPath = localPlace(to) + inside;
        const path = parsePath(await resolveLink(workspace, from, call));
        const { downloadLocal } = await import('../../files/transfer/local-transfer.ts');
        return downloadLocal(workspace, { path, localPath, overwrite }, call);
      },
    },
    argv,
  );
}
