import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { Address } from '../../src/nextcloud/address.ts';
import { parsePath, ROOT, segments } from '../../src/path.ts';
import type { RemotePath } from '../../src/path.ts';
import { destination } from './apache.ts';
import { BASE, nastyPath, ORIGIN, ROOT_PATH, USER } from './nasty.ts';
import { part, RUNS, TIMEOUT } from './runs.ts';

const address = new Address(new URL(ORIGIN + ROOT_PATH));

function parsed(text: string): RemotePath | undefined {
  try {
    return parsePath(text);
  } catch (error) {
    if (error instanceof AppError && error.code === 'invalid_input' && error.hint) return undefined;
    throw error;
  }
}

describe('a path', { timeout: TIMEOUT }, () => {
  test(`leads to itself below the account's base, or is refused (${RUNS} strings)`, () => {
    let accepted = 0;
    fc.assert(
      fc.property(nastyPath, (text) => {
        const path = parsed(text);
        if (path === undefined) return true;
        accepted++;
        return destination(address.file(USER, path), BASE) === path;
      }),
      part(1),
    );
    // Otherwise the property would say nothing.
    expect(accepted).toBeGreaterThan(RUNS / 10);
  });

  test('comes back from its own URL, however the server encodes it', () => {
    const styles: ((name: string) => string)[] = [
      encodeURIComponent,
      (name) => encodeURIComponent(name).replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()),
      (name) => [...Buffer.from(name)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
      (name) => encodeURIComponent(name).replace(/%(40|3A|28|29|2C)/g, (hex) => decodeURIComponent(hex)),
    ];
    fc.assert(
      fc.property(nastyPath, fc.constantFrom(...styles), (text, style) => {
        const path = parsed(text);
        if (path === undefined) return true;
        const href = path === ROOT ? `${BASE}/` : `${BASE}/${segments(path).map(style).join('/')}`;
        return address.pathOf(address.file(USER, path), USER) === path && address.pathOf(href, USER) === path;
      }),
      part(0.2),
    );
  });

  test('read from an href of the server never stands outside of the account', () => {
    const href = fc.oneof(
      nastyPath,
      nastyPath.map((text) => BASE + text),
      nastyPath.map((text) => `${BASE}/Work/${text}`),
      nastyPath.map((text) => `${ORIGIN}${BASE}${text}`),
    );
    fc.assert(
      fc.property(href, (text) => {
        try {
          const path = address.pathOf(text, USER);
          return path === undefined || parsePath(path) === path;
        } catch (error) {
          return error instanceof AppError && error.code === 'invalid_response';
        }
      }),
      part(0.5),
    );
  });

  test('of any user id stays below that id', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), nastyPath, (id, text) => {
        const path = parsed(text);
        if (path === undefined || !id.isWellFormed() || /[/\\\u0000]/.test(id) || /^\.{1,2}$/.test(id))
          return true;
        const base = `${ROOT_PATH}/remote.php/dav/files/${encodeURIComponent(id)}`;
        return destination(address.file(id, path), base) === path;
      }),
      part(0.1),
    );
  });
});
