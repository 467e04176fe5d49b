import { fetchComments, removeComment } from '../../nextcloud/apps/comments.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { RemotePath } from '../../path.ts';
import { noting } from '../history/recorder.ts';
import { digestOf, ownComment } from '../meta/comments.ts';
import { setFavorite, setTags } from '../meta/tags.ts';
import { isAnother, isGone, isOther, kept, unmade, way } from './way.ts';
import type { Examination, Kept, StepOf, Verdict } from './way.ts';

type Labelled = StepOf<'tagged'> | StepOf<'favorite'> | StepOf<'commented'>;

/** The file or folder that the change was about. */
async function subject(
  { fact: { path }, before }: Labelled,
  examination: Examination,
): Promise<Resource | Kept> {
  examination.parts.policy.assertWritable(path);
  const there = await examination.look(path);
  if (!there) return isGone(path);
  return isOther(there, before) ? isAnother(path) : there;
}

function isKept(found: Resource | Kept): found is Kept {
  return 'kind' in found;
}

export async function examineTagged(step: StepOf<'tagged'>, examination: Examination): Promise<Verdict> {
  const there = await subject(step, examination);
  if (isKept(there)) return there;
  const { path, added, removed } = step.fact;
  const back = { add: removed, remove: added };
  return way(step, path, async (call) => setTags(examination.parts, path, back, call), there);
}

export async function examineFavorite(step: StepOf<'favorite'>, examination: Examination): Promise<Verdict> {
  const there = await subject(step, examination);
  if (isKept(there)) return there;
  const { path, was } = step.fact;
  if ((there.detail?.favorite ?? false) === was) return unmade(step);
  return way(step, path, async (call) => setFavorite(examination.parts, path, was, call), there);
}

export async function examineComment(step: StepOf<'commented'>, examination: Examination): Promise<Verdict> {
  const there = await subject(step, examination);
  if (isKept(there)) return there;
  const { path, digest } = step.fact;
  const { fileId = '' } = there;
  const { account } = examination.parts;
  const id = step.ref ?? (await ownComment(examination.parts, fileId, step.fact, examination.call))?.id;
  if (id === undefined) return unmade(step);
  const all = await fetchComments(account, fileId, examination.call);
  const comment = all.find((one) => one.id === id);
  if (!comment) return kept(path, `the comment on ${path} is not there any more`);
  if (digestOf(comment.message) !== digest) return kept(path, `the comment on ${path} was changed since`);
  return way(step, path, async (call) => removeNoted(examination, { path, fileId, id }, call), there);
}

async function removeNoted(
  { parts: { account } }: Examination,
  { path, ...comment }: { readonly path: RemotePath; readonly fileId: string; readonly id: string },
  call: Examination['call'],
): Promise<void> {
  await noting(
    call,
    { fact: { kind: 'final', path, why: 'comment-deleted' } },
    async () => removeComment(account, comment, call),
    () => ({}),
  );
}
