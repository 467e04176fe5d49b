/** Bytes or items done, of a total where it is known. */
export type ReportProgress = (done: number, total?: number, message?: string) => void;

/** What belongs to one call of an operation: how it is cancelled and who hears of its progress. */
export interface Call {
  readonly signal?: AbortSignal | undefined;
  readonly report?: ReportProgress;
}
