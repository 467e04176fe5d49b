import { AppError } from '../../errors.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { RemotePath } from '../../path.ts';
import type { Call } from '../context/call.ts';
import type { StatParts } from '../context/stat.ts';
import { CONTAINER_BEGINNING, isStillEncrypted } from './container.ts';
import { readHead } from './text.ts';

/** @throws AppError `invalid_response` for contents that the server has not decrypted */
export function refuseEncrypted(path: RemotePath, bytes: Uint8Array): void {
  if (isStillEncrypted(bytes)) throw stillEncrypted(path);
}

/** The same for a file that is to be replaced, whose first bytes are fetched for it. */
export async function refuseReplacingEncrypted(parts: StatParts, file: Resource, call: Call): Promise<void> {
  if ((file.size ?? 0) < CONTAINER_BEGINNING.length) return;
  refuseEncrypted(file.path, await readHead(parts, file, CONTAINER_BEGINNING.length, call));
}

function stillEncrypted(path: RemotePath): AppError {
  return new AppError(
    'invalid_response',
    `The server hands out ${path} still encrypted, so its contents cannot be read or replaced`,
    {
      hint: 'Ask the administrator, who may need to repair the server-side encryption. Nothing was changed.',
      remedy: { kind: 'download' },
    },
  );
}
