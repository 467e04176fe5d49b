import type { TrashbinItem } from '../../nextcloud/apps/trashbin.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import { isFailure } from '../context/batch.ts';
import { folderStats, folderStatsText } from '../change/folder-stats.ts';
import { MANY, moveItems } from '../change/move-copy.ts';
import { restoreTrashItem } from '../change/trash.ts';
import { isAnother, isGone, isOther, kept, unmade, way } from './way.ts';
import type { Examination, StepOf, Verdict } from './way.ts';

/** What was moved goes back, with what has become of it since. */
export async function examineMoved(step: StepOf<'moved'>, examination: Examination): Promise<Verdict> {
  const { fact, before, after, state } = step;
  const { from, to } = fact;
  const { parts, call } = examination;
  parts.policy.assertRemovable(from);
  parts.policy.assertRemovable(to);
  const there = await examination.look(to);
  const noted = { fileId: after.fileId ?? before.fileId };
  const isMissing = !there || isOther(there, noted);
  if (state === 'begun' && (isMissing || (await isStillAt(step, examination)))) return unmade(step);
  if (!there) return isGone(to);
  if (isMissing) return isAnother(to);
  const why = (await obstacleAt(step, there, examination)) ?? (await examination.missingParent(from));
  if (why !== undefined) return kept(to, why);
  const stats = there.folder ? await folderStats(parts, to, call) : undefined;
  examination.vacate(to);
  const run = async (own: Examination['call']): Promise<void> => {
    const pair = { from: to, to: from };
    const [moved] = await moveItems(parts, [pair], { overwrite: false, agreed: true }, own);
    if (moved && isFailure(moved)) throw moved.error;
  };
  const items = 1 + (stats ? stats.files + stats.folders : 0);
  return {
    ...way(step, from, run, there),
    items,
    bytes: stats?.bytes ?? there.size ?? 0,
    ...(stats && items > MANY ? { plan: `Move ${to} back to ${from}: ${folderStatsText(stats)}` } : {}),
  };
}

async function isStillAt({ fact, before }: StepOf<'moved'>, examination: Examination): Promise<boolean> {
  const left = await examination.look(fact.from);
  return left !== undefined && !isOther(left, before);
}

/** On a server that does not tell case apart, the old name is that of the thing itself. */
async function obstacleAt(
  { fact }: StepOf<'moved'>,
  there: Resource,
  examination: Examination,
): Promise<string | undefined> {
  const why = await examination.obstacle(fact.from);
  if (why === undefined) return undefined;
  const found = await examination.look(fact.from);
  return found?.fileId === there.fileId && there.fileId !== undefined ? undefined : why;
}

/** What was deleted, or was replaced as a whole, comes back from the trash. */
export async function examineRemoved(step: StepOf<'removed'>, examination: Examination): Promise<Verdict> {
  const { fact, before, state } = step;
  const { path } = fact;
  const { parts } = examination;
  parts.policy.assertRemovable(path);
  if (state === 'begun') {
    const there = await examination.look(path);
    if (there && !isOther(there, before)) return unmade(step);
  }
  const why = await examination.obstacle(path);
  if (why !== undefined) return kept(path, why);
  const item = itemOf(step, await examination.trash(), examination.began);
  if (!item) return kept(path, `${path} is not in the trash any more`);
  return {
    ...way(step, path, async (call) => restoreTrashItem(parts, item.id, path, call)),
    stamp: item.id,
  };
}

function itemOf(
  { fact, before }: StepOf<'removed'>,
  trash: readonly TrashbinItem[],
  began: number,
): TrashbinItem | undefined {
  const { fileId } = before;
  const exact = trash.find((item) => item.fileId !== undefined && item.fileId === fileId);
  if (exact || (!fact.shared && fileId !== undefined)) return exact;
  return trash
    .filter(({ path, deleted }) => path === fact.path && deleted >= began)
    .toSorted((a, b) => b.deleted - a.deleted)[0];
}
