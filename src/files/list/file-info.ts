import type { RemotePath } from '../../path.ts';
import { runBatch } from '../context/batch.ts';
import type { BatchItem } from '../context/batch.ts';
import type { Call } from '../context/call.ts';
import { stat } from '../context/stat.ts';
import type { PolicyParts } from '../context/stat.ts';
import { toDetailedEntry, withoutSums } from '../entry/entry.ts';
import type { DetailedEntry } from '../entry/entry.ts';

/** Everything that is known about a file or folder. */
export async function fileInfo(parts: PolicyParts, path: RemotePath, call: Call): Promise<DetailedEntry> {
  const { policy, account } = parts;
  policy.assertListable(path);
  const entry = toDetailedEntry(await stat(parts, path, call), account.address);
  return policy.isWhollyVisible(path) ? entry : withoutSums(entry);
}

/** The same for several, each with its own result or error. */
export async function fileInfos(
  parts: PolicyParts,
  paths: readonly RemotePath[],
  call: Call,
): Promise<BatchItem<DetailedEntry>[]> {
  return runBatch(
    paths,
    (path) => path,
    async (path) => fileInfo(parts, path, call),
  );
}
