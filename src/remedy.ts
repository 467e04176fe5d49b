/**
 * What can be done about an error, or to get more than a result shows. It is data, because each layer that
 * shows it has its own words: an assistant calls tools, a person at a terminal has commands.
 */
export type Remedy =
  | { readonly kind: 'check-connection' }
  | { readonly kind: 'correct-settings' }
  /** Nothing can work before a person has signed in or set these variables. */
  | { readonly kind: 'set-up'; readonly missing: readonly string[] }
  /** Look at what is there; with `folder` it is known where. */
  | { readonly kind: 'list'; readonly folder?: string }
  /** The path is that of a folder where a file is needed. */
  | { readonly kind: 'list-contents'; readonly folder: string }
  /** The path is that of a file where a folder is needed. */
  | { readonly kind: 'info'; readonly file: string }
  /** It is not known whether the change was made. */
  | { readonly kind: 'verify-change'; readonly place?: 'comments' | 'shares' | 'tags' | 'trash' | 'versions' }
  /** The same for an address that nobody has seen, if it was made at all. */
  | { readonly kind: 'unseen-link' }
  | { readonly kind: 'create-folder'; readonly folder: string }
  /** `keeps` says what becomes of the file that is replaced. */
  | { readonly kind: 'overwrite'; readonly keeps?: 'version' | 'trash' }
  | { readonly kind: 'upload-again' }
  /** An edit cannot do it: store the file as a whole. */
  | { readonly kind: 'replace-file' }
  | { readonly kind: 'read' }
  | { readonly kind: 'read-sheet' }
  /** There is more from this line, page, slide or row on. */
  | { readonly kind: 'read-on'; readonly offset: number }
  /** The same from a place whose number is not known. */
  | { readonly kind: 'read-on-at'; readonly at: string }
  /** With `preview` the server may have a picture of it. */
  | { readonly kind: 'read-bytes'; readonly preview?: boolean }
  /** Lines are cut, and only the bytes have them whole. */
  | { readonly kind: 'read-whole-lines'; readonly lines: number }
  | { readonly kind: 'download' }
  | { readonly kind: 'list-trash' }
  | { readonly kind: 'list-versions' }
  | { readonly kind: 'restore-version' }
  /** What was changed within the last day, and can be taken back. */
  | { readonly kind: 'list-changes' }
  | { readonly kind: 'list-shares' }
  | { readonly kind: 'list-tags' }
  | { readonly kind: 'list-transfers' }
  | { readonly kind: 'free-destination' }
  | { readonly kind: 'replace-all' }
  | { readonly kind: 'restart-listing' }
  /** There is more, and the same call goes on with this cursor. */
  | { readonly kind: 'next-page'; readonly cursor: string }
  /** The call works without this option. */
  | { readonly kind: 'omit'; readonly option: 'offset' | 'at' | 'regex' | 'if-match' };

/** A remark beside a result: a sentence, what can be done, or both. */
export type Note = string | { readonly text?: string; readonly remedy: Remedy };
