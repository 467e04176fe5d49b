import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { KEPT_MS, MAX_CHANGES, MAX_STEPS } from './history-table.ts';
import type {
  ChangeKey,
  HistoryTable,
  Identity,
  NewStep,
  StepState,
  StepUpdate,
  StoredChange,
  StoredStep,
} from './history-table.ts';

/** `number` is unique for each principal, because nobody is told how much the others do. */
export const historySchema = `
  CREATE TABLE change_numbers (principal TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE changes (
    principal TEXT NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    tool TEXT NOT NULL,
    takes_back INTEGER,
    gap TEXT,
    last_step INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (principal, number)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX changes_at ON changes (at);
  CREATE TABLE change_steps (
    principal TEXT NOT NULL,
    number INTEGER NOT NULL,
    step INTEGER NOT NULL,
    state TEXT NOT NULL,
    fact TEXT NOT NULL,
    before_id TEXT,
    before_etag TEXT,
    after_id TEXT,
    after_etag TEXT,
    ref TEXT,
    PRIMARY KEY (principal, number, step),
    FOREIGN KEY (principal, number) REFERENCES changes (principal, number) ON DELETE CASCADE
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX change_steps_before ON change_steps (principal, before_id);
  CREATE INDEX change_steps_after ON change_steps (principal, after_id);
`;

type Row = Record<string, SQLOutputValue>;

/** How many changes are made between two counts of all steps. */
const COUNT_EVERY = 16;

