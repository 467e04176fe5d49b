import { deleteShare, newShares, shareIfThere, termsOf, updateShare } from '../meta/shares.ts';
import type { NotedTerms } from '../history/fact.ts';
import { kept, unmade, way } from './way.ts';
import type { Examination, StepOf, Verdict } from './way.ts';

export async function examineShared(step: StepOf<'shared'>, examination: Examination): Promise<Verdict> {
  const { parts, call } = examination;
  const { path } = step.fact;
  parts.policy.assertRemovable(path);
  const id = step.ref ?? (await newShares(parts, step.fact, call))[0]?.id;
  if (id === undefined) return unmade(step);
  const share = await shareIfThere(parts, id, call);
  if (!share) return kept(path, `the share of ${path} is not there any more`);
  // The terms of a share are its state, as the etag is that of a file.
  if (step.after.etag !== undefined && JSON.stringify(termsOf(share)) !== step.after.etag)
    return kept(path, `the share of ${path} was changed since`);
  return { ...way(step, path, async (own) => deleteShare(parts, id, own)), stamp: id };
}

export async function examineShareChange(
  step: StepOf<'share-changed'>,
  examination: Examination,
): Promise<Verdict> {
  const { parts, call } = examination;
  const { path, id, before, after } = step.fact;
  parts.policy.assertRemovable(path);
  const share = await shareIfThere(parts, id, call);
  if (!share) return kept(path, `the share of ${path} is not there any more`);
  const now = termsOf(share);
  if (isSame(now, before)) return unmade(step);
  if (!isSame(now, after)) return kept(path, `the share of ${path} was changed since`);
  const terms = {
    ...(before.can === after.can ? {} : { can: before.can }),
    ...(before.expires === after.expires ? {} : { expires: before.expires }),
    ...(before.note === after.note ? {} : { note: before.note }),
  };
  return { ...way(step, path, async (own) => updateShare(parts, id, terms, own)), stamp: id };
}

function isSame(one: NotedTerms, other: NotedTerms): boolean {
  return one.can === other.can && one.expires === other.expires && one.note.trim() === other.note.trim();
}
