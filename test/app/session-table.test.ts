import { describe, expect, it } from 'vitest';
import { SessionTable } from '../../src/app/session-table.ts';
import type { Session } from '../../src/mcp/session.ts';

const limits = { total: 3, perPerson: 2, idleMs: 1000, graceMs: 100 };

describe('the table of sessions', () => {
  const closed: string[] = [];
  let now = 0;
  const create = (key: string) => (): Session => {
    const workspace = { close: async () => Promise.resolve(void closed.push(key)) };
    return { workspace } as unknown as Session;
  };
  const open = (table: SessionTable, id: string, key: string): Session =>
    table.open({ id, key }, create(key));

  it('closes nothing that somebody holds, and refuses whoever comes last', () => {
    const table = new SessionTable({ limits, now: () => now });
    const first = open(table, 'alice', 'a1');
    const release = table.hold({ key: 'a1' });
    open(table, 'bob', 'b1');
    open(table, 'carol', 'c1');
    const holds = ['b1', 'c1'].map((key) => table.hold({ key }));
    now += 10_000;
    expect(() => open(table, 'dave', 'd1')).toThrow('maximum number of users');
    expect(open(table, 'alice', 'a1')).toBe(first);
    holds[1]?.();
    // It was in use just now.
    expect(() => open(table, 'dave', 'd1')).toThrow('maximum number of users');
    now += 200;
    open(table, 'dave', 'd1');
    expect(closed).toEqual(['c1']);
    release();
    table.close();
  });

  it("replaces a person's own oldest one", () => {
    closed.length = 0;
    const table = new SessionTable({ limits, now: () => now });
    open(table, 'alice', 'a1');
    open(table, 'alice', 'a2');
    open(table, 'bob', 'b1');
    open(table, 'alice', 'a1');
    open(table, 'alice', 'a3');
    expect(closed).toEqual(['a2']);
    const releases = ['a1', 'a3'].map((key) => table.hold({ key }));
    expect(() => open(table, 'alice', 'a4')).toThrow('2 app passwords at once');
    for (const release of releases) release();
    open(table, 'alice', 'a4');
    expect(closed).toEqual(['a2', 'a1']);
    table.close();
    expect(table.size).toBe(0);
  });
});
