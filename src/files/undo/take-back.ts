import { AppError, isAppError } from '../../errors.ts';
import { within } from '../../path.ts';
import { contentsOf } from '../change/made.ts';
import { MANY } from '../change/move-copy.ts';
import type { Call } from '../context/call.ts';
import { ConfirmationRequired } from '../context/confirm-tokens.ts';
import { partlyMade } from '../context/reconcile.ts';
import { statAfterChange } from '../context/stat.ts';
import type { PastChange, PastStep } from '../history/change-history.ts';
import type { Fact, FactOf } from '../history/fact.ts';
import { placesOf } from '../history/fact.ts';
import { changeId } from '../history/recorder.ts';
import { backWords, finalWords } from '../history/words.ts';
import { examineReplaced } from './contents.ts';
import { examineComment, examineFavorite, examineTagged } from './labels.ts';
import { isMade, MadeThings } from './made.ts';
import { examineMoved, examineRemoved } from './places.ts';
import { examineShareChange, examineShared } from './shares.ts';
import { Examination, kept } from './way.ts';
import type { Kept, UndoParts, Verdict, Way } from './way.ts';

/** What came of taking a change back. */
export interface TakenBack {
  /** The change. */
  readonly change: string;
  /** What was done, in words. */
  readonly done: readonly string[];
  /** What is left as it is, because it was changed since. */
  readonly kept?: readonly string[];
}

export interface TakeBackOptions {
  /** `u7`. */
  readonly change: string;
  /** The token of a plan. */
  readonly confirm?: string | undefined;
}

/**
 * Takes a change back, the last step first, as far as nothing has changed since.
 *
 * @throws ConfirmationRequired with a plan, before a folder with contents goes or more than a hundred things change
 * @throws AppError `conflict` that names what has changed, when nothing can be taken back
 */
export async function takeBack(parts: UndoParts, options: TakeBackOptions, call: Call): Promise<TakenBack> {
  const number = numberOf(options.change);
  // Two calls that take the same back would be in the way of each other.
  return parts.changeQueue.run('undo', async () => {
    const change = await visibleChange(parts, number);
    call.changes?.takesBack(number);
    const examination = new Examination(parts, change, call);
    const { ways, left, unmade } = await examineAll(examination);
    if (ways.length === 0 && left.length > 0) throw await nothing(parts, change, left);
    assertAgreed(parts, { number, ways, confirm: options.confirm });
    await parts.history.mark(number, numbersOf(unmade), 'undone');
    const done = await runAll(parts, change, ways, call);
    await reviveOriginal(parts, change, left.length === 0);
    return {
      change: changeId(number),
      done,
      ...(left.length === 0 ? {} : { kept: left.map(({ why }) => why) }),
    };
  });
}

function numberOf(id: string): number {
  const digits = /^u?(\d{1,15})$/i.exec(id.trim())?.[1];
  if (digits !== undefined) return Number(digits);
  throw new AppError(
    'invalid_input',
    `${JSON.stringify(id.slice(0, 40))} is no change: they are called u1, u2`,
    {
      remedy: { kind: 'list-changes' },
    },
  );
}

/** A change of which nothing may be seen any more does not exist. */
async function visibleChange(parts: UndoParts, number: number): Promise<PastChange> {
  const change = await parts.history.find(number);
  const { policy } = parts;
  if (!change?.steps.some(({ fact }) => placesOf(fact).every((path) => policy.isAllowed(path))))
    throw new AppError('not_found', `There is no change ${changeId(number)} of the last day`, {
      remedy: { kind: 'list-changes' },
    });
  if (change.gap !== undefined)
    throw new AppError('conflict', `${changeId(number)} cannot be taken back by its id: ${change.gap}`, {
      hint: 'Deleted files are in the trash, and former contents among the versions of a file.',
    });
  if (change.steps.every(({ state }) => state === 'undone'))
    throw new AppError('conflict', `${changeId(number)} was taken back already`, {
      remedy: { kind: 'list-changes' },
    });
  return change;
}

async function examineAll(
  examination: Examination,
): Promise<{ ways: Way[]; left: Kept[]; unmade: PastStep[] }> {
  const { steps } = examination.change;
  const made = new MadeThings(steps);
  const found: { ways: Way[]; left: Kept[]; unmade: PastStep[] } = { ways: [], left: [], unmade: [] };
  for (const step of steps.toReversed()) {
    if (step.state === 'undone' || (isMade(step) && !made.isFirst(step))) continue;
    const verdict = isMade(step) ? await made.examine(step, examination) : await examine(step, examination);
    if (verdict.kind === 'way') found.ways.push(verdict);
    else if (verdict.kind === 'kept') found.left.push(verdict);
    else found.unmade.push(...verdict.steps);
  }
  return found;
}

type Examine = (step: PastStep, examination: Examination) => Promise<Verdict>;

const examiners = {
  replaced: examineReplaced,
  moved: examineMoved,
  removed: examineRemoved,
  tagged: examineTagged,
  favorite: examineFavorite,
  commented: examineComment,
  shared: examineShared,
  'share-changed': examineShareChange,
} as const;

