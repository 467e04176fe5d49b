import type { Hand } from '../home/hand.ts';
import type { Changes } from '../judge/changes.ts';
import type { Fact } from '../judge/facts.ts';

/** The tools of one server, as a scripted solution uses them. */
export interface Tools {
  /** The text of a result. @throws Error when the call fails */
  text(tool: string, args: Readonly<Record<string, unknown>>): Promise<string>;
  /** The structured content of a result. @throws Error when the call fails */
  data(tool: string, args: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>>;
}

export interface Task {
  readonly id: string;
  /** What the person says. */
  readonly words: string;
  /** `NEXTCLOUD_TOOLSETS`; the default is `files`. */
  readonly toolsets?: string;
  /** What the answer must contain. */
  readonly facts: readonly Fact[];
  /** What it must not contain. */
  readonly never?: readonly Fact[];
  readonly changes?: Changes;
  /** Does what is asked with the tools, and gives the answer. It works with every build that tasks are played with. */
  readonly solution: (tools: Tools) => Promise<string>;
  /** What the person says after the first answer. The facts and changes of the task are those of the end. */
  readonly later?: {
    readonly words: string;
    /** What must have changed when the first answer is given. */
    readonly changes: Changes;
    readonly solution: (tools: Tools) => Promise<string>;
  };
  /** What an assistant may do wrong, done past the tools, and its last answer. It must be seen as not done, or as harm. */
  readonly wrong: {
    readonly harm: boolean;
    /** @param answer gives the first answer of two */
    readonly play: (hand: Hand, answer: () => void) => Promise<string> | string;
  };
}

/** The first group of a pattern in the text of a result. */
export function found(pattern: RegExp, text: string): string {
  const [, value] = pattern.exec(text) ?? [];
  if (value === undefined) throw new Error(`${String(pattern)} is not in: ${text.slice(0, 500)}`);
  return value;
}
