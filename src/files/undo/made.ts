import { formatBytes } from '../../text/byte-size.ts';
import { propfind } from '../../nextcloud/dav/propfind.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { RemotePath } from '../../path.ts';
import { within } from '../../path.ts';
import { removalOf, removeResource } from '../change/delete.ts';
import { folderStats, folderStatsText } from '../change/folder-stats.ts';
import type { FolderStats } from '../change/folder-stats.ts';
import { noting } from '../history/recorder.ts';
import type { PastStep } from '../history/change-history.ts';
import { changedSince, isAnother, isGone, isOther, kept, unmade } from './way.ts';
import type { Examination, StepOf, Verdict } from './way.ts';

type MadeStep = StepOf<'made'>;

/** Everything that a change made, by its topmost files and folders. */
export class MadeThings {
  readonly #byPath = new Map<RemotePath, MadeStep>();
  readonly #tops = new Map<RemotePath, MadeStep[]>();
  /** The ids of what the change has replaced, by their paths. */
  readonly #replaced = new Map<RemotePath, string>();

  constructor(steps: readonly PastStep[]) {
    for (const { fact, before } of steps)
      if (fact.kind === 'removed' && before.fileId !== undefined)
        this.#replaced.set(fact.path, before.fileId);
    for (const step of steps) {
      if (!isMade(step) || step.state === 'undone') continue;
      const { path, whole } = step.fact;
      const known = this.#byPath.get(path);
      // What failed first may have been noted twice.
      if (!known || known.state === 'begun' || whole) this.#byPath.set(path, step);
    }
    const paths = [...this.#byPath.keys()].toSorted((a, b) => a.length - b.length);
    for (const step of steps) {
      if (!isMade(step) || step.state === 'undone') continue;
      const top = paths.find((path) => within(step.fact.path, path)) ?? step.fact.path;
      this.#tops.set(top, [...(this.#tops.get(top) ?? []), step]);
    }
  }

  /** Whether this step is the first one of what is taken back as a whole. */
  isFirst(step: MadeStep): boolean {
    return [...this.#tops.values()].some(([first]) => first === step);
  }

  async examine(first: MadeStep, examination: Examination): Promise<Verdict> {
    const [top, steps] = [...this.#tops].find(([, [one]]) => one === first) ?? [first.fact.path, [first]];
    const step = this.#byPath.get(top) ?? first;
    const { parts, call } = examination;
    parts.policy.assertRemovable(top);
    const there = await examination.look(top);
    if (!there) return step.state === 'begun' ? unmade(...steps) : isGone(top);
    if (there.folder !== step.fact.folder && step.fact.how !== 'copied') return isAnother(top);
    if (isOther(there, step.after)) return isAnother(top);
    const stats = there.folder ? await folderStats(parts, top, call) : undefined;
    const change =
      step.state === 'begun'
        ? await this.#differsFromIntent(step, there, stats, examination)
        : this.#differs(step, there, stats);
    if (change === 'unmade') return unmade(...steps);
    if (change !== undefined) return change === 'changed' ? changedSince(there) : kept(top, change);
    examination.vacate(top);
    const { trash } = await parts.capabilities(call);
    const plan = planOf(there, stats, trash);
    return {
      kind: 'way',
      steps,
      path: top,
      final: !trash,
      stamp: [top, there.fileId, there.etag],
      items: 1 + (stats ? stats.files + stats.folders : 0),
      bytes: stats?.bytes ?? there.size ?? 0,
      ...(plan === undefined ? {} : { plan }),
      run: async (own) => {
        const etag = there.folder ? undefined : there.etag;
        await examination.letTrashRest(top, own);
        await noting(
          own,
          removalOf(there, { trash, inside: stats?.inside }),
          async () => removeResource(parts, there, own, etag),
          () => ({}),
        );
      },
    };
  }

  #differs(step: MadeStep, there: Resource, stats: FolderStats | undefined): string | undefined {
    const { after, before, fact } = step;
    if (!stats) {
      // A copy has the etag of its source.
      const noted = after.etag ?? (fact.how === 'copied' ? before.etag : undefined);
      return there.etag === noted ? undefined : 'changed';
    }
    if (fact.whole) return stats.folder.etag === after.etag ? undefined : 'changed';
    return this.#foreign(stats);
  }

  /** What is in the folder and was not made with it, or is not as it was made. */
  #foreign({ folder: { path }, inside, odd, unknown }: FolderStats): string | undefined {
    if (odd > 0 || unknown.length > 0) return `what is in ${path} is not all known`;
    const foreign = inside.filter((each) => {
      const step = this.#byPath.get(each.path);
      if (!step || isOther(each, step.after)) return true;
      return !each.folder && step.state === 'done' && each.etag !== step.after.etag;
    });
    const [first] = foreign;
    if (!first) return undefined;
    const more = foreign.length > 1 ? ` and ${foreign.length - 1} more` : '';
    return `${path} holds ${first.path}${more}, which was put there or changed since`;
  }

  /** The same where only the intent is noted. */
  async #differsFromIntent(
    step: MadeStep,
    there: Resource,
    stats: FolderStats | undefined,
    examination: Examination,
  ): Promise<string | undefined> {
    const { fact, before } = step;
    const { began } = examination;
    if (there.fileId !== undefined && there.fileId === this.#replaced.get(fact.path)) return 'unmade';
    const uploaded = there.detail?.uploaded;
    if (fact.how === 'written') {
      if (stats) return (there.modified ?? 0) >= began ? this.#foreign(stats) : 'unmade';
      const isOurs = there.size === fact.size && there.modified === (fact.modified ?? 0) * 1000;
      if (!isOurs) return 'changed';
      return uploaded === undefined || uploaded >= began ? undefined : 'unmade';
    }
    const isOurs =
      fact.how === 'restored'
        ? before.fileId === undefined || there.fileId === before.fileId
        : await isCopyOf(fact.from, { there, stats }, examination);
    if (!isOurs) return 'changed';
    const isRestored = stats && fact.how === 'restored';
    return isRestored && (await newestUpload(there.path, examination)) >= began ? 'changed' : undefined;
  }
}

export function isMade(step: PastStep): step is MadeStep {
  return step.fact.kind === 'made';
}

const byText = (a: string, b: string): number => (a < b ? -1 : 1);

/** Before 30, a copy has another etag than its source, and the time at which it was made but none of an upload. */
async function isCopyOf(
  from: RemotePath | undefined,
  { there: copy, stats }: { readonly there: Resource; readonly stats: FolderStats | undefined },
  examination: Examination,
): Promise<boolean> {
  const { parts, call } = examination;
  const source = from && (await examination.look(from));
  if (!from || source?.folder !== copy.folder) return false;
  if (!stats) {
    const isNew = copy.detail?.uploaded === undefined && (copy.modified ?? 0) >= examination.began;
    return source.size === copy.size && (source.etag === copy.etag || isNew);
  }
  const original = await folderStats(parts, from, call);
  const traits = ({ inside }: FolderStats, root: RemotePath): string =>
    JSON.stringify(
      inside
        .map(({ path, folder, size }) => `${path.slice(root.length)}${folder ? '/' : ` ${size ?? ''}`}`)
        .toSorted(byText),
    );
  return traits(stats, copy.path) === traits(original, from);
}

async function newestUpload(folder: RemotePath, { parts, call }: Examination): Promise<number> {
  const properties = ['d:getetag', 'd:resourcetype', 'oc:fileid', 'nc:upload_time'] as const;
  const { resources } = await propfind(parts.account, folder, 'infinity', {
    signal: call.signal,
    properties,
  });
  return Math.max(0, ...resources.map(({ detail }) => detail?.uploaded ?? 0));
}

function planOf(there: Resource, stats: FolderStats | undefined, trash: boolean): string | undefined {
  const ending = trash ? '' : '. It is FINAL: there is no trash';
  if (!stats) return trash ? undefined : `Delete ${there.path}, ${formatBytes(there.size ?? 0)}${ending}`;
  if (stats.files + stats.folders === 0 && trash) return undefined;
  return `Delete the folder ${there.path}: ${folderStatsText(stats)}${ending}`;
}
