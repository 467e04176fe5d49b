import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/errors.ts';
import { cursorMark } from '../../../src/files/entry/cursor-bytes.ts';
import type { Cursor } from '../../../src/files/entry/cursor-bytes.ts';
import { Cursors, MAX_CURSOR_CHARS } from '../../../src/files/entry/cursor.ts';
import type { CursorScope } from '../../../src/files/entry/cursor.ts';
import { parsePath } from '../../../src/path.ts';
import type { RemotePath } from '../../../src/path.ts';

const key = randomBytes(32);
const scope: CursorScope = { folder: parsePath('/a'), query: ['list', 1, 'all', 'name', 'asc'] };
const short: Cursor = {
  offset: 100,
  mark: cursorMark('an etag'),
  last: { path: parsePath('/a/Berlin 2026.jpg'), folder: false, value: undefined },
};
const long: Cursor = {
  ...short,
  last: { path: parsePath(`/a/${'n'.repeat(200)}`), folder: false, value: undefined },
};

const cursorsOf = (principal = 'alice@cloud', catalogue = '1', signingKey: Uint8Array = key): Cursors =>
  new Cursors(signingKey, principal, catalogue);

function refused(work: () => unknown): string {
  try {
    return `accepted: ${JSON.stringify(work())}`;
  } catch (error) {
    if (error instanceof AppError) return `${error.code} ${error.remedy?.kind ?? ''} ${error.message}`;
    throw error;
  }
}

const isForeign =
  'invalid_input restart-listing The cursor cannot be continued here: another folder, search or process of the server gave it out';

describe.each([
  ['a cursor that holds all it needs', short],
  ['a handle', long],
])('%s', (what, cursor) => {
  const cursors = cursorsOf();
  const text = cursors.write(cursor, scope);

  it('is read as it was written, any number of times', () => {
    expect(cursors.read(text, scope)).toEqual(cursor);
    expect(cursors.read(` ${text}\n`, scope)).toEqual(cursor);
  });

  it('shows nothing of what is in it, and is another one each time', () => {
    for (const encoding of ['latin1', 'utf8', 'utf16le'] as const)
      expect(Buffer.from(text, 'base64url').toString(encoding)).not.toMatch(/Berlin|nnnn|offset/);
    expect(cursors.write(cursor, scope)).not.toBe(text);
  });

  it.each([
    ['another person', cursorsOf('bob@cloud'), scope],
    ['another version of the catalogue', cursorsOf('alice@cloud', '2'), scope],
    ['another process', cursorsOf('alice@cloud', '1', randomBytes(32)), scope],
    ['another folder', cursors, { ...scope, folder: parsePath('/b') }],
    ['another order', cursors, { ...scope, query: ['list', 1, 'all', 'name', 'desc'] }],
  ])('is not taken by %s', (_who, reader, asked) => {
    expect(refused(() => reader.read(text, asked))).toBe(isForeign);
  });

  it('is not taken when a single character is changed, added or left out', () => {
    for (let at = 0; at < text.length; at++) {
      const other = text[at] === 'A' ? 'B' : 'A';
      for (const altered of [
        text.slice(0, at) + other + text.slice(at + 1),
        text.slice(0, at) + text.slice(at + 1),
        `${text.slice(0, at)}!${text.slice(at)}`,
      ])
        expect(refused(() => cursors.read(altered, scope))).toBe(isForeign);
    }
  });

  it(`is ${what === 'a handle' ? 'refused with what to do' : 'taken'} after a restart with the same key`, () => {
    const answer = refused(() => cursorsOf().read(text, scope));
    expect(answer).toMatch(
      what === 'a handle'
        ? /^invalid_input restart-listing The cursor cannot be continued: this process of the server did not give it out, or has forgotten it$/
        : /^accepted: /,
    );
  });
});

describe('cursors', () => {
  it.each([
    ['nothing', ''],
    ['a word', 'nonsense'],
    ['zeros', 'A'.repeat(120)],
    ['megabytes', 'A'.repeat(4_000_000)],
    ['NUL', '\u0000'],
    ['JSON', Buffer.from('{"offset":1,"of":"1 all name asc /a"}').toString('base64url')],
  ])('that were never given out are refused: %s', (_what, text) => {
    expect(refused(() => cursorsOf().read(text, scope))).toBe(isForeign);
  });

  it('are forgotten one by one when very many long ones are given out', () => {
    const cursors = cursorsOf();
    const texts = Array.from({ length: 2000 }, () => cursors.write(long, scope));
    expect(refused(() => cursors.read(texts[0] ?? '', scope))).toMatch(/has forgotten it$/);
    expect(cursors.read(texts.at(-1) ?? '', scope)).toEqual(long);
  });

  const segment = fc
    .oneof(fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }), fc.string({ minLength: 1 }))
    .filter((name) => pathOf([name]) !== undefined);
  const path = fc
    .array(segment, { minLength: 1, maxLength: 12 })
    .map(pathOf)
    .filter((one) => one !== undefined);

  it('have at most 120 characters and come back whole, whatever the path', () => {
    const cursors = cursorsOf();
    const numbers = fc.oneof(fc.integer(), fc.double({ noNaN: true }), fc.constant(undefined));
    const marks = fc.oneof(fc.string().map(cursorMark), fc.constant(undefined));
    const last = fc.oneof(fc.record({ path, folder: fc.boolean(), value: numbers }), fc.constant(undefined));
    const offset = fc.integer({ min: 0, max: 2 ** 48 - 1 });
    const folder = fc.oneof(path, fc.constant(parsePath('/')));
    fc.assert(
      fc.property(fc.record({ offset, mark: marks, last }), folder, fc.boolean(), (cursor, top, below) => {
        const inside = cursor.last && below ? nested(top, cursor.last.path) : undefined;
        const written =
          inside && cursor.last ? { ...cursor, last: { ...cursor.last, path: inside } } : cursor;
        const where = { folder: top, query: 'q' };
        const text = cursors.write(written, where);
        expect(text.length).toBeLessThanOrEqual(MAX_CURSOR_CHARS);
        expect(text).toMatch(/^[\w-]+$/);
        expect(cursors.read(text, where)).toEqual(written);
      }),
      { numRuns: 1000 },
    );
  });

  it('have a length that depends on nothing but the last entry', () => {
    const cursors = cursorsOf();
    const lengths = [0, 1, 255, 256, 65_536, 2 ** 40].flatMap((offset) =>
      ['', 'x', 'a long etag of a hidden folder'].map(
        (mark) => cursors.write({ ...short, offset, mark: cursorMark(mark) }, scope).length,
      ),
    );
    expect(new Set(lengths).size).toBe(1);
  });
});

function pathOf(names: readonly string[]): RemotePath | undefined {
  try {
    return parsePath(`/${names.join('/')}`);
  } catch {
    return undefined;
  }
}

function nested(folder: RemotePath, path: RemotePath): RemotePath | undefined {
  return pathOf([...folder.split('/'), ...path.split('/')].filter((name) => name !== ''));
}
