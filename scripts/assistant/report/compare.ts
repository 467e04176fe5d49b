import type { PlayResult } from '../play/results.ts';

/** The mean of the plays of one task, or the sum of the means of several. */
export interface Means {
  readonly plays: number;
  /** How many of the plays were done, and in how many harm was done. */
  readonly done: number;
  readonly harm: number;
  readonly calls: number;
  /** Arguments, and the texts or the structured content of the results. */
  readonly text: number;
  readonly structured: number;
  readonly tools: number;
}

export interface TaskRow {
  readonly task: string;
  readonly before: Means;
  readonly after: Means;
}

export interface Comparison {
  readonly before: string;
  readonly after: string;
  /** Tasks that both builds have played. */
  readonly rows: readonly TaskRow[];
  readonly total: TaskRow;
  /** Tasks that only one of them has played. */
  readonly left: readonly string[];
}

function meansOf(plays: readonly PlayResult[]): Means {
  const mean = (value: (play: PlayResult) => number): number =>
    plays.reduce((sum, play) => sum + value(play), 0) / plays.length;
  return {
    plays: plays.length,
    done: plays.filter(({ done }) => done).length,
    harm: plays.filter(({ harm }) => harm).length,
    calls: mean(({ calls }) => calls),
    text: mean(({ tokens }) => tokens.arguments + tokens.text),
    structured: mean(({ tokens }) => tokens.arguments + tokens.structured),
    tools: mean(({ tokens }) => tokens.tools),
  };
}

function sumOf(all: readonly Means[]): Means {
  const sum = (value: (means: Means) => number): number =>
    all.reduce((total, means) => total + value(means), 0);
  return {
    plays: sum(({ plays }) => plays),
    done: sum(({ done }) => done),
    harm: sum(({ harm }) => harm),
    calls: sum(({ calls }) => calls),
    text: sum(({ text }) => text),
    structured: sum(({ structured }) => structured),
    tools: sum(({ tools }) => tools),
  };
}

/** @throws Error when no task was played with both builds */
export function compareBuilds(results: readonly PlayResult[], before: string, after: string): Comparison {
  const byTask = Map.groupBy(results, ({ task }) => task);
  const rows: TaskRow[] = [];
  const left: string[] = [];
  for (const [task, plays] of byTask) {
    const of = (build: string): PlayResult[] => plays.filter((play) => play.build === build);
    const [first, second] = [of(before), of(after)];
    if (first.length > 0 && second.length > 0)
      rows.push({ task, before: meansOf(first), after: meansOf(second) });
    else if (first.length + second.length > 0) left.push(task);
  }
  if (rows.length === 0) throw new Error(`No task was played with both "${before}" and "${after}"`);
  const total = {
    task: 'all',
    before: sumOf(rows.map((row) => row.before)),
    after: sumOf(rows.map((row) => row.after)),
  };
  return { before, after, rows, total, left };
}
