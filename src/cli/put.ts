import { parsePath } from '../path.ts';
import { localPlace, transfer } from './transfer.ts';

/** `put SOURCE REMOTE`: a file or folder of this computer into the Nextcloud. */
export async function put(argv: readonly string[]): Promise<void> {
  await transfer('put', argv, async ([source, remote], { files, overwrite, call }) =>
    files.upload(parsePath(await files.resolve(remote, call)), localPlace(source), { overwrite }, call),
  );
}
