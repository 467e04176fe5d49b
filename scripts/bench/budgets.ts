/** The largest ratio that is allowed, or on the embedded Nextcloud the most milliseconds that may be added. */
export interface Budget {
  readonly measured: string;
  readonly against: string;
  readonly unit: 'ms' | 'MB' | 'characters';
  readonly ratio: number;
  /** On the embedded Nextcloud, which answers at once, the added time counts instead. */
  readonly overheadMs?: number;
}

const call = { unit: 'ms', ratio: 1.15, overheadMs: 1.5 } as const;

export const budgets = {
  start: {
    measured: 'start to answered `tools/list`',
    against: '`@modelcontextprotocol/server-filesystem`',
    unit: 'ms',
    ratio: 1,
  },
  memory: {
    measured: 'memory when idle',
    against: '`@modelcontextprotocol/server-filesystem`',
    unit: 'MB',
    ratio: 1,
  },
  info: { measured: '`get_file_info`', against: 'one raw PROPFIND, depth 0', ...call },
  list: { measured: '`list_files`, 20 entries', against: 'one raw PROPFIND, depth 1', ...call },
  read: { measured: '`read_file`, 1 KB, of a listed folder', against: 'one raw GET', ...call },
  wide: {
    measured: '`list_files`, 10,000 entries, first page',
    against: 'raw PROPFIND drained',
    unit: 'ms',
    ratio: 1.25,
    overheadMs: 60,
  },
  again: {
    measured: 'the same again, unchanged',
    against: 'one raw PROPFIND, depth 0',
    unit: 'ms',
    ratio: 1.2,
    overheadMs: 1.5,
  },
  tree: {
    measured: '100,000 files in 2,000 folders again after one change deep inside',
    against: 'walking them again with `webdav`',
    unit: 'ms',
    ratio: 0.02,
  },
  search: {
    measured: '`search_files` in 100,000 files',
    against: 'raw SEARCH drained',
    unit: 'ms',
    ratio: 1.1,
  },
  text: {
    measured: 'a listed entry as text',
    against: 'compact JSON of all its fields',
    unit: 'characters',
    ratio: 0.4,
  },
  structured: {
    measured: 'a listed entry as structured content',
    against: 'compact JSON of all its fields',
    unit: 'characters',
    ratio: 0.75,
  },
  parallel: {
    measured: '50 calls at once',
    against: '50 raw requests in an equal pool',
    unit: 'ms',
    ratio: 1.2,
    overheadMs: 40,
  },
} as const satisfies Record<string, Budget>;

export type Row = keyof typeof budgets;
