import { readFileSync } from 'node:fs';
import type { Figures } from './meter.ts';

/** The line of a play in the file of results. */
export interface PlayResult extends Figures {
  readonly task: string;
  readonly build: string;
  readonly done: boolean;
  readonly harm: boolean;
  /** Why it is not done, and what harm was done. */
  readonly why: readonly string[];
  readonly answer: string;
}

export function readResults(file: string): PlayResult[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as PlayResult);
}
