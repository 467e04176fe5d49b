import type { Hint, Limits, Part, Range, Summary } from './document.ts';
import type { Failure } from './failure.ts';

/** What goes to a worker thread. The bytes are shared memory, so that any worker can open a document anew at no cost. */
export interface Request {
  id: number;
  key: number;
  bytes: Uint8Array<SharedArrayBuffer>;
  hint: Hint;
  /** Open it and say what it is. */
  summary?: true;
  /** Read this part of it. */
  range?: Range;
}

/** Without an answer: forget a document, or load what documents of a format need. */
export type Notice = { drop: number } | { prepare: string };

export interface Answer {
  id: number;
  summary?: Summary;
  part?: Part;
  failure?: Failure;
}

export interface Setup {
  limits: Limits;
  /** Folder of compiled code, where the process keeps one. */
  codeCache?: string;
}
