/** Thrown where text was expected and something else was found. */
export class NotText extends Error {
  /** The first bytes of the file. */
  readonly head: Uint8Array;
  constructor(head: Uint8Array) {
    super('not a text');
    this.head = head;
  }
}
