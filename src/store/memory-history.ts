import { KEPT_MS, MAX_CHANGES } from './history-table.ts';
import type {
  ChangeKey,
  HistoryTable,
  Identity,
  NewStep,
  StepUpdate,
  StoredChange,
  StoredStep,
} from './history-table.ts';

interface Change extends Omit<StoredChange, 'steps' | 'count'> {
  gap?: string | undefined;
  lastStep: number;
  readonly steps: Map<number, StoredStep>;
}

interface Person {
  last: number;
  readonly changes: Map<number, Change>;
}

/** The same for as long as the process runs, where nothing can be kept on the disk. */
export class MemoryHistory implements HistoryTable {
  readonly volatile: string;
  readonly #people = new Map<string, Person>();

  constructor(why: string) {
    this.volatile = why;
  }

  begin(
    principal: string,
    change: Pick<StoredChange, 'at' | 'tool' | 'takesBack'>,
    steps: readonly NewStep[],
  ): { number: number; steps: readonly number[] } {
    const person = this.#people.get(principal) ?? { last: 0, changes: new Map<number, Change>() };
    this.#people.set(principal, person);
    const number = ++person.last;
    for (const [one, { at }] of person.changes)
      if (at < change.at - KEPT_MS || one <= number - MAX_CHANGES) person.changes.delete(one);
    person.changes.set(number, { ...change, number, lastStep: 0, steps: new Map() });
    return { number, steps: this.add({ principal, number }, steps) };
  }

  add(key: ChangeKey, steps: readonly NewStep[]): readonly number[] {
    const change = this.#change(key);
    if (!change) return [];
    return steps.map((step) => {
      const number = ++change.lastStep;
      change.steps.set(number, { ...step, step: number, state: 'begun', after: {} });
      return number;
    });
  }

  update(key: ChangeKey, updates: readonly StepUpdate[]): void {
    const steps = this.#change(key)?.steps;
    for (const { step, state, after, ref } of updates) {
      const old = steps?.get(step);
      if (old) steps?.set(step, { ...old, state, after: after ?? old.after, ref: ref ?? old.ref });
    }
  }

  drop(key: ChangeKey, steps: readonly number[]): void {
    for (const step of steps) this.#change(key)?.steps.delete(step);
  }

  setGap(key: ChangeKey, gap: string): void {
    const change = this.#change(key);
    if (change) change.gap = gap;
  }

  renew(principal: string, old: Identity, now: Identity): void {
    for (const { steps } of this.#people.get(principal)?.changes.values() ?? [])
      for (const [number, step] of steps)
        steps.set(number, {
          ...step,
          before: renewed(step.before, old, now),
          after: renewed(step.after, old, now),
        });
  }

  list(principal: string, maxSteps: number): StoredChange[] {
    const changes = [...(this.#people.get(principal)?.changes.values() ?? [])].toReversed();
    return changes.map((change) => shown(change, maxSteps)).filter(({ count }) => count > 0);
  }

  find(key: ChangeKey): StoredChange | undefined {
    const change = this.#change(key);
    return change && change.steps.size > 0 ? shown(change, Infinity) : undefined;
  }

  #change({ principal, number }: ChangeKey): Change | undefined {
    return this.#people.get(principal)?.changes.get(number);
  }
}

function shown(change: Change, maxSteps: number): StoredChange {
  const { number, at, tool, takesBack, gap, steps } = change;
  const all = { number, at, tool, takesBack, gap };
  return { ...all, count: steps.size, steps: [...steps.values()].slice(0, maxSteps) };
}

function renewed(identity: Identity, old: Identity, now: Identity): Identity {
  const { fileId, etag } = identity;
  if (fileId === undefined || fileId !== old.fileId) return identity;
  return {
    fileId: now.fileId ?? fileId,
    etag: etag !== undefined && etag === old.etag ? (now.etag ?? etag) : etag,
  };
}
