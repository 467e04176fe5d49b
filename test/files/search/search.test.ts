import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Workspace } from '../../../src/files/workspace.ts';
import type { EmbeddedNextcloud } from '../../../src/embedded-nextcloud/index.ts';
import { openWorkspace } from '../../support/workspace.ts';
import { plant } from './forest.ts';
import type { Tree } from './forest.ts';
import { question, truth } from './truth.ts';
import { walk } from '../../support/walk.ts';
import { searchFiles } from '../../../src/files/search/search.ts';

describe('search against a look at every single file', () => {
  let cloud: EmbeddedNextcloud;
  let trees: Tree[];
  let workspace: Workspace;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ cloud, trees } = await plant(200));
    ({ workspace, close } = openWorkspace(cloud.url, { NEXTCLOUD_CACHE_SEARCH_SECONDS: '0' }));
  });
  afterAll(async () => {
    await close();
    await cloud.close();
  });

  it.each(Array.from({ length: 20 }, (_, i) => [i * 50]))('50 questions from %i on', async (from) => {
    let hits = 0;
    for (let number = from; number < from + 50; number++) {
      const asked = question(number, trees);
      const { paths, entries } = await walk((cursor) => searchFiles(workspace, { ...asked, cursor }, {}));
      expect(paths.toSorted(), JSON.stringify(asked)).toEqual(truth(asked, trees).toSorted());
      if (asked.sortBy === 'size') {
        const sizes = entries.map(({ size = 0 }) => (asked.order === 'asc' ? size : -size));
        expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
      }
      hits += paths.length;
    }
    expect(hits).toBeGreaterThan(100);
  });
});
