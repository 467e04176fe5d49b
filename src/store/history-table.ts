/**
 * The table of changes: which tool changed what, so that it can be taken back. What was changed is kept as text that
 * only its reader understands; which file it was about stands beside it, because a file gets another etag, and
 * sometimes another id, when its contents come back.
 */

/** Whose change it is. The number is one person's own, and is never used again. */
export interface ChangeKey {
  /** Address of the Nextcloud and login. */
  readonly principal: string;
  readonly number: number;
}

/** Which file or folder, and which state of it. */
export interface Identity {
  readonly fileId?: string | undefined;
  readonly etag?: string | undefined;
}

/** `begun`: not known to have been made. `undone`: made and taken back. */
export type StepState = 'begun' | 'done' | 'undone';

export interface NewStep {
  /** What is changed, as JSON. */
  readonly fact: string;
  /** What it was before. */
  readonly before: Identity;
}

export interface StoredStep extends NewStep {
  readonly step: number;
  readonly state: StepState;
  /** What has become of it. */
  readonly after: Identity;
  /** What else names the result: the id of a share or of a comment. */
  readonly ref?: string | undefined;
}

export interface StoredChange {
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The tool that made it. */
  readonly tool: string;
  /** The change that this one has taken back. */
  readonly takesBack?: number | undefined;
  /** Why not everything is noted. */
  readonly gap?: string | undefined;
  /** How many steps it has, of which not all need be in `steps`. */
  readonly count: number;
  readonly steps: readonly StoredStep[];
}

/** What is to be set of a step. */
export interface StepUpdate {
  readonly step: number;
  readonly state: StepState;
  readonly after?: Identity | undefined;
  readonly ref?: string | undefined;
}

/** Each method is one short transaction. All of them may throw what SQLite throws. */
export interface HistoryTable {
  /** Why it ends with the process, in words; absent where it does not. */
  readonly volatile?: string | undefined;
  /** Begins a change with its first steps, and forgets what is too old. @returns its number and those of the steps */
  begin(
    principal: string,
    change: Pick<StoredChange, 'at' | 'tool' | 'takesBack'>,
    steps: readonly NewStep[],
  ): { readonly number: number; readonly steps: readonly number[] };
  /** Adds steps to a change. @returns their numbers */
  add(key: ChangeKey, steps: readonly NewStep[]): readonly number[];
  update(key: ChangeKey, updates: readonly StepUpdate[]): void;
  /** Removes steps that were not made. */
  drop(key: ChangeKey, steps: readonly number[]): void;
  setGap(key: ChangeKey, gap: string): void;
  /** The same contents have another identity now: every note about the old one is about the new one. */
  renew(principal: string, old: Identity, now: Identity): void;
  /** The changes, newest first. @param maxSteps of each change */
  list(principal: string, maxSteps: number): StoredChange[];
  find(key: ChangeKey): StoredChange | undefined;
}

/** Milliseconds for which a change is kept. */
export const KEPT_MS = 24 * 60 * 60 * 1000;
/** Changes of one principal. */
export const MAX_CHANGES = 1000;
/** Steps of all changes of one principal; the oldest changes go first. */
export const MAX_STEPS = 50_000;
