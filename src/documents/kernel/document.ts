export type Family =
  'pdf' | 'word' | 'sheet' | 'slides' | 'book' | 'web' | 'mail' | 'archive' | 'image' | 'text' | 'unknown';

/** What offset and limit count. */
export type Unit = 'page' | 'slide' | 'row' | 'line' | 'chapter' | 'entry';

export interface Sheet {
  name: string;
  /** The last used row and column; left out where only reading the whole sheet would tell. */
  rows?: number;
  columns?: number;
  hidden?: boolean;
}

/** What is known of a document before any of it is read. Crosses the thread as it is. */
export interface DocumentSummary {
  family: Family;
  format: string;
  unit: Unit;
  total?: number;
  sheets?: Sheet[];
  facts: Record<string, string | number>;
  /** What the text leaves out, in words. */
  lost: string[];
}

export interface UnitRange {
  /** 1-based; negative counts from the end. */
  offset?: number;
  limit?: number;
  sheet?: string;
}

export interface Part {
  /** Markdown. */
  text: string;
  /** The first and last unit in the text; 0 and 0 where there is none. */
  first: number;
  last: number;
  total?: number;
  /** Nothing follows `last`, and nothing between `first` and `last` was cut. */
  complete: boolean;
  notes: string[];
}

/** An open document as a reader of one family gives it. */
export interface Reader extends DocumentSummary {
  read(range: UnitRange): Promise<Part>;
  close?(): Promise<void> | void;
}

export interface Document extends DocumentSummary {
  read(range: UnitRange, signal: AbortSignal): Promise<Part>;
  close(): Promise<void>;
}

export interface Hint {
  name: string;
  mimeType?: string;
  /** What to read inside an archive: `inner/path`, or `inner.zip!/path` one archive further down. */
  entry?: string;
}

export interface DocumentLimits {
  /** JavaScript heap of one worker thread. */
  memoryMb: number;
  /** What the whole process may grow by while one request runs: buffers are not part of a thread's heap. */
  growthMb: number;
  openMs: number;
  readMs: number;
  /** Bytes of a document. */
  inputBytes: number;
  /** Characters of one answer. */
  outputChars: number;
  /** Characters kept of one document that is turned into lines as a whole. */
  documentChars: number;
  archiveEntries: number;
  /** Bytes that one document may unpack to, over all its members. */
  archiveBytes: number;
  /** Archives inside archives, and parts inside parts of a mail. */
  nesting: number;
  /** Elements inside elements of XML and HTML. */
  depth: number;
  /** Cells of one answer. */
  cells: number;
  /** Columns of one answer. */
  columns: number;
  /** Characters of one table cell. */
  cellChars: number;
  workers: number;
  /** Open documents kept by one worker. */
  documents: number;
  /** After this long without a request a worker ends; what is read afterwards starts a new one. */
  idleMs: number;
}

export const defaultDocumentLimits: DocumentLimits = {
  memoryMb: 256,
  growthMb: 768,
  openMs: 20_000,
  readMs: 20_000,
  inputBytes: 100 * 1024 * 1024,
  outputChars: 60_000,
  documentChars: 20_000_000,
  archiveEntries: 10_000,
  archiveBytes: 256 * 1024 * 1024,
  nesting: 3,
  depth: 256,
  cells: 50_000,
  columns: 200,
  cellChars: 2_000,
  workers: 2,
  documents: 8,
  idleMs: 60_000,
};
