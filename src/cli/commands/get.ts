import { sep } from 'node:path';
import { resolveLink } from '../../files/context/link.ts';
import { parsePath } from '../../path.ts';
import { localPlace, transferCommand } from './transfer.ts';

/** `get REMOTE TARGET`: downloads a file or folder. */
export async function getCommand(argv: readonly string[]): Promise<void> {
  await transferCommand('get', argv, async ([remote, target], { workspace, overwrite, call }) => {
    const inside = target === '.' || /[\\/]$/.test(target) ? sep : '';
    const localPath = localPlace(target) + inside;
    const path = parsePath(await resolveLink(workspace, remote, call));
    const { downloadLocal } = await import('../../files/transfer/local-transfer.ts');
    return downloadLocal(workspace, { path, localPath, overwrite }, call);
  });
}
