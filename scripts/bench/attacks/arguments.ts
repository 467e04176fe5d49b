import { inputSchema } from '../../../src/tools/arguments/shown-schema.ts';
import { catalogue } from '../../../src/tools/catalogue.ts';
import { oneCallEach } from '../../../test/faults/cases.ts';
import { megabytes } from './attack.ts';
import type { Attack, Arguments, Blow, Group } from './attack.ts';

/** Every tool with too much in each of its parameters, and with parameters that it does not have. */

const texts: readonly (() => unknown)[] = [
  () => megabytes(4),
  () => megabytes(2, '/a'),
  () => `/${megabytes(1, '%41')}`,
  () => megabytes(1, '../'),
  () => megabytes(1, 'a\u0301\u0302'),
  () => megabytes(1, '\u202E\n'),
  () => megabytes(1, '*a'),
  () => megabytes(2, '9'),
  () => megabytes(1, ' '),
  () => `https://cloud.example/f/${megabytes(1, '1')}`,
  () => `https://cloud.example/apps/files?dir=${megabytes(1, '/%41')}`,
  () => `[${megabytes(2, '[')}`,
  () => Array.from({ length: 4000 }, () => 'a'),
];

const numbers: readonly (() => unknown)[] = [
  () => 1e308,
  () => -1e308,
  () => megabytes(2, '9'),
  () => `${megabytes(1, '9')}.${megabytes(1, '9')}`,
  () => Array.from({ length: 90_000 }, () => 1),
];

const lists: readonly (() => unknown)[] = [
  () => Array.from({ length: 90_000 }, () => 'a'),
  () => Array.from({ length: 5000 }, () => 'a'),
  () => Array.from({ length: 100 }, () => megabytes(0.05, '/a')),
  () => Array.from({ length: 5000 }, (_, index) => ({ [`key ${index}`]: index })),
  () => Array.from({ length: 90_000 }, () => []),
  () => JSON.stringify(Array.from({ length: 500_000 }, () => 'a')),
  () => megabytes(4, '['),
  () => megabytes(4),
];

const objects: readonly (() => unknown)[] = [
  () => Object.fromEntries(Array.from({ length: 40_000 }, (_, index) => [`key ${index}`, 0])),
  () => Array.from({ length: 90_000 }, () => 'a'),
];

interface Property {
  readonly type: string;
}

function valuesFor({ type }: Property): readonly (() => unknown)[] {
  if (type === 'array') return [...lists, ...objects];
  if (type === 'string') return [...texts, ...objects];
  return [...numbers, ...objects];
}

function attackOn(
  tool: string,
  parameter: string,
  values: readonly ((args: Arguments) => Arguments)[],
): Attack {
  const usual = oneCallEach.find(([name]) => name === tool)?.[1] ?? {};
  return {
    name: `${tool} ${parameter}`,
    blows: () => values.map((made): Blow => ({ tool, args: made(usual) })),
  };
}

const keys = (count: number, key: (index: number) => string): Arguments =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [key(index), 0]));

const attacks = catalogue.flatMap((tool): Attack[] => {
  const properties = Object.entries(inputSchema(tool)['properties'] as Record<string, Property>);
  const { name } = tool;
  return [
    ...properties.map(([parameter, property]) =>
      attackOn(
        name,
        parameter,
        valuesFor(property).map((value) => (args) => ({ ...args, [parameter]: value() })),
      ),
    ),
    attackOn(name, '(unknown parameters)', [
      (args) => ({ ...args, ...keys(40_000, (index) => `key ${index}`) }),
      (args) => ({ ...args, ...keys(1000, (index) => `file_path${'_'.repeat(index)}`) }),
      (args) => ({ ...args, [megabytes(4)]: 0 }),
      (args) => ({ ...args, [megabytes(2, 'file_path')]: 0 }),
    ]),
  ];
});

export const argumentsOfTools: Group = { attacks };
