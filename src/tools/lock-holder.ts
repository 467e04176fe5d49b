import { isAppError } from '../errors.ts';
import type { AppError } from '../errors.ts';
import { isFailure } from '../files/context/batch.ts';
import type { BatchItem } from '../files/context/batch.ts';
import { stat } from '../files/context/stat.ts';
import { lockWords } from '../files/entry/entry.ts';
import type { Workspace } from '../files/workspace.ts';
import { parsePath } from '../path.ts';

/** A refusal because of a lock, with who holds it and since when, where the server tells. */
export async function namingHolder(
  workspace: Workspace,
  path: string,
  error: AppError,
  signal: AbortSignal,
): Promise<AppError> {
  // Other locks are those of this program.
  if (error.code !== 'locked' || error.status === undefined) return error;
  const found = await stat(workspace, parsePath(path), { signal }).catch((cause: unknown) => {
    if (isAppError(cause) && cause.code !== 'cancelled') return undefined;
    throw cause;
  });
  const lock = found?.detail?.lock;
  if (!lock) return error;
  return error.restate(`${path} is ${lockWords(lock)}`, {
    hint: 'Nothing was changed. It can be changed once it is closed or given free there.',
  });
}

/** The same for each of a list, and of one that stands alone. */
export async function namingHolders<T extends object>(
  workspace: Workspace,
  items: readonly BatchItem<T>[],
  signal: AbortSignal,
): Promise<BatchItem<T>[]> {
  const named: BatchItem<T>[] = [];
  for (const item of items)
    named.push(
      isFailure(item)
        ? { ...item, error: await namingHolder(workspace, item.path, item.error, signal) }
        : item,
    );
  return named;
}
