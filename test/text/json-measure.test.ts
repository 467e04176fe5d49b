import { describe, expect, it } from 'vitest';
import { JsonMeasure, measureJson, messageLimits } from '../../src/text/json-measure.ts';
import { cpuTime } from '../support/cpu-time.ts';

const MB = 1024 * 1024;
const limits = { ...messageLimits, bytes: 4 * MB };

describe('JSON', () => {
  const measured = (text: string): unknown => {
    const { depth, values } = measureJson(Buffer.from(text), limits);
    return { depth, values };
  };

  it('is measured as it would be parsed', () => {
    expect(measured('1')).toEqual({ depth: 0, values: 1 });
    expect(measured('"[[[[,,,,"')).toEqual({ depth: 0, values: 1 });
    expect(measured(String.raw`"\"[[" `)).toEqual({ depth: 0, values: 1 });
    expect(measured(String.raw`["\\",[[]]]`)).toMatchObject({ depth: 3 });
    expect(measured('[[],[],[]]')).toMatchObject({ depth: 2 });
    expect(measured('{"a":[1,2],"b":{"c":3}}')).toMatchObject({ depth: 2 });
  });

  it.each([
    ['"x"', undefined],
    ['['.repeat(200), undefined],
    ['['.repeat(201), 'depth'],
    [`[${'0,'.repeat(99_000)}0]`, undefined],
    [`[${'0,'.repeat(100_000)}0]`, 'values'],
    [`[${'[],'.repeat(60_000)}[]]`, 'values'],
    [`{${'"":0,'.repeat(999)}"":0}`, undefined],
    [`{${'"":0,'.repeat(1000)}"":0}`, 'keys'],
    [`[${'{"a":0,"b":[0,0]},'.repeat(5000)}0]`, undefined],
    [`{"a":{${'"":0,'.repeat(600)}"":0},${'"":0,'.repeat(600)}"":0}`, undefined],
    [`{"a":{"b":{${'"":0,'.repeat(1000)}"":0}}}`, 'keys'],
    [`"${' '.repeat(4 * MB)}"`, 'bytes'],
    [`${'}'.repeat(1000)}${'['.repeat(1300)}`, 'depth'],
  ])('%# is over a limit or not', (text, excess) => {
    expect(measureJson(Buffer.from(text), limits).excess).toBe(excess);
  });

  it('is measured alike in pieces of any length', () => {
    const text = String.raw`{"id":"\u00e4\"x\\","params":{"a":["\\\"[",{"b":1}]},"method":"m","more":[[],[]]}`;
    const bytes = Buffer.from(text);
    const whole = measureJson(bytes, limits);
    for (let length = 1; length < bytes.length; length++) {
      const measure = new JsonMeasure(limits);
      for (let at = 0; at < bytes.length; at += length) measure.add(bytes.subarray(at, at + length));
      expect([measure.depth, measure.values, measure.bytes]).toEqual([
        whole.depth,
        whole.values,
        whole.bytes,
      ]);
      expect([measure.member('id'), measure.member('method')]).toEqual(['ä"x\\', 'm']);
    }
  });

  it.each([
    ['{"id":5,"method":"ping"}', 5],
    ['{ "jsonrpc" : "2.0" , "id" : -7 }', -7],
    ['{"params":{"id":3},"id":"a,b}"}', 'a,b}'],
    ['{"params":{"id":3,"x":[1,{"id":4}]}}', undefined],
    ['{"\\u0069d":3}', undefined],
    [`{"id":"${'x'.repeat(1000)}"}`, undefined],
    ['{"id":{"id":3}}', undefined],
    ['[{"id":3}]', undefined],
    ['{"id":3', undefined],
    ['{"id":nothing}', undefined],
    [`{"params":"${'x'.repeat(1000)}","id":9}`, 9],
    [`{${'"x":0,'.repeat(31)}"id":9}`, 9],
    [`{${'"x":0,'.repeat(32)}"id":9}`, undefined],
  ])('%s has the id %s', (text, id) => {
    expect(measureJson(Buffer.from(text), limits).member('id')).toBe(id);
  });

  it('is measured in a moment, four megabytes of it', () => {
    const pieces = [
      '[',
      '{"a":',
      '"\\"",',
      '\\',
      '"',
      'x',
      '{',
      '}',
      ',',
      '{"id":0,',
      '{}',
      '"id":0,',
      '{}}[},:',
    ];
    for (const piece of pieces) {
      const bytes = Buffer.concat([Buffer.from('{'), Buffer.alloc(4 * MB, piece)]);
      measureJson(bytes.subarray(0, 100_000), limits);
      const started = cpuTime();
      measureJson(bytes, limits);
      expect([piece, cpuTime() - started < 200]).toEqual([piece, true]);
    }
  });
});
