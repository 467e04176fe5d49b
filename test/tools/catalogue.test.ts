import { expect, it } from 'vitest';
import { catalogue } from '../../src/tools/catalogue.ts';
import { toolsets } from '../../src/tools/toolsets.ts';
import { cases } from '../faults/cases.ts';

const names = catalogue.map(({ name }) => name);

it('a name is that of one tool, and the tools of a toolset stand together', () => {
  expect(new Set(names).size).toBe(names.length);
  const order = catalogue.map(({ toolset }) => toolset).filter((set, index, all) => set !== all[index - 1]);
  expect(order).toEqual(toolsets.map(({ name }) => name));
});

it('the fault matrix calls every tool, and says what each change must leave behind', () => {
  expect([...new Set(cases.map(({ tool }) => tool))]).toEqual(names);
  const changing = catalogue.filter(({ name, effect }) => effect !== 'read' || name === 'download_file');
  const told = new Set(cases.flatMap(({ tool, remote, local }) => ((remote ?? local) ? [tool] : [])));
  expect(changing.map(({ name }) => name).filter((name) => !told.has(name))).toEqual([]);
});
