/** What a thread is started with. */
export interface ThreadSetup {
  /** The folder of the compile cache, if the process has one. */
  readonly codeCache?: string;
  /** What the script of the thread needs to know. */
  readonly settings: unknown;
}

/** A question to a thread; without an id, nothing is answered. */
export interface ThreadMessage<Question> {
  readonly id?: number;
  readonly question: Question;
}

export interface ThreadReply<Answer> {
  readonly id: number;
  readonly answer?: Answer;
  /** Message of an exception that the thread did not expect. */
  readonly crash?: string;
}
