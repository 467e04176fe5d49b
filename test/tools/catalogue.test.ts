import { expect, it } from 'vitest';
import { catalogue } from '../../src/tools/catalogue.ts';
import { toolsets } from '../../src/tools/toolsets.ts';
import { cases, uncovered } from '../faults/cases.ts';

const names = catalogue.map(({ name }) => name);

it('a name is that of one tool, and the tools of a toolset stand together', () => {
  expect(new Set(names).size).toBe(names.length);
  const order = catalogue.map(({ toolset }) => toolset).filter((set, index, all) => set !== all[index - 1]);
  expect(order).toEqual(toolsets.map(({ name }) => name));
});

it('every tool has a case in the fault matrix, or a reason why not', () => {
  const covered = new Set<string>(cases.map(({ tool }) => tool));
  expect(names.filter((name) => !covered.has(name))).toEqual(
    names.filter((name) => uncovered[name] !== undefined),
  );
});
