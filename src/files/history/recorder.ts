import { isAppError } from '../../errors.ts';
import type { ChangeKey, HistoryTable, Identity, NewStep } from '../../store/history-table.ts';
import { MemoryHistory } from '../../store/memory-history.ts';
import type { Fact } from './fact.ts';

/** Where changes are noted. */
export interface NoteKeeper {
  history(): Promise<HistoryTable>;
  /** Something could not be noted. */
  failed(error: unknown): void;
}

/** What is about to be changed, and what is known of it. */
export interface Intent {
  readonly fact: Fact;
  readonly before?: Identity;
}

/** What has become of it. */
export interface Outcome extends Identity {
  /** What else names the result: the id of a share or of a comment. */
  readonly ref?: string | undefined;
}

interface Step {
  readonly number: number | undefined;
  readonly intent: Intent;
  state: 'begun' | 'done' | 'dropped';
}

/** What a call has changed, for its answer. */
export interface Recorded {
  /** Under which it can be taken back; absent where nothing was noted. */
  readonly id?: string;
  readonly facts: readonly Fact[];
  /** Why it cannot be taken back by its id, or not all of it. */
  readonly gap?: string;
  /** Why it can be taken back for as long as this process runs only. */
  readonly volatile?: string;
}

/** More things than this are not noted one by one. */
export const MAX_NOTED = 5000;

export function changeId(number: number): string {
  return `u${number}`;
}

/**
 * Notes what one call changes: before each change what is intended, so that a crash between the change and its
 * note leaves a trace, and after it what came of it. That something cannot be noted is no failure of the change.
 */
export class ChangeRecorder {
  readonly #store: NoteKeeper;
  readonly #principal: string;
  readonly #tool: string;
  #takesBack: number | undefined;
  readonly #steps: Step[] = [];
  #table: HistoryTable | undefined;
  #key: Promise<ChangeKey | undefined> | undefined;
  #number: number | undefined;
  #gap: string | undefined;

  constructor(store: NoteKeeper, principal: string, tool: string) {
    this.#store = store;
    this.#principal = principal;
    this.#tool = tool;
  }

  /** The call takes another change back. */
  takesBack(number: number): void {
    this.#takesBack = number;
  }

  /** Notes what is about to be changed. */
  async begin(intents: readonly Intent[]): Promise<NotedChange[]> {
    const numbers = await this.#keep(intents);
    return intents.map((intent, index) => {
      const step: Step = { number: numbers[index], intent, state: 'begun' };
      this.#steps.push(step);
      return new NotedChange(step, this);
    });
  }

  /** Notes what is known of a change only after it was made. */
  async add(intents: readonly (Intent & { readonly after: Outcome })[]): Promise<void> {
    const notes = await this.begin(intents);
    this.settle(notes.map((note, index) => [note, intents[index]?.after ?? {}]));
  }

  settle(outcomes: readonly (readonly [NotedChange, Outcome])[]): void {
    const updates = outcomes.flatMap(([{ step }, { ref, fileId, etag }]) => {
      step.state = 'done';
      return step.number === undefined
        ? []
        : [{ step: step.number, state: 'done' as const, after: { fileId, etag }, ref }];
    });
    this.#write((table, key) => table.update(key, updates));
  }

  drop(notes: readonly NotedChange[]): void {
    const numbers = notes.flatMap(({ step }) => {
      step.state = 'dropped';
      return step.number ?? [];
    });
    this.#write((table, key) => table.drop(key, numbers));
  }

  get recorded(): Recorded {
    const facts = this.#steps.flatMap(({ state, intent }) => (state === 'dropped' ? [] : [intent.fact]));
    const { volatile } = this.#table ?? {};
    return {
      facts,
      ...(this.#number === undefined || facts.length === 0 ? {} : { id: changeId(this.#number) }),
      ...(this.#gap === undefined ? {} : { gap: this.#gap }),
      ...(volatile === undefined ? {} : { volatile }),
    };
  }

  async #keep(intents: readonly Intent[]): Promise<readonly number[]> {
    if (this.#gap !== undefined) return [];
    const steps = intents.map(({ fact, before = {} }): NewStep => ({ fact: JSON.stringify(fact), before }));
    const room = MAX_NOTED - this.#steps.length;
    try {
      // Of several at once, the first begins the change.
      const first = this.#key === undefined;
      let numbers: readonly number[] = [];
      this.#key ??= (async () => {
        const table = await this.#store.history();
        const begun = table.begin(
          this.#principal,
          { tool: this.#tool, takesBack: this.#takesBack, at: Date.now() },
          steps.slice(0, room),
        );
        this.#table = table;
        this.#number = begun.number;
        numbers = begun.steps;
        return { principal: this.#principal, number: begun.number };
      })();
      const key = await this.#key;
      if (!first && key) numbers = this.#table?.add(key, steps.slice(0, room)) ?? [];
      if (steps.length > room) this.#leaveGap(`it is more than ${MAX_NOTED} things`);
      return numbers;
    } catch (error) {
      this.#failed(error);
      return [];
    }
  }

  #leaveGap(gap: string): void {
    this.#gap = gap;
    this.#write((table, key) => table.setGap(key, gap));
  }

  #write(work: (table: HistoryTable, key: ChangeKey) => void): void {
    if (!this.#table || this.#number === undefined) return;
    try {
      work(this.#table, { principal: this.#principal, number: this.#number });
    } catch (error) {
      this.#store.failed(error);
    }
  }

  #failed(error: unknown): void {
    this.#gap = 'it could not be noted on this computer';
    this.#store.failed(error);
  }
}

/** The note of one intended change. */
export class NotedChange {
  readonly step: Step;
  readonly #recorder: ChangeRecorder;

  constructor(step: Step, recorder: ChangeRecorder) {
    this.step = step;
    this.#recorder = recorder;
  }

  done(outcome: Outcome): void {
    this.#recorder.settle([[this, outcome]]);
  }

  /** Nothing was changed. */
  dropped(): void {
    this.#recorder.drop([this]);
  }

  /** The change failed. Where it may have been made all the same, its note stays. */
  failed(error: unknown): void {
    const isCertain = isAppError(error) && !error.uncertain && error.code !== 'cancelled';
    if (isCertain) this.dropped();
  }
}

/** Notes for what a person does, who is told how it is undone by hand. Nothing is kept. */
export function unkeptRecorder(command: string): ChangeRecorder {
  const keeper: NoteKeeper = {
    history: async () => new MemoryHistory('nothing is kept'),
    failed: () => undefined,
  };
  return new ChangeRecorder(keeper, '', command);
}

/** What notes the changes of a call; absent where nobody wants to take them back. */
export interface Noting {
  readonly changes?: ChangeRecorder | undefined;
}

/**
 * Notes what is intended, makes the change, and notes what came of it.
 *
 * @param outcome what came of the change; undefined when nothing was changed
 */
export async function noting<T>(
  { changes }: Noting,
  intent: Intent,
  change: () => Promise<T>,
  outcome: (result: T) => Outcome | undefined,
): Promise<T> {
  if (!changes) return change();
  const [note] = await changes.begin([intent]);
  try {
    const result = await change();
    const after = outcome(result);
    if (after) note?.done(after);
    else note?.dropped();
    return result;
  } catch (error) {
    note?.failed(error);
    throw error;
  }
}
