import type { Hint, Part, UnitRange, DocumentSummary, WalkPlace, WalkStep } from '../kernel/document.ts';
import type { SerializedDocumentError } from '../kernel/document-error.ts';

/**
 * A request to a worker thread. The bytes are in shared memory, so that sending them again costs nothing
 * and any worker can reopen a document.
 */
export interface WorkerRequest {
  /** Identifies the document. */
  key: number;
  bytes: Uint8Array<SharedArrayBuffer>;
  hint: Hint;
  /** Return the summary of the document. */
  summary?: true;
  /** Return this part of the document. */
  range?: UnitRange;
  /** Return some of all the texts, from here on. */
  walk?: WalkPlace;
}

/** A message without an answer: close a document, or load the library of a format. */
export type WorkerNotice = { drop: number } | { prepare: string };

export interface WorkerAnswer {
  summary?: DocumentSummary;
  part?: Part;
  step?: WalkStep;
  error?: SerializedDocumentError;
}
