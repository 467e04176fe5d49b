import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Bench, hrefs } from './client.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start();
  const home = bench.cloud.home();
  home.put('/Alpha.txt', 'x'.repeat(5), { mtime: 1_600_000_000 });
  home.put('/deep/er/alpha.png', 'x'.repeat(50), { mtime: 1_700_000_000 });
  home.put('/Ümlaut.md', '');
});
afterAll(() => bench.cloud.close());

const comparison = (operator: string, property: string, literal: string): string =>
  `<d:${operator}><d:prop><${property}/></d:prop><d:literal>${literal}</d:literal></d:${operator}>`;
const like = (pattern: string): string => comparison('like', 'd:displayname', pattern);

describe('SEARCH', () => {
  it('ignores the case of ASCII letters only, and searches the whole subtree', async () => {
    expect(hrefs(await bench.search(like('alpha%')))).toHaveLength(2);
    expect(hrefs(await bench.search(like('%ümlaut%')))).toHaveLength(0);
    expect(hrefs(await bench.search(like('%ÜMLAUT%')))).toHaveLength(1);
  });

  it('returns a hundred results without a limit', async () => {
    for (let i = 0; i < 150; i++) bench.cloud.home().put(`/many/m${i}.dat`, '');
    expect(hrefs(await bench.search(like('%.dat')))).toHaveLength(100);
    const rest = '<d:limit><d:nresults>1000</d:nresults></d:limit>';
    expect(hrefs(await bench.search(like('%.dat'), rest))).toHaveLength(150);
  });

  it.each([
    ['a missing where', '', 500],
    ['a property that cannot be searched', comparison('eq', 'd:getetag', 'x'), 400],
    ['an operator that does not fit', comparison('like', 'd:getlastmodified', 'x'), 500],
    ['two things inside not', `<d:not><d:and>${like('a')}${like('b')}</d:and></d:not>`, 500],
    ['too many comparisons', `<d:or>${like('a').repeat(101)}</d:or>`, 500],
  ])('refuses %s', async (_, where, status) => {
    expect((await bench.search(where)).status).toBe(status);
  });

  it('does not decode the scope', async () => {
    bench.cloud.home().put('/a b/alpha.txt', '');
    expect(hrefs(await bench.search(like('alpha%'), '', '/files/demo/a b'))).toHaveLength(1);
    expect((await bench.search(like('alpha%'), '', '/files/demo/a%20b')).status).toBe(404);
    expect((await bench.search(like('alpha%'), '', '/remote.php/dav/files/demo')).status).toBe(404);
  });

  it('searches a hundred thousand nodes quickly', async () => {
    const home = bench.cloud.home();
    for (let i = 0; i < 100_000; i++) home.put(`/pile/${i % 100}/${i}.bin`, '');
    const start = performance.now();
    expect(hrefs(await bench.search(like('77777.bin')))).toHaveLength(1);
    expect(performance.now() - start).toBeLessThan(1500);
  });
});
