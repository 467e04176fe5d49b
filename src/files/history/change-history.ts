import { AppError } from '../../errors.ts';
import type { HistoryTable, Identity, StoredChange, StoredStep } from '../../store/history-table.ts';
import type { Store } from '../../store/store.ts';
import type { Fact } from './fact.ts';
import { ChangeRecorder } from './recorder.ts';

/** A step as it was noted. */
export interface PastStep extends Omit<StoredStep, 'fact'> {
  readonly fact: Fact;
}

/** A change as it was noted. */
export interface PastChange extends Omit<StoredChange, 'steps'> {
  readonly steps: readonly PastStep[];
}

/** The changes of one principal: the last day of them, on this computer. */
export class ChangeHistory {
  readonly #store: Store;
  readonly #principal: string;

  constructor(store: Store, principal: string) {
    this.#store = store;
    this.#principal = principal;
  }

  /** For one call of a tool. Nothing is opened before something is noted. */
  recorder(tool: string): ChangeRecorder {
    return new ChangeRecorder(this.#store, this.#principal, tool);
  }

  /** Newest first. @param maxSteps of each */
  async list(maxSteps: number): Promise<PastChange[]> {
    return this.#with((table) => table.list(this.#principal, maxSteps).map((change) => past(change)));
  }

  async find(number: number): Promise<PastChange | undefined> {
    const found = await this.#with((table) => table.find({ principal: this.#principal, number }));
    return found && past(found);
  }

  /** These steps were taken back, or are in force again. */
  async mark(number: number, steps: readonly number[], state: 'done' | 'undone'): Promise<void> {
    const updates = steps.map((step) => ({ step, state }));
    await this.#note((table) => table.update({ principal: this.#principal, number }, updates));
  }

  /** The same contents have another identity now. */
  async renew(old: Identity, now: Identity): Promise<void> {
    if (old.fileId === now.fileId && old.etag === now.etag) return;
    await this.#note((table) => table.renew(this.#principal, old, now));
  }

  /** What was changed is changed, whether it can be noted or not. */
  async #note(work: (table: HistoryTable) => void): Promise<void> {
    try {
      work(await this.#store.history());
    } catch (error) {
      this.#store.failed(error);
    }
  }

  /** @throws AppError `config` when the notes cannot be read or written */
  async #with<T>(work: (table: HistoryTable) => T): Promise<T> {
    try {
      return work(await this.#store.history());
    } catch (cause) {
      this.#store.failed(cause);
      const why = cause instanceof Error ? cause.message : 'unknown';
      throw new AppError('config', `The notes of changes in ${this.#store.file} cannot be used: ${why}`, {
        hint: 'Try again in a minute. If that does not help, the person can delete this file: new changes are noted in a new one.',
        cause,
      });
    }
  }
}

function past({ steps, ...change }: StoredChange): PastChange {
  return { ...change, steps: steps.map((step) => ({ ...step, fact: JSON.parse(step.fact) as Fact })) };
}
