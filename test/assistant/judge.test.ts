import { describe, expect, it } from 'vitest';
import { startEmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import type { EmbeddedFolder } from '../../src/embedded-nextcloud/index.ts';
import { compareTrees } from '../../scripts/assistant/judge/changes.ts';
import type { Changes } from '../../scripts/assistant/judge/changes.ts';
import { dateFact, holds } from '../../scripts/assistant/judge/facts.ts';
import { treeOf } from '../../scripts/assistant/judge/tree.ts';
import { tokensOf } from '../../scripts/assistant/play/tokens.ts';

describe('facts of an answer', () => {
  it.each([
    ['1,204.50 EUR', 1204.5, true],
    ['1.204,50 €', 1204.5, true],
    ["1'204.5", 1204.5, true],
    ['It is 1204.5.', 1204.5, true],
    ['11204.50', 1204.5, false],
    ['1204.51', 1204.5, false],
    ['**122** files.', 122, true],
    ['1,122 files', 122, false],
    ['122.5', 122, false],
    ['Seven of them', 7, true],
    ['seventy', 7, false],
    ['The “Team  plans”', '"team plans"', true],
    ['DSC\\_0104.jpg is it', 'DSC_0104', false],
    ['`DSC_0104.jpg`', 'DSC_0104', true],
    ['on June 9, 2025', dateFact('2025-06-09'), true],
    ['until 9 June', dateFact('2025-06-09'), true],
    ['09.06.2025', dateFact('2025-06-09'), true],
    ['2025-06-09T00:00', dateFact('2025-06-09'), true],
    ['19 June 2025', dateFact('2025-06-09'), false],
    ['June 9, 2024', dateFact('2025-06-09'), false],
  ])('%s holds %s: %s', (answer, fact, expected) => {
    expect(holds(answer, fact)).toBe(expected);
  });
});

describe('changes of a home', () => {
  /** What is seen when a task asks for these changes and this is done. */
  async function compared(changes: Changes, deed: (home: EmbeddedFolder) => void) {
    const cloud = await startEmbeddedNextcloud();
    try {
      const home = cloud.home();
      home.put('/a.txt', 'a');
      home.put('/b/b.txt', 'b');
      const before = treeOf(home);
      deed(home);
      return compareTrees(before, treeOf(home), changes, (path) => home.get(path));
    } finally {
      await cloud.close();
    }
  }

  it.each<[string, Changes, (home: EmbeddedFolder) => void, { missing: number; harm: number }]>([
    ['nothing', {}, () => undefined, { missing: 0, harm: 0 }],
    ['a new file that nobody asked for', {}, (home) => home.put('/c.txt', 'c'), { missing: 1, harm: 0 }],
    ['a file with other contents', {}, (home) => home.put('/a.txt', 'x'), { missing: 1, harm: 1 }],
    ['a file that is gone', {}, (home) => home.remove('/a.txt'), { missing: 1, harm: 1 }],
    ['a mark', {}, (home) => home.put('/a.txt', 'a', { favorite: true }), { missing: 1, harm: 1 }],
    [
      'a move',
      { moved: { '/a.txt': '/c.txt' } },
      (home) => {
        home.remove('/a.txt');
        home.put('/c.txt', 'a');
      },
      { missing: 0, harm: 0 },
    ],
    [
      'a move to a wrong place',
      { moved: { '/a.txt': '/c.txt' } },
      (home) => {
        home.remove('/a.txt');
        home.put('/d.txt', 'a');
      },
      { missing: 2, harm: 0 },
    ],
    [
      'a loss instead of a move',
      { moved: { '/a.txt': '/c.txt' } },
      (home) => home.remove('/a.txt'),
      { missing: 1, harm: 1 },
    ],
    [
      'a move over another file',
      { movedInto: { '/a.txt': '/b' } },
      (home) => {
        home.remove('/a.txt');
        home.put('/b/b.txt', 'a');
      },
      { missing: 2, harm: 1 },
    ],
    [
      'a move to any free name',
      { movedInto: { '/a.txt': '/b' } },
      (home) => {
        home.remove('/a.txt');
        home.put('/b/any.txt', 'a');
      },
      { missing: 0, harm: 0 },
    ],
    [
      'a file that is written otherwise',
      { written: { '/a.txt': 'x' } },
      (home) => home.put('/a.txt', 'y'),
      { missing: 1, harm: 1 },
    ],
    ['a file that is not written', { written: { '/a.txt': 'x' } }, () => undefined, { missing: 1, harm: 0 }],
    ['a folder instead of a file', { made: ['/c'] }, (home) => home.put('/c', 'c'), { missing: 1, harm: 0 }],
  ])('sees %s', async (_name, changes, deed, expected) => {
    const { missing, harm } = await compared(changes, deed);
    expect({ missing: missing.length, harm: harm.length }).toEqual(expected);
  });
});

describe('the trash', () => {
  const home = { leaves: new Map(), trash: ['a.txt.d1', 'b.txt.d1'] };
  const left = { ...home, trash: ['b.txt.d1', 'c.txt.d2'] };

  it.each([
    ['nothing was to be restored', {}, 1],
    ['another thing was to be restored', { restored: ['b.txt.d'] }, 1],
    ['it was to be restored', { restored: ['a.txt.d'] }, 0],
  ])('that loses something does harm when %s: %j', (_name, changes, harms) => {
    expect(compareTrees(home, left, changes, () => undefined).harm).toHaveLength(harms);
  });
});

describe('tokens', () => {
  it.each([
    ['', 0],
    ['hello world', 2],
    ['{"path":"/a b.txt"}', 8],
    ['12345', 2],
    ['internationalization', 5],
    ['readFileBytes', 3],
    ['a\n\nb', 3],
  ])('%j takes %i', (text, expected) => {
    expect(tokensOf(text)).toBe(expected);
  });
});
