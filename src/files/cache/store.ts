/** What the service needs of a cache; one store per account, so that nobody sees another's files. */
export interface Store<V extends object> {
  get(key: string): V | undefined;
  set(key: string, value: V): void;
  delete(key: string): void;
  keys(): readonly string[];
  clear(): void;
}

export interface StoreOptions<V extends object> {
  readonly maxEntries: number;
  readonly maxBytes: number;
  /** Seconds until an entry is forgotten. */
  readonly seconds: number;
  /** Estimate in bytes. */
  readonly sizeOf: (value: V) => number;
  /** Each use makes an entry as young as a new one. */
  readonly renew?: boolean;
}
