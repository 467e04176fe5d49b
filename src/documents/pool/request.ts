import type { Hint, DocumentLimits, Part, UnitRange, DocumentSummary } from '../kernel/document.ts';
import type { ExtractFailure } from '../kernel/failure.ts';

/** What goes to a worker thread. The bytes are shared memory, so that any worker can open a document anew at no cost. */
export interface WorkerRequest {
  id: number;
  key: number;
  bytes: Uint8Array<SharedArrayBuffer>;
  hint: Hint;
  /** Open it and say what it is. */
  summary?: true;
  /** Read this part of it. */
  range?: UnitRange;
}

/** Without an answer: forget a document, or load what documents of a format need. */
export type WorkerNotice = { drop: number } | { prepare: string };

export interface WorkerAnswer {
  id: number;
  summary?: DocumentSummary;
  part?: Part;
  failure?: ExtractFailure;
}

export interface WorkerSetup {
  limits: DocumentLimits;
  /** Folder of compiled code, where the process keeps one. */
  codeCache?: string;
}
