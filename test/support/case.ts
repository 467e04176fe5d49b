/**
 * One thing that must hold, written once: the test run holds the embedded cloud to it, `test:live` a
 * real Nextcloud beside it. It works in `folder`, which is there, empty and its own.
 */
export interface Case<Subject> {
  readonly name: string;
  /** For which major versions of Nextcloud it holds; for all when left out. */
  readonly versions?: (major: number) => boolean;
  readonly run: (subject: Subject, folder: string) => Promise<void>;
}
