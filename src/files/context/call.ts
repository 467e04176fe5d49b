import type { Noting } from '../history/recorder.ts';

/** Bytes or items done, of a total where it is known. */
export type ReportProgress = (done: number, total?: number, message?: string) => void;

/** What belongs to one call of an operation: how it is cancelled, who hears of its progress, and where its changes are noted. */
export interface Call extends Noting {
  readonly signal?: AbortSignal | undefined;
  readonly report?: ReportProgress;
}
