/** What a process counts about itself. Over stdio nobody asks for it, and nothing is counted. */
export interface Meter {
  /** A call of a tool begins. It ends with `ok` or the code of its error. */
  call(tool: string): (outcome: string) => void;
  /** Something was looked for in a cache. */
  cache(name: string, hit: boolean): void;
  /** Something was rejected because a limit is reached. @param scope whose part of the limit, such as `client` */
  refused(limit: string, scope: string): void;
}

export const noMeter: Meter = {
  call: () => () => undefined,
  cache: () => undefined,
  refused: () => undefined,
};
