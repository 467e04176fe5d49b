/** How a pattern is meant. */
export type MatchKind = 'text' | 'words' | 'regex';

/** What is searched for in lines. */
export interface LinePattern {
  readonly pattern: string;
  readonly match: MatchKind;
  readonly caseSensitive: boolean;
}

/** Tells which lines match, and holds nothing else up meanwhile. */
export interface LineMatcher {
  /**
   * Whether one of the lines in a text may match. Asked for each piece of a large text, so that most of them need not be
   * split into lines.
   */
  mayMatch(text: string): boolean;
  match(lines: readonly string[], signal?: AbortSignal): Promise<LineMatches>;
  /** Where a line that matches does so, as far as that is easily told: the place that is shown of a long line. */
  placeIn(line: string): number;
}

export interface LineMatches {
  /** The indices of the lines that match. */
  readonly hits: ReadonlySet<number>;
  /** The indices of those that do not match as far as they were tested, which is not to their end. */
  readonly cut: ReadonlySet<number>;
}
