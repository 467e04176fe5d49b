/** What is searched for in lines. */
export interface LinePattern {
  readonly pattern: string;
  readonly regex: boolean;
  readonly caseSensitive: boolean;
}

/** Tells which lines match, and holds nothing else up meanwhile. */
export interface LineMatcher {
  match(lines: readonly string[], signal?: AbortSignal): Promise<LineMatches>;
}

export interface LineMatches {
  /** The indices of the lines that match. */
  readonly hits: ReadonlySet<number>;
  /** The indices of those that do not match as far as they were tested, which is not to their end. */
  readonly cut: ReadonlySet<number>;
}
