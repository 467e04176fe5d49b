import type { ToolName } from '../../src/tools/catalogue.ts';
import type { Outcome } from '../support/bench.ts';
import type { Tree } from './scene.ts';

/** A call, what it must answer, and what must be different in the cloud and on the disk afterwards. */
export interface Case {
  readonly tool: ToolName;
  readonly what: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** A call that is made before, without a fault. */
  readonly before?: readonly [tool: ToolName, args: Readonly<Record<string, unknown>>];
  /** The verb that does the work. */
  readonly verb: string;
  /** Undefined when the answer is right, else what is wrong with it. */
  readonly wrong: (outcome: Outcome) => string | undefined;
  readonly remote?: (before: Tree) => Tree;
  readonly local?: (before: Tree) => Tree;
  /** What an error may leave behind of a change that takes several requests. */
  readonly parts?: readonly Part[];
  /** How many requests of the verb a change takes; 1 when absent. */
  readonly effects?: number;
}

export interface Part {
  readonly tree: (before: Tree) => Tree;
  /** The error must say so. A folder that was made on the way needs no word. */
  readonly told: boolean;
}

export const must = (right: boolean, what: string): string | undefined => (right ? undefined : what);

export const changed =
  (add: Readonly<Record<string, string>>, remove: readonly string[] = []) =>
  (before: Tree): Tree =>
    new Map([...[...before].filter(([path]) => !remove.includes(path)), ...Object.entries(add)]);

export const entryPaths = (data: Record<string, unknown>): string =>
  (data['entries'] as { path: string }[]).map(({ path }) => path).join(' ');

export const body = (text: string): string =>
  /^<<<(\w+)\n([\s\S]*)\n\1>>>$/m.exec(text)?.[2] ?? '(no fenced body)';
