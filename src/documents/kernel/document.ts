export type Family =
  'pdf' | 'word' | 'sheet' | 'slides' | 'book' | 'web' | 'mail' | 'archive' | 'image' | 'text' | 'unknown';

/** The unit that `offset` and `limit` count. */
export type Unit = 'page' | 'slide' | 'row' | 'line' | 'chapter' | 'entry';

export interface Sheet {
  name: string;
  /** The number of the last used row and column; absent when only reading the whole sheet would tell. */
  rows?: number;
  columns?: number;
  hidden?: boolean;
}

/** What is known about a document before any of its text is read. Plain data, sent between threads as it is. */
export interface DocumentSummary {
  family: Family;
  format: string;
  unit: Unit;
  total?: number;
  sheets?: Sheet[];
  facts: Record<string, string | number>;
  /** What the text leaves out, as phrases for people, e.g. `charts`. */
  lost: string[];
}

export interface UnitRange {
  /** The first unit, from 1; a negative number counts from the end. */
  offset?: number;
  limit?: number;
  sheet?: string;
}

export interface Part {
  /** Markdown. */
  text: string;
  /** The first and last unit in the text; both 0 when there is none. */
  first: number;
  last: number;
  total?: number;
  /** True when nothing follows `last` and nothing between `first` and `last` was cut. */
  complete: boolean;
  notes: string[];
}

/** A row of a sheet, a page, a line or another unit, as text without anything that only lays it out. */
export interface UnitRow {
  /** The number of the unit. */
  at: number;
  /** Lines, separated by LF. */
  text: string;
}

/** Where all texts of a document, one after the other, are read on. Plain data, sent between threads as it is. */
export interface WalkPlace {
  /** The entries that lead to the text in archives, by their index from 0; none for the document itself. */
  entries: number[];
  /** The same as a path. */
  path?: string;
  /** The index of a sheet. */
  sheet: number;
  /** The next unit, from 1. */
  unit: number;
}

export interface WalkText {
  /** The path of the entry of an archive, or the attachment of a message. */
  entry?: string;
  /** The name of the sheet, if there are several. */
  sheet?: string;
  unit: Unit;
  rows: UnitRow[];
}

/** A text, or a part of one, that could not be read, or not as a whole. */
export interface WalkGap {
  entry?: string;
  reason: string;
}

export interface WalkStep {
  texts: WalkText[];
  gaps: WalkGap[];
  /** Absent at the end. */
  next?: WalkPlace;
}

/** An open document in the thread that reads it. */
export interface Reader extends DocumentSummary {
  read(range: UnitRange): Promise<Part>;
  /** The rows of a sheet from a row on, as many as fit into the characters of one answer. */
  rows?(sheet: number, first: number): Promise<{ rows: UnitRow[]; next?: number }>;
  close?(): Promise<void> | void;
}

/** An open document as the rest of the program sees it: its reader may run in another thread. */
export interface Document extends DocumentSummary {
  read(range: UnitRange, signal: AbortSignal): Promise<Part>;
  /** Some of all its texts, from a place on; those of archives and of attachments too. */
  walk(place: WalkPlace, signal: AbortSignal): Promise<WalkStep>;
  close(): Promise<void>;
}

/** What is known about a file besides its bytes. */
export interface Hint {
  name: string;
  mimeType?: string;
  /** The entry of an archive to read: `inner/path`, or `inner.zip!/path` for an archive inside the archive. */
  entry?: string;
}

export interface DocumentLimits {
  /** JavaScript heap of one worker thread, in MiB. */
  memoryMb: number;
  /** How many MiB the process may grow by during one request: buffers are not part of a thread's heap. */
  growthMb: number;
  /** The time limit in milliseconds for all that one call does in a worker; the wait for a worker does not count. */
  callMs: number;
  /** The size of a document in bytes. */
  inputBytes: number;
  /** Characters of one answer. */
  outputChars: number;
  /** Characters kept of a document that is converted as a whole. */
  documentChars: number;
  /** Entries listed of one archive. */
  archiveEntries: number;
  /** Bytes that one document may unpack to, all its members together. */
  archiveBytes: number;
  /** Levels of archives inside archives, and of messages inside a message. */
  nesting: number;
  /** Levels of nested XML elements. */
  depth: number;
  /** Cells of one answer. */
  cells: number;
  /** Columns of one answer. */
  columns: number;
  /** Characters of one table cell. */
  cellChars: number;
  /** Worker threads. */
  workers: number;
  /** Documents that one worker keeps open. */
  documents: number;
  /** A worker without a request for this long is terminated; the next request starts a new one. */
  idleMs: number;
}

export const defaultDocumentLimits: DocumentLimits = {
  memoryMb: 256,
  growthMb: 768,
  callMs: 9_000,
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
  idleMs: 30_000,
};
