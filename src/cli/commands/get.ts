import { sep } from 'node:path';
import { parsePath } from '../../path.ts';
import { localPlace, transferCommand } from './transfer.ts';

/** `get REMOTE TARGET`: a file or folder of the Nextcloud onto this computer. */
export async function getCommand(argv: readonly string[]): Promise<void> {
  await transferCommand('get', argv, async ([remote, target], { files, overwrite, call }) => {
    const inside = target === '.' || /[\\/]$/.test(target) ? sep : '';
    const place = localPlace(target) + inside;
    const path = parsePath(await files.resolve(remote, call));
    return files.download(path, place, overwrite, call);
  });
}
