import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { searchContents } from '../../../src/files/contents/search-contents.ts';
import { ScanBudget } from '../../../src/files/contents/scan-budget.ts';
import { parsePath } from '../../../src/path.ts';
import { startEmbeddedNextcloud } from '../../../src/embedded-nextcloud/index.ts';
import type { EmbeddedNextcloud } from '../../../src/embedded-nextcloud/index.ts';
import { openWorkspace } from '../../support/workspace.ts';

const MB = 1024 * 1024;
const LINES = 60_000;
const text = Array.from(
  { length: LINES },
  (_, at) => `${at % 10_000 === 5 ? 'needle' : 'hay'} ${at} ${'.'.repeat(100)}\n`,
).join('');

describe('What one call may fetch', { timeout: 60_000 }, () => {
  let cloud: EmbeddedNextcloud;
  let opened: ReturnType<typeof openWorkspace>;
  beforeAll(async () => {
    cloud = await startEmbeddedNextcloud();
    for (const name of ['a', 'b']) cloud.home().put(`/B/${name}.log`, text);
    opened = openWorkspace(cloud.url);
  });
  afterAll(async () => {
    await opened.close();
    await cloud.close();
  });

  it.each([false, true])('is bounded, and the next one goes on; newest first: %s', async (newestFirst) => {
    const options = {
      pattern: 'needle',
      match: 'text',
      caseSensitive: false,
      folder: parsePath('/B'),
      fileGlob: '',
      contextLines: 0,
      limit: 100,
      newestFirst,
    } as const;
    const seen: string[] = [];
    let [cursor, calls] = ['', 0];
    do {
      const budget = new ScanBudget(2 * MB, 60_000);
      const page = await searchContents(
        opened.workspace,
        { ...options, ...(cursor ? { cursor } : {}) },
        {},
        budget,
      );
      let heading = '';
      for (const row of page.body?.split('\n') ?? [])
        if (row.startsWith('/')) heading = row;
        else seen.push(`${heading} ${/ (\d+) \./.exec(row)?.[1]}`);
      const next = page.notes.map((note) => (typeof note === 'string' ? undefined : note.remedy));
      const remedy = next.find((each) => each?.kind === 'next-page');
      cursor = remedy?.kind === 'next-page' ? remedy.cursor : '';
      if (cursor !== '') expect(page.header).toContain('not complete');
      calls++;
    } while (cursor !== '' && calls < 50);
    const wanted = Array.from({ length: LINES / 10_000 }, (_, at) => at * 10_000 + 5);
    const expected = ['a', 'b'].flatMap((name) => wanted.map((at) => `/B/${name}.log ${at}`));
    expect(seen.toSorted()).toEqual(expected.toSorted());
    expect(calls).toBeGreaterThan(3);
  });
});
