import { fitting, room } from '../entry/cursor.ts';
import { iso } from '../entry/entry.ts';
import type { AccessPolicy } from '../context/access-policy.ts';
import type { ChangeHistory, PastChange } from '../history/change-history.ts';
import { placesOf } from '../history/fact.ts';
import { changeId } from '../history/recorder.ts';
import { doneWords, finalWords } from '../history/words.ts';

export interface ListedChange {
  /** `u7`. */
  readonly change: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly tool: string;
  /** What was changed, in words. */
  readonly what: readonly string[];
  /** How many things more were changed. */
  readonly more?: number;
  /** `perhaps`: it is under way, or it is not known whether it was made. */
  readonly state?: 'perhaps' | 'taken back' | 'taken back in part';
  /** Why it cannot be taken back. */
  readonly final?: string;
  /** The change that this one has taken back. */
  readonly takes_back?: string;
}

export interface ChangeList {
  readonly changes: readonly ListedChange[];
  /** How many there are, if not all of them fit into the result. */
  readonly total?: number;
}

export interface ChangeListParts {
  readonly history: ChangeHistory;
  readonly policy: AccessPolicy;
  readonly maxChars: number;
}

/** Steps of a change that are shown. */
const MAX_SHOWN = 3;
/** Steps of a change that are looked at. */
const MAX_STEPS = 50;

/** The changes of the last day that are within bounds now, newest first. */
export async function listChanges({ history, policy, maxChars }: ChangeListParts): Promise<ChangeList> {
  const all = await history.list(MAX_STEPS);
  const visible = all.flatMap((change) => {
    const steps = change.steps.filter(({ fact }) => placesOf(fact).every((path) => policy.isAllowed(path)));
    return steps.length === 0 ? [] : [shown(change, steps)];
  });
  const changes = fitting(visible, Infinity, room(maxChars, ''));
  return { changes, ...(changes.length < visible.length ? { total: visible.length } : {}) };
}

function shown(
  { number, at, tool, takesBack, gap, count, steps: all }: PastChange,
  steps: PastChange['steps'],
): ListedChange {
  const hidden = all.length - steps.length;
  // What came into being with the thing that is named needs no words of its own.
  const named = steps.filter(({ fact }) => !steps.some((other) => isPartOf(fact, other.fact)));
  const words = named.slice(0, MAX_SHOWN).map(({ fact }) => doneWords(fact));
  const more = (count > all.length ? count - hidden : named.length) - words.length;
  const state = stateOf(steps);
  const finals = steps.flatMap(({ fact }) => (fact.kind === 'final' ? [finalWords(fact)] : []));
  const final = gap ?? (finals.length === steps.length ? finals[0] : undefined);
  return {
    change: changeId(number),
    at: iso(at) ?? '',
    tool,
    what: words,
    ...(more > 0 ? { more } : {}),
    ...(state === undefined ? {} : { state }),
    ...(final === undefined ? {} : { final }),
    ...(takesBack === undefined ? {} : { takes_back: changeId(takesBack) }),
  };
}

type Step = PastChange['steps'][number];

function isPartOf(fact: Step['fact'], other: Step['fact']): boolean {
  return (
    fact.kind === 'made' &&
    other.kind === 'made' &&
    (fact.path.startsWith(`${other.path}/`) ||
      (fact.path === other.path && fact !== other && fact.whole === true))
  );
}

function stateOf(steps: readonly Step[]): ListedChange['state'] {
  const undone = steps.filter(({ state }) => state === 'undone').length;
  if (undone === steps.length) return 'taken back';
  if (undone > 0) return 'taken back in part';
  return steps.some(({ state }) => state === 'begun') ? 'perhaps' : undefined;
}
