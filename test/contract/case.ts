import type { ContractContext } from './context.ts';

/** One fact about Nextcloud that the client relies on, or has to live with. */
export interface ContractCase {
  readonly area: string;
  readonly name: string;
  /** What other releases do, where they differ; the run checks that too. */
  readonly versions?: string;
  /**
   * What the case needs beside an account: accounts of its own, one of them with a received share (which the
   * embedded cloud does not mount), or a hand on the server itself.
   */
  readonly needs?: 'accounts' | 'received share' | 'embedded';
  run(context: ContractContext): Promise<void>;
}

type Run = ContractCase['run'];

/** The cases of one area, told one after the other. */
export class Area {
  readonly cases: ContractCase[] = [];
  readonly #area: string;

  constructor(area: string) {
    this.#area = area;
  }

  fact(name: string, run: Run, more: Pick<ContractCase, 'versions' | 'needs'> = {}): void {
    this.cases.push({ area: this.#area, name, run, ...more });
  }
}
