import { listFileVersions } from '../../nextcloud/apps/versions.ts';
import { restoreOldVersion } from '../change/versions.ts';
import { uploadFile } from '../write/upload.ts';
import { changedSince, isAnother, isGone, isOther, kept, unmade, way } from './way.ts';
import type { Examination, StepOf, Verdict } from './way.ts';

/** The contents from before a file was replaced. */
export async function examineReplaced(step: StepOf<'replaced'>, examination: Examination): Promise<Verdict> {
  const { fact, before, after, state } = step;
  const { path, oldSize, oldModified = 0 } = fact;
  const { parts, call } = examination;
  parts.policy.assertWritable(path);
  const there = await examination.look(path);
  if (!there) return isGone(path);
  if (there.folder || isOther(there, before)) return isAnother(path);
  if (state === 'begun') {
    if (there.etag === before.etag) return unmade(step);
    const isOurs = there.size === fact.size && there.modified === fact.modified * 1000;
    if (!isOurs) return changedSince(there);
  } else if (there.etag !== after.etag) return changedSince(there);
  const ifMatch = there.etag;
  if (oldSize === 0) {
    // Nextcloud keeps no version of an empty file.
    const job = { path, content: Buffer.alloc(0), overwrite: false, ifMatch, modified: oldModified };
    return way(step, path, async (own) => uploadFile(parts, job, own), there);
  }
  const version = String(Math.floor(oldModified / 1000));
  const versions = await listFileVersions(parts.account, there.fileId ?? '', call);
  const old = versions.find(({ id, size }) => id === version && (oldSize === undefined || size === oldSize));
  if (!old) return kept(path, `Nextcloud does not keep the version of ${path} from before any more`);
  return way(step, path, async (own) => restoreOldVersion(parts, { path, version, ifMatch }, own), there);
}