async function examine(step: PastStep, examination: Examination): Promise<Verdict> {
  const { fact } = step;
  if (fact.kind === 'final') {
    examination.parts.policy.assertReadable(fact.path);
    return kept(fact.path, `${fact.path} cannot be taken back: ${finalWords(fact)}`);
  }
  if (fact.kind === 'made') throw new Error('what was made is examined as a whole');
  return (examiners[fact.kind] as Examine)(step, examination);
}

/** Of what was changed by a later call, that one has to be taken back first. */
async function nothing(parts: UndoParts, change: PastChange, left: readonly Kept[]): Promise<AppError> {
  const later = await laterChange(parts, change, left);
  const what = left.slice(0, 5).map(({ why }) => why);
  const more = left.length > 5 ? [`and ${left.length - 5} more`] : [];
  return new AppError('conflict', `Nothing was taken back: ${[...what, ...more].join('; ')}`, {
    hint:
      later === undefined
        ? 'What others have changed since is left as it is.'
        : `${changeId(later)} changed it later: take that back first.`,
  });
}

/** Steps of each later change that are looked at. */
const MAX_STEPS_LOOKED_AT = 200;

async function laterChange(
  parts: UndoParts,
  { number }: PastChange,
  left: readonly Kept[],
): Promise<number | undefined> {
  const concerns = (fact: Fact): boolean =>
    placesOf(fact).some((place) => left.some(({ path }) => within(place, path) || within(path, place)));
  const later = (await parts.history.list(MAX_STEPS_LOOKED_AT)).filter((each) => each.number > number);
  return later.find(
    ({ takesBack, steps }) =>
      takesBack === undefined && steps.some(({ state, fact }) => state !== 'undone' && concerns(fact)),
  )?.number;
}

function assertAgreed(
  { confirmTokens }: UndoParts,
  { number, ways, confirm }: { number: number; ways: readonly Way[]; confirm: string | undefined },
): void {
  const planned = ways.flatMap(({ plan }) => plan ?? []);
  const items = ways.reduce((sum, way) => sum + way.items, 0);
  const change = ['undo', number, ways.map(({ stamp }) => stamp)];
  if ((planned.length === 0 && items <= MANY) || confirmTokens.holds(confirm, change)) return;
  const others = ways.filter(({ plan }) => plan === undefined);
  const words = others.flatMap(({ steps: [step] }) => (step ? backWords(step.fact) : []));
  throw new ConfirmationRequired(
    {
      lines: [...planned, ...words],
      items,
      bytes: ways.reduce((sum, { bytes }) => sum + bytes, 0),
      final: ways.some(({ final = false }) => final),
    },
    confirmTokens.token(change),
  );
}

async function runAll(
  parts: UndoParts,
  { number }: PastChange,
  ways: readonly Way[],
  call: Call,
): Promise<string[]> {
  const done: string[] = [];
  for (const way of ways) {
    try {
      await way.run(call);
    } catch (error) {
      throw partlyMade(error, done);
    }
    await parts.history.mark(number, numbersOf(way.steps), 'undone');
    await renewIdentity(parts, way, call);
    const [first] = way.steps;
    if (first) done.push(backWords(first.fact));
  }
  return done;
}

/** What is noted of the same contents elsewhere has to find them again. */
async function renewIdentity(parts: UndoParts, { steps, path }: Way, call: Call): Promise<void> {
  const [step] = steps;
  if (!step || !['replaced', 'moved', 'removed'].includes(step.fact.kind)) return;
  const { before, after } = step;
  const found = await statAfterUndo(parts, path, call);
  // Not every change looks up the id before, and these changes leave it as it is.
  if (found) await parts.history.renew({ ...before, fileId: before.fileId ?? after.fileId }, found);
  if (step.fact.kind === 'removed') await renewInside(parts, step.fact, call);
}

async function renewInside(
  parts: UndoParts,
  { path, inside = [] }: FactOf<'removed'>,
  call: Call,
): Promise<void> {
  if (inside.length === 0) return;
  const now = await contentsOf(parts.account, path, call).catch((error: unknown) => {
    if (isAppError(error)) return [];
    throw error;
  });
  const byPath = new Map(now.map((each) => [each.path.slice(path.length), each]));
  for (const [name, fileId, etag] of inside)
    await parts.history.renew({ fileId, etag }, byPath.get(name) ?? { fileId, etag });
}

async function statAfterUndo(
  parts: UndoParts,
  path: Way['path'],
  call: Call,
): Promise<{ fileId?: string; etag?: string } | undefined> {
  return statAfterChange(parts, path, call).catch((error: unknown) => {
    if (isAppError(error, 'cancelled')) return undefined;
    throw error;
  });
}

/** A change that was taken back, and whose taking back is taken back, is in force again. */
async function reviveOriginal(parts: UndoParts, { takesBack }: PastChange, whole: boolean): Promise<void> {
  if (takesBack === undefined || !whole) return;
  const original = await parts.history.find(takesBack);
  if (!original) return;
  const steps = original.steps.filter(({ state }) => state === 'undone');
  await parts.history.mark(takesBack, numbersOf(steps), 'done');
}

function numbersOf(steps: readonly PastStep[]): number[] {
  return steps.map(({ step }) => step);
}
