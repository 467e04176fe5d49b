import type { Note } from '../../remedy.ts';

export interface ReadOptions {
  /** 1-based line, page, slide or row; negative counts from the end. */
  readonly offset: number;
  /** For text: what the line has that the offset counts from. */
  readonly at?: string | undefined;
  /** The most lines, pages, slides or rows. */
  readonly limit?: number | undefined;
  /** The name of a sheet, for a spreadsheet. */
  readonly sheet?: string | undefined;
  readonly as: 'auto' | 'text' | 'image';
}

/** The result of reading a file. What this program says is kept apart from what the file contains. */
export interface Reading {
  /** One line: path, type, size, which part this is. */
  readonly header: string;
  /** The contents of the file. */
  readonly body?: string;
  readonly image?: { readonly mimeType: string; readonly data: string };
  /** How to read on, and what was left out. */
  readonly notes: readonly Note[];
}