/** The changes of all principals, in a file that several processes may share. */
export class SqliteHistory implements HistoryTable {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  begin(
    principal: string,
    { at, tool, takesBack }: Pick<StoredChange, 'at' | 'tool' | 'takesBack'>,
    steps: readonly NewStep[],
  ): { number: number; steps: readonly number[] } {
    return this.#transaction(() => {
      const row = this.#sql(
        `INSERT INTO change_numbers VALUES (?, 1)
         ON CONFLICT (principal) DO UPDATE SET last = last + 1 RETURNING last`,
      ).get(principal);
      const number = Number(row?.['last']);
      this.#forget(principal, number, at);
      this.#sql('INSERT INTO changes (principal, number, at, tool, takes_back) VALUES (?, ?, ?, ?, ?)').run(
        principal,
        number,
        at,
        tool,
        takesBack ?? null,
      );
      return { number, steps: this.#insert({ principal, number }, steps) };
    });
  }

  add(key: ChangeKey, steps: readonly NewStep[]): readonly number[] {
    return this.#transaction(() => this.#insert(key, steps));
  }

  update({ principal, number }: ChangeKey, updates: readonly StepUpdate[]): void {
    this.#transaction(() => {
      for (const { step, state, after, ref } of updates)
        this.#sql(
          `UPDATE change_steps SET state = ?, after_id = coalesce(?, after_id),
           after_etag = coalesce(?, after_etag), ref = coalesce(?, ref)
           WHERE principal = ? AND number = ? AND step = ?`,
        ).run(state, after?.fileId ?? null, after?.etag ?? null, ref ?? null, principal, number, step);
    });
  }

  drop({ principal, number }: ChangeKey, steps: readonly number[]): void {
    this.#transaction(() => {
      for (const step of steps)
        this.#sql('DELETE FROM change_steps WHERE principal = ? AND number = ? AND step = ?').run(
          principal,
          number,
          step,
        );
    });
  }

  setGap({ principal, number }: ChangeKey, gap: string): void {
    this.#sql('UPDATE changes SET gap = ? WHERE principal = ? AND number = ?').run(gap, principal, number);
  }

  renew(principal: string, { fileId, etag }: Identity, now: Identity): void {
    if (fileId === undefined) return;
    this.#transaction(() => {
      for (const when of ['before', 'after'])
        this.#sql(
          `UPDATE change_steps SET
           ${when}_etag = CASE WHEN ${when}_etag = ? THEN coalesce(?, ${when}_etag) ELSE ${when}_etag END,
           ${when}_id = coalesce(?, ${when}_id)
           WHERE principal = ? AND ${when}_id = ?`,
        ).run(etag ?? null, now.etag ?? null, now.fileId ?? null, principal, fileId);
    });
  }

  list(principal: string, maxSteps: number): StoredChange[] {
    return this.#sql(
      `SELECT *, (SELECT count(*) FROM change_steps s WHERE s.principal = c.principal AND s.number = c.number) AS count
       FROM changes c WHERE principal = ? AND at >= ? ORDER BY number DESC`,
    )
      .all(principal, Date.now() - KEPT_MS)
      .filter(({ count }) => Number(count) > 0)
      .map((row) => this.#change(principal, row, maxSteps));
  }

  find({ principal, number }: ChangeKey): StoredChange | undefined {
    const row = this.#sql('SELECT * FROM changes WHERE principal = ? AND number = ? AND at >= ?').get(
      principal,
      number,
      Date.now() - KEPT_MS,
    );
    const change = row && this.#change(principal, row, -1);
    return change && change.steps.length > 0 ? change : undefined;
  }

  #change(principal: string, row: Row, maxSteps: number): StoredChange {
    const number = Number(row['number']);
    const steps = this.#sql(
      'SELECT * FROM change_steps WHERE principal = ? AND number = ? ORDER BY step LIMIT ?',
    )
      .all(principal, number, maxSteps)
      .map((step) => toStep(step));
    return {
      number,
      at: Number(row['at']),
      tool: String(row['tool']),
      takesBack: row['takes_back'] === null ? undefined : Number(row['takes_back']),
      gap: textIn(row['gap']),
      count: row['count'] === undefined ? steps.length : Number(row['count']),
      steps,
    };
  }

  #insert(key: ChangeKey, steps: readonly NewStep[]): number[] {
    const { principal, number } = key;
    const row = this.#sql(
      'UPDATE changes SET last_step = last_step + ? WHERE principal = ? AND number = ? RETURNING last_step',
    ).get(steps.length, principal, number);
    // Another process has forgotten the change meanwhile.
    if (!row) return [];
    const first = Number(row['last_step']) - steps.length + 1;
    return steps.map(({ fact, before }, index) => {
      this.#sql(
        `INSERT INTO change_steps (principal, number, step, state, fact, before_id, before_etag)
         VALUES (?, ?, ?, 'begun', ?, ?, ?)`,
      ).run(principal, number, first + index, fact, before.fileId ?? null, before.etag ?? null);
      return first + index;
    });
  }

  #forget(principal: string, number: number, now: number): void {
    this.#sql('DELETE FROM changes WHERE at < ?').run(now - KEPT_MS);
    this.#sql('DELETE FROM changes WHERE principal = ? AND number <= ?').run(principal, number - MAX_CHANGES);
    if (number % COUNT_EVERY !== 0) return;
    const rows = this.#sql(
      'SELECT number, count(*) AS count FROM change_steps WHERE principal = ? GROUP BY number ORDER BY number DESC',
    ).all(principal);
    let steps = 0;
    for (const row of rows) {
      steps += Number(row['count']);
      if (steps <= MAX_STEPS) continue;
      const last = Number(row['number']);
      this.#sql('DELETE FROM changes WHERE principal = ? AND number <= ?').run(principal, last);
      return;
    }
  }

  #transaction<T>(work: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  #sql(text: string): StatementSync {
    const statement = this.#statements.get(text) ?? this.#database.prepare(text);
    this.#statements.set(text, statement);
    return statement;
  }
}

function textIn(value: SQLOutputValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function toStep(row: Row): StoredStep {
  return {
    step: Number(row['step']),
    state: String(row['state']) as StepState,
    fact: String(row['fact']),
    before: { fileId: textIn(row['before_id']), etag: textIn(row['before_etag']) },
    after: { fileId: textIn(row['after_id']), etag: textIn(row['after_etag']) },
    ref: textIn(row['ref']),
  };
}
