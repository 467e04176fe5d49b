import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../../src/log.ts';
import { KEPT_MS, MAX_CHANGES } from '../../src/store/history-table.ts';
import type { HistoryTable } from '../../src/store/history-table.ts';
import { MemoryHistory } from '../../src/store/memory-history.ts';
import { STORE_FILE, Store } from '../../src/store/store.ts';

let folder: string;
let stores: Store[];
const now = Date.now();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-store-'));
  stores = [];
});
afterEach(async () => {
  for (const store of stores) await store.close();
  rmSync(folder, { recursive: true });
});

const open = async (): Promise<HistoryTable> => {
  const store = new Store(folder, createLog('silent'));
  stores.push(store);
  return store.history();
};
const step = (fileId: string, etag?: string) => ({ fact: `{"of":"${fileId}"}`, before: { fileId, etag } });

describe.each([
  ['in a file', open],
  ['in memory', async (): Promise<HistoryTable> => new MemoryHistory('a reason')],
])('the table of changes %s', (_, make) => {
  let table: HistoryTable;
  beforeEach(async () => {
    table = await make();
  });
  const begin = (principal: string, at = now): number =>
    table.begin(principal, { at, tool: 'edit_file' }, [step('1', 'a')]).number;

  it('numbers the changes of each principal, and shows nobody those of another', () => {
    expect([begin('alice'), begin('bob'), begin('alice')]).toEqual([1, 1, 2]);
    expect(table.list('alice', 10).map(({ number }) => number)).toEqual([2, 1]);
    expect(table.list('bob', 10).map(({ number }) => number)).toEqual([1]);
    expect(table.list('carol', 10)).toEqual([]);
    expect(table.find({ principal: 'bob', number: 2 })).toBeUndefined();
  });

  it('keeps steps with their state, and drops what was not made', () => {
    const number = begin('alice');
    const key = { principal: 'alice', number };
    expect(table.add(key, [step('2'), step('3')])).toEqual([2, 3]);
    table.update(key, [{ step: 1, state: 'done', after: { fileId: '1', etag: 'b' }, ref: '7' }]);
    table.drop(key, [2]);
    expect(table.find(key)?.steps).toEqual(
      [
        { step: 1, state: 'done', ...step('1', 'a'), after: { fileId: '1', etag: 'b' }, ref: '7' },
        {
          step: 3,
          state: 'begun',
          ...step('3'),
          after: { fileId: undefined, etag: undefined },
          ref: undefined,
        },
      ].map(
        (one) => expect.objectContaining({ step: one.step, state: one.state, fact: one.fact }) as unknown,
      ),
    );
    table.drop(key, [1, 3]);
    expect(table.find(key)).toBeUndefined();
    expect(table.list('alice', 10)).toEqual([]);
  });

  it('finds the same contents again under another etag and id', () => {
    const key = { principal: 'alice', number: begin('alice') };
    table.update(key, [{ step: 1, state: 'done', after: { fileId: '1', etag: 'b' } }]);
    begin('bob');
    table.renew('alice', { fileId: '1', etag: 'b' }, { fileId: '9', etag: 'c' });
    expect(table.find(key)?.steps[0]).toMatchObject({
      before: { fileId: '9', etag: 'a' },
      after: { fileId: '9', etag: 'c' },
    });
    expect(table.find({ principal: 'bob', number: 1 })?.steps[0]).toMatchObject({
      before: { fileId: '1', etag: 'a' },
    });
  });

  it('keeps a day and a number of changes, and uses no number again', () => {
    begin('alice', now - KEPT_MS - 1000);
    expect(begin('alice')).toBe(2);
    expect(table.list('alice', 10).map(({ number }) => number)).toEqual([2]);
    for (let made = 0; made < MAX_CHANGES; made++) begin('alice');
    const left = table.list('alice', 1);
    expect(left).toHaveLength(MAX_CHANGES);
    expect(left[0]?.number).toBe(MAX_CHANGES + 2);
  });

  it('says of a change how many steps it has beside those that it shows', () => {
    const key = { principal: 'alice', number: begin('alice') };
    table.add(key, [step('2'), step('3')]);
    table.setGap(key, 'it is too much');
    expect(table.list('alice', 2)[0]).toMatchObject({ count: 3, gap: 'it is too much' });
    expect(table.list('alice', 2)[0]?.steps).toHaveLength(2);
  });
});

describe('the file', () => {
  it.skipIf(process.platform === 'win32')(
    'can be read by this user only, with what lies beside it',
    async () => {
      const table = await open();
      table.begin('alice', { at: now, tool: 'x' }, [step('1')]);
      for (const name of [STORE_FILE, `${STORE_FILE}-wal`, `${STORE_FILE}-shm`])
        expect(statSync(join(folder, name)).mode & 0o777, name).toBe(0o600);
    },
  );

  it('is not made before something is kept', () => {
    stores.push(new Store(folder, createLog('silent')));
    expect(() => statSync(join(folder, STORE_FILE))).toThrow(/ENOENT/);
  });

  it('is shared by processes that write at once', async () => {
    const script = `
      import { openDatabase } from ${JSON.stringify(join(import.meta.dirname, '../../src/store/database.ts'))};
      import { SqliteHistory } from ${JSON.stringify(join(import.meta.dirname, '../../src/store/sqlite-history.ts'))};
      const table = new SqliteHistory(openDatabase(${JSON.stringify(join(folder, STORE_FILE))}));
      for (let n = 0; n < 50; n++) table.begin('alice', { at: Date.now(), tool: 'x' }, [{ fact: '{}', before: {} }]);
    `;
    const { spawn } = await import('node:child_process');
    const ended = [1, 2, 3].map(
      async () =>
        new Promise<string>((resolve) => {
          const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
          let said = '';
          child.stderr.on('data', (data: Buffer) => (said += data.toString()));
          child.on('close', (code) => resolve(`${code} ${said}`));
        }),
    );
    expect(await Promise.all(ended)).toEqual(['0 ', '0 ', '0 ']);
    const numbers = (await open()).list('alice', 1).map(({ number }) => number);
    expect(numbers).toEqual(Array.from({ length: 150 }, (_, index) => 150 - index));
  });

  it('that is no database is left as it is, and said', async () => {
    writeFileSync(
      join(folder, STORE_FILE),
      'something of mine, and longer than a header of a database'.repeat(20),
    );
    await expect(open()).rejects.toThrow(/not a database/);
    expect(execFileSync('head', ['-c', '17', join(folder, STORE_FILE)]).toString()).toBe('something of mine');
  });

  it('of a newer version of this program is left as it is', async () => {
    const table = await open();
    table.list('alice', 1);
    const database = new DatabaseSync(join(folder, STORE_FILE));
    database.exec('PRAGMA user_version = 99');
    database.close();
    await expect(open()).rejects.toThrow(/newer version/);
  });

  it.skipIf(process.platform === 'win32')('that is a pipe is not waited for', async () => {
    execFileSync('mkfifo', [join(folder, STORE_FILE)]);
    await expect(open()).rejects.toThrow(/not a plain file/);
  });

  it('in a folder that cannot be made is memory, and says so', async () => {
    writeFileSync(join(folder, 'file'), '');
    const store = new Store(join(folder, 'file', 'inside'), createLog('silent'));
    stores.push(store);
    const table = await store.history();
    expect(table.volatile).toBe('its state folder cannot be written');
    mkdirSync(join(folder, 'fine'));
  });
});
