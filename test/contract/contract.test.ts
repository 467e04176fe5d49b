import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contractCases } from './cases.ts';
import { Bench } from './bench.ts';

for (const version of ['34.0.1', '30.0.0', '29.0.1', '28.0.2'] as const)
  describe(`the embedded Nextcloud ${version} keeps the contract`, () => {
    let bench: Bench;
    beforeAll(async () => {
      bench = await Bench.embedded(version);
    });
    afterAll(async () => {
      await bench.close();
    });
    for (const one of contractCases.filter(({ needs }) => needs !== 'received share'))
      test(`${one.area}: ${one.name}`, async () => {
        expect(bench.can(one)).toBe(true);
        await bench.run(one);
      });
  });

test('every case has a name of its own', () => {
  const names = contractCases.map(({ area, name }) => `${area}: ${name}`);
  expect(new Set(names).size).toBe(names.length);
});
