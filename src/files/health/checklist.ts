import { isAppError } from '../../errors.ts';

/** One thing that has to be right. With `ok` and a `fix` it works, and could be better. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  /** What to do about it. */
  readonly fix?: string;
}

/** Looks at one thing after the other. What is wrong is written down, not thrown. */
export class Checklist {
  readonly #checks: Check[] = [];

  get all(): readonly Check[] {
    return this.#checks;
  }

  get ok(): boolean {
    return this.#checks.every((check) => check.ok);
  }

  add(...checks: readonly (Check | undefined)[]): void {
    this.#checks.push(...checks.filter((check) => check !== undefined));
  }

  /**
   * @param say what is right about the value
   * @returns the value, or undefined when the look failed
   * @throws AppError `cancelled`, and whatever is nobody's expectation
   */
  async run<T>(name: string, look: () => Promise<T>, say: (value: T) => string): Promise<T | undefined> {
    try {
      const value = await look();
      this.add({ name, ok: true, detail: say(value) });
      return value;
    } catch (error) {
      if (!isAppError(error) || error.code === 'cancelled') throw error;
      const fix = error.hint === undefined ? {} : { fix: error.hint };
      this.add({ name, ok: false, detail: error.message, ...fix });
      return undefined;
    }
  }
}
