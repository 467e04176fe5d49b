import { describe, expect, test } from 'vitest';
import {
  backoff,
  isRead,
  MAX_ATTEMPTS,
  MAX_WAIT_MS,
  parseRetryAfter,
  reconcileDelay,
  retryDelay,
} from '../../../src/nextcloud/transport/retry.ts';
import type { RequestFailure } from '../../../src/nextcloud/transport/retry.ts';

const reads = ['GET', 'HEAD', 'PROPFIND', 'SEARCH', 'REPORT', 'OPTIONS'];
const writes = ['PUT', 'MKCOL', 'MOVE', 'COPY', 'DELETE', 'PROPPATCH', 'POST', 'LOCK'];

function delay(failure: Partial<RequestFailure>, random = 0): number | undefined {
  return retryDelay({ method: 'GET', attempt: 1, replayable: true, ...failure }, random);
}

const again = (failure: Partial<RequestFailure>): boolean => delay(failure) !== undefined;

test('reads and writes are told apart', () => {
  expect(reads.every(isRead)).toBe(true);
  expect(writes.some(isRead)).toBe(false);
});

describe('which failure is tried again', () => {
  // status: [a read, a write]; with Retry-After in the second pair
  const rules: [status: number, plain: [boolean, boolean], asked: [boolean, boolean]][] = [
    [400, [false, false], [false, false]],
    [401, [false, false], [false, false]],
    [403, [false, false], [false, false]],
    [404, [false, false], [false, false]],
    [405, [false, false], [false, false]],
    [408, [true, false], [true, false]],
    [409, [false, false], [false, false]],
    [412, [false, false], [false, false]],
    [413, [false, false], [false, false]],
    [416, [false, false], [false, false]],
    [423, [true, true], [true, true]],
    [429, [false, false], [true, true]],
    [500, [false, false], [false, false]],
    [501, [false, false], [false, false]],
    [502, [true, false], [true, false]],
    [503, [true, false], [true, false]],
    [504, [true, false], [true, false]],
    [507, [false, false], [false, false]],
  ];
  test.each(rules)('%i', (status, [read, write], [askedRead, askedWrite]) => {
    for (const method of reads) {
      expect(again({ method, status })).toBe(read);
      expect(again({ method, status, retryAfter: 1 })).toBe(askedRead);
    }
    for (const method of writes) {
      expect(again({ method, status })).toBe(write);
      expect(again({ method, status, retryAfter: 1 })).toBe(askedWrite);
    }
  });

  test.each([
    ['unsent', true, true],
    ['broken', true, false],
    ['timeout', false, false],
    ['garbage', false, false],
    ['certificate', false, false],
    ['name', false, false],
  ] as const)('%s', (network, read, write) => {
    for (const method of reads) expect(again({ method, network })).toBe(read);
    for (const method of writes) expect(again({ method, network })).toBe(write);
  });

  test('nothing whose body cannot be produced again', () => {
    expect(again({ network: 'unsent', replayable: false })).toBe(false);
    expect(again({ status: 503, replayable: false })).toBe(false);
  });

  test('a 401 never, whatever else is said', () => {
    for (const method of [...reads, ...writes])
      for (let attempt = 1; attempt < 10; attempt++)
        expect(delay({ method, attempt, status: 401, retryAfter: 0 })).toBeUndefined();
  });

  test('four times in all', () => {
    const tries = Array.from({ length: 10 }, (_, index) => again({ network: 'broken', attempt: index + 1 }));
    expect(tries.filter(Boolean)).toHaveLength(MAX_ATTEMPTS - 1);
    expect(MAX_ATTEMPTS).toBe(4);
  });
});

describe('how long is waited', () => {
  test('doubles, half of it by chance', () => {
    expect([1, 2, 3].map((attempt) => delay({ network: 'broken', attempt }, 0))).toEqual([100, 200, 400]);
    expect([1, 2, 3].map((attempt) => delay({ network: 'broken', attempt }, 0.999))).toEqual([200, 400, 800]);
  });

  test('never above the cap, however often', () => {
    expect(backoff(60, 0.999)).toBeLessThanOrEqual(MAX_WAIT_MS);
  });

  test('as long as Retry-After asks, and a little of chance', () => {
    expect(delay({ status: 429, retryAfter: 2 }, 0)).toBe(2100);
    expect(delay({ status: 503, retryAfter: 2 }, 0.999)).toBe(2200);
    expect(delay({ status: 429, retryAfter: 0 }, 0)).toBe(100);
  });

  test('not at all when Retry-After asks for more than an assistant waits', () => {
    expect(delay({ status: 429, retryAfter: 10 })).toBeDefined();
    expect(delay({ status: 429, retryAfter: 11 })).toBeUndefined();
    expect(delay({ status: 503, retryAfter: 1e9 })).toBeUndefined();
  });
});

describe('a change that was looked for and not found', () => {
  const doubt = { attempt: 1, status: undefined, retryAfter: undefined, over: true };
  test('is made again after a break, a 502 or a 503', () => {
    for (const status of [undefined, 502, 503]) expect(reconcileDelay({ ...doubt, status }, 0)).toBe(100);
  });
  test('is not while the server may still be at it', () => {
    for (const status of [500, 504, 408, 200])
      expect(reconcileDelay({ ...doubt, status }, 0)).toBeUndefined();
    expect(reconcileDelay({ ...doubt, over: false }, 0)).toBeUndefined();
  });
  test('is made three times at most', () => {
    expect([1, 2, 3, 4].map((attempt) => reconcileDelay({ ...doubt, attempt }, 0))).toEqual([
      100,
      200,
      undefined,
      undefined,
    ]);
  });
  test('waits as asked, up to the cap', () => {
    expect(reconcileDelay({ ...doubt, status: 503, retryAfter: 3 }, 0)).toBe(3100);
    expect(reconcileDelay({ ...doubt, status: 503, retryAfter: 60 }, 0)).toBeUndefined();
  });
});

describe('Retry-After', () => {
  const now = Date.UTC(2026, 0, 1);
  test.each([
    ['0', 0],
    ['120', 120],
    [' 7 ', 7],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30],
    ['Wed, 31 Dec 2025 23:59:00 GMT', 0],
  ])('%j is %i seconds', (text, seconds) => expect(parseRetryAfter(text, now)).toBe(seconds));

  test.each([
    undefined,
    '',
    '-5',
    '1.5',
    '1e3',
    '99999999999999999999',
    'soon',
    'abc 1',
    '2026-01-01',
    '0x10',
  ])('%j says nothing', (text) => expect(parseRetryAfter(text, now)).toBeUndefined());
});
