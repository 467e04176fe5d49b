import { isAppError } from '../../errors.ts';

/** The result of one check. With `ok` and a `fix` it works, but could be better. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  /** How to fix or improve it. */
  readonly fix?: string;
}

/** Runs checks one after the other. What fails is recorded, not thrown. */
export class Checklist {
  readonly #checks: Check[] = [];

  get all(): readonly Check[] {
    return this.#checks;
  }

  get ok(): boolean {
    return this.#checks.every(({ ok }) => ok);
  }

  add(...checks: readonly (Check | undefined)[]): void {
    this.#checks.push(...checks.filter((check) => check !== undefined));
  }

  /**
   * @param describe the detail of a check that passed
   * @returns the value, or undefined if the check failed
   * @throws AppError `cancelled`, and any error that is not expected
   */
  async run<T>(
    name: string,
    check: () => Promise<T>,
    describe: (value: T) => string,
  ): Promise<T | undefined> {
    try {
      const value = await check();
      this.add({ name, ok: true, detail: describe(value) });
      return value;
    } catch (error) {
      if (!isAppError(error) || error.code === 'cancelled') throw error;
      const fix = error.hint === undefined ? {} : { fix: error.hint };
      this.add({ name, ok: false, detail: error.message, ...fix });
      return undefined;
    }
  }
}
