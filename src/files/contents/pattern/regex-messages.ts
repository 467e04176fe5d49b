export interface RegexPattern {
  readonly pattern: string;
  readonly caseSensitive: boolean;
}

export interface RegexQuestion extends RegexPattern {
  /** Without line ends, so that LF stands between them; undefined to look at the pattern only. */
  readonly lines: string | undefined;
}

export type RegexAnswer =
  /** Why the pattern is not a regular expression, or that it is too large for one. */
  | { readonly wrong: { readonly syntax: string } | 'too large' }
  | {
      /** The number of lines that were tested; the rest had no time. */
      readonly tested: number;
      /** The indices of those that match. */
      readonly hits: readonly number[];
      /** The indices of those that do not match as far as they were tested, which is not to their end. */
      readonly cut: readonly number[];
    };
