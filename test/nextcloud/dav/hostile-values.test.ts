import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Address } from '../../../src/nextcloud/address.ts';
import { readMultistatus } from '../../../src/nextcloud/dav/multistatus.ts';
import { toResource } from '../../../src/nextcloud/dav/resource.ts';
import { ROOT } from '../../../src/path.ts';
import { cpuTime } from '../../support/cpu-time.ts';

/** What takes time with the square of these lengths takes seconds. */
function inTime<T>(work: () => T): T {
  const start = cpuTime();
  const result = work();
  expect(cpuTime() - start).toBeLessThan(150);
  return result;
}

const address = new Address(new URL('https://cloud.example'));
const files = '/remote.php/dav/files/alice';

describe('a name that no path can have', () => {
  it.each([
    ['/a/%E9', '/a', String.raw`\xE9`, false],
    ['/%E9/b', '/', String.raw`\xE9`, true],
    ['/a/b%0a/c/', '/a', String.raw`b\x0A`, true],
    [`/${'a/'.repeat(1999)}a/b`, `/${'a/'.repeat(1999)}a`, 'b', false],
  ])('of %s is found in its folder', (href, folder, name, inside) => {
    expect(address.oddEntryOf(files + href, 'alice')).toEqual({ folder, name, inside });
  });

  it('is found in time in a path of 30,000 folders', () => {
    const href = `${files}/${'a/'.repeat(30_000)}`;
    const { folder } = inTime(() => address.oddEntryOf(href, 'alice'));
    expect(folder).toBe(`/${'a/'.repeat(1999)}a`);
  });

  it('is cut when it is long', () => {
    const { name } = inTime(() => address.oddEntryOf(`${files}/${'%E9'.repeat(20_000)}`, 'alice'));
    expect(name.length).toBeLessThan(5000);
    expect(name).toMatch(/^(\\xE9)+\.\.\.$/);
  });
});

describe('a value', () => {
  const resource = (property: string, text: string) =>
    toResource(ROOT, new Map([[property, { text, children: [] }]]), true);

  it.each([
    ['[{"scope":"permissions","key":"download","value":false}]', true],
    ['[{"scope":"permissions","key":"download","enabled":false}]', true],
    ['[{"scope":"permissions","key":"download","value":true}]', undefined],
    [
      '[{"scope":"a","key":"b","value":false},{"scope":"permissions","key":"download","value":true}]',
      undefined,
    ],
  ])('%s tells whether a share can only be viewed', (attributes, viewOnly) => {
    expect(resource('nc:share-attributes', attributes).detail?.viewOnly).toBe(viewOnly);
  });

  it('of many attributes of a share is read in time', () => {
    for (const attributes of ['"key":"download"'.repeat(15_000), '{"key":"download"'.repeat(14_000)])
      expect(inTime(() => resource('nc:share-attributes', attributes)).detail?.viewOnly).toBeUndefined();
  });

  it('that is too large for a number is not known', () => {
    expect(resource('oc:size', '9'.repeat(400)).size).toBeUndefined();
  });
});

describe('an answer is refused', () => {
  const read = async (...parts: string[]): Promise<void> => {
    const bytes = Buffer.from(`<d:multistatus xmlns:d="DAV:"${parts.join('')}</d:multistatus>`);
    await readMultistatus(Readable.from([bytes]), () => undefined);
  };

  it.each([
    [
      'an href',
      '><d:response><d:href>',
      `/${'a'.repeat(70_000)}`,
      '</d:href></d:response>',
      /href .* too long/,
    ],
    ['a value', '><a>', 'a'.repeat(260_000), '</a>', /value .* too long/],
    ['a tag', Array.from({ length: 1100 }, (_, at) => ` a${at}=""`).join(''), '>', '', /too many attributes/],
  ])('for %s that is too long', async (_, before, value, after, why) => {
    await expect(read(before, value, after)).rejects.toMatchObject({
      code: 'invalid_response',
      message: expect.stringMatching(why),
    });
  });
});
