/** How a value is read. A `file` is a path of this computer. */
export type OptionKind =
  'url' | 'text' | 'secret' | 'file' | 'flag' | 'list' | 'number' | 'choice' | 'address';

/** A setting. README, `help`, manual page, manifest and schema are generated from the table of all settings. */
export interface Option {
  readonly key: string;
  readonly env: string;
  /** A `secret` can also be given as a file: see `secretFileOf`. */
  readonly kind: OptionKind;
  readonly fallback?: string;
  /** The value of the flag when it stands alone; `true` for every flag of the kind `flag`. */
  readonly bare?: string;
  /** Describes the default in README and help when it is not a fixed text. */
  readonly fallbackText?: string;
  readonly help: string;
  readonly example: string;
  readonly choices?: readonly string[];
  /** Has an effect over HTTP only. */
  readonly http?: true;
  /** Listed by `help` and in the manual page, but not in the README. */
  readonly advanced?: true;
  /** Leaving it out allows more. So a mistyped variable that may mean it stops the program like a wrong value. */
  readonly limits?: true;
  readonly min?: number;
  readonly max?: number;
}

/** `--cache-listing-seconds` for `cacheListingSeconds`. */
export function flagOf(option: Option): string {
  return option.key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
