import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { LocalFolders } from '../../src/files/local/local-folders.ts';
import { nastyPath } from './nasty.ts';
import { part, TIMEOUT } from './runs.ts';

let outside = '';
let allowed = '';

beforeAll(() => {
  outside = realpathSync(mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-')));
  allowed = join(outside, 'allowed');
  mkdirSync(join(allowed, 'sub'), { recursive: true });
  mkdirSync(join(outside, 'allowed-not'));
  writeFileSync(join(outside, 'secret.txt'), 'secret');
  writeFileSync(join(allowed, 'sub', 'own.txt'), 'own');
  symlinkSync(outside, join(allowed, 'up'));
  symlinkSync(join(outside, 'secret.txt'), join(allowed, 'link.txt'));
});

afterAll(() => rmSync(outside, { recursive: true, force: true }));

const local = fc.oneof(
  nastyPath,
  fc
    .array(
      fc.constantFrom(
        '..',
        '.',
        'up',
        'link.txt',
        'sub',
        'own.txt',
        'secret.txt',
        'allowed',
        'allowed-not',
        'x',
        '',
        '~',
        '\u0000',
        'a\\..\\b',
      ),
      { maxLength: 6 },
    )
    .map((parts) => parts.join('/')),
  fc
    .array(fc.constantFrom('..', 'up', 'sub', 'x', 'secret.txt', 'allowed-not'), { maxLength: 4 })
    .map((parts) => `ROOT/${parts.join('/')}`),
);

const inside = (path: string): boolean => path === allowed || path.startsWith(allowed + sep);
const place = (text: string): string => text.replace(/^ROOT/, allowed);

describe('files of this computer', { timeout: TIMEOUT }, () => {
  test('no string reads or writes outside of the allowed folders', async () => {
    const folders = new LocalFolders([allowed]);
    let written = 0;
    let read = 0;
    await fc.assert(
      fc.asyncProperty(local, nastyPath, fc.boolean(), async (text, name, overwrite) => {
        try {
          const target = await folders.target(place(text), name, overwrite);
          written++;
          await target.write(Buffer.from('x'), 0);
          await target.discard();
          expect(inside(realpathSync(join(target.path, '..')))).toBe(true);
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
        }
        try {
          const source = await folders.source(place(text));
          read++;
          expect(inside(realpathSync(source.path))).toBe(true);
          expect(readFileSync(source.path, 'utf8')).not.toBe('secret');
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
        }
      }),
      // One that is allowed, so that a reading is among them whatever comes up.
      { ...part(0.02), examples: [['sub/own.txt', 'own.txt', true]] },
    );
    expect(written).toBeGreaterThan(10);
    expect(read).toBeGreaterThan(0);
    expect(readdirSync(outside).toSorted()).toEqual(['allowed', 'allowed-not', 'secret.txt']);
    expect(readdirSync(join(outside, 'allowed-not'))).toEqual([]);
    expect(existsSync(join(outside, 'secret.txt'))).toBe(true);
  });
});
