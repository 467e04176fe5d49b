import { Readable } from 'node:stream';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { readMultistatus } from '../../src/nextcloud/dav/multistatus.ts';
import type { MultistatusLimits, ResourceResponse } from '../../src/nextcloud/dav/multistatus.ts';
import { part, TIMEOUT } from './runs.ts';

const limits: MultistatusLimits = {
  bytes: 20_000,
  responses: 20,
  depth: 10,
  text: 500,
  href: 500,
  parts: 60,
};

const name = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((text) => text.isWellFormed());
const entry = fc.record({
  name,
  size: fc.nat(),
  folder: fc.boolean(),
  note: fc.option(name, { nil: undefined }),
});
type Entry = { name: string; size: number; folder: boolean; note: string | undefined };

const escape = (text: string): string =>
  text.replace(/[&<>"\u0000-\u001f\ufffe\uffff]/g, (char) =>
    char > '\u001f' && char < '\ufffe' ? `&#${char.charCodeAt(0)};` : '?',
  );

function xml(entries: readonly Entry[], prefix: string): string {
  const responses = entries.map(
    ({ name: text, size, folder, note }) =>
      `<${prefix}:response><${prefix}:href>/files/${encodeURIComponent(text)}</${prefix}:href><${prefix}:propstat><${prefix}:prop><${prefix}:getetag>"e"</${prefix}:getetag><${prefix}:resourcetype>${folder ? `<${prefix}:collection/>` : ''}</${prefix}:resourcetype><o:size>${size}</o:size>${note === undefined ? '' : `<n:note>${escape(note)}</n:note>`}</${prefix}:prop><${prefix}:status>HTTP/1.1 200 OK</${prefix}:status></${prefix}:propstat></${prefix}:response>`,
  );
  return `<?xml version="1.0"?>\n<${prefix}:multistatus xmlns:${prefix}="DAV:" xmlns:o="http://owncloud.org/ns" xmlns:n="http://nextcloud.org/ns">${responses.join('\n')}</${prefix}:multistatus>`;
}

/** The bytes cut into pieces, in the middle of characters too. */
function chunks(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

async function read(
  pieces: readonly Buffer[],
  within: MultistatusLimits = limits,
): Promise<ResourceResponse[] | AppError> {
  const found: ResourceResponse[] = [];
  try {
    await readMultistatus(Readable.from(pieces), (response) => found.push(response), within);
    return found;
  } catch (error) {
    if (error instanceof AppError && error.code === 'invalid_response') return error;
    throw error;
  }
}

const sizes = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 6 });
const prefix = fc.constantFrom('d', 'D', 'x', 'oc');

const damage = [
  '<!DOCTYPE a [<!ENTITY b "c">]>',
  '&b;',
  '&#0;',
  '&#xD800;',
  '<d:response>',
  '</d:response>',
  '<d:href>',
  '<![CDATA[',
  ']]>',
  '<!--',
  '-->',
  '<?php ?>',
  'xmlns:d="evil"',
  '<a b="c" b="d"/>',
  '\u0000',
  '<',
  '>',
  '"',
  '<d:prop><d:prop><d:prop><d:prop><d:prop>',
  'x'.repeat(600),
  '<y/>'.repeat(80),
];

describe('the reader of multistatus answers', { timeout: TIMEOUT }, () => {
  test('reads what a server wrote, however it is cut into pieces', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 8 }), prefix, sizes, async (entries, used, cuts) => {
        const found = await read(chunks(Buffer.from(xml(entries, used)), cuts));
        if (found instanceof AppError) throw found;
        expect(
          found.map(({ href, properties }) => ({
            name: decodeURIComponent(href.slice('/files/'.length)),
            size: Number(properties.get('oc:size')?.text),
            folder: properties.get('d:resourcetype')?.children.some((child) => child.name === 'd:collection'),
          })),
        ).toEqual(entries.map(({ name: text, size, folder }) => ({ name: text, size, folder })));
      }),
      part(0.02),
    );
  });

  test('throws nothing but its own error on damaged answers, and keeps to its limits', async () => {
    const change = fc.tuple(
      fc.nat(),
      fc.nat({ max: 40 }),
      fc.oneof(
        fc.constantFrom(...damage).map((text) => Buffer.from(text)),
        fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
      ),
    );
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(entry, { maxLength: 25 }),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        sizes,
        async (entries, changes, cuts) => {
          let bytes = Buffer.from(xml(entries, 'd'));
          for (const [where, length, insert] of changes) {
            const at = where % (bytes.length + 1);
            bytes = Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + length)]);
          }
          const found = await read(chunks(bytes, cuts));
          if (found instanceof AppError) return void refused++;
          expect(found.length).toBeLessThanOrEqual(limits.responses);
          for (const { properties } of found) {
            expect(properties.size).toBeLessThanOrEqual(limits.parts);
            for (const { text, children } of properties.values()) {
              expect(text.length).toBeLessThanOrEqual(limits.text * limits.parts);
              expect(children.length).toBeLessThanOrEqual(limits.parts);
            }
          }
        },
      ),
      part(0.05),
    );
    expect(refused).toBeGreaterThan(100);
  });

  const start = '<?xml version="1.0"?><d:multistatus xmlns:d="DAV:">';
  const big = { ...limits, bytes: 1e12, responses: 1000, text: 100_000 };
  test.each([
    ['a text', `${start}<d:response><d:href>`, 'a'],
    ['a name', `${start}<`, 'a'],
    ['an attribute', `${start}<d:response a="`, 'a'],
    ['a comment', `${start}<!--`, ' '],
    ['a processing instruction', `${start}<?a `, 'a'],
    ['blanks before the root', '', ' '],
    ['blanks after an entry', start, ' '],
    ['references', `${start}<d:response><d:href>`, '&amp;'],
    ['CDATA', `${start}<d:response><d:href>`, '<![CDATA[abc]]>'],
    ['entries', start, '<d:response><d:href>/a</d:href></d:response>'],
    ['properties', `${start}<d:response><d:href>/a</d:href><d:propstat><d:prop>`, '<d:a/>'],
    ['levels', start, '<d:response>'],
  ])('stops early where %s never ends', async (_, head, again) => {
    let given = 0;
    const piece = Buffer.from(again.repeat(Math.ceil(30_000 / again.length)));
    const endless = Readable.from(
      (function* () {
        yield Buffer.from(head);
        for (;;) {
          given += piece.length;
          yield piece;
        }
      })(),
    );
    await expect(readMultistatus(endless, () => undefined, big)).rejects.toMatchObject({
      code: 'invalid_response',
    });
    expect(given).toBeLessThan(2_000_000);
  });
});
