import { catalogue } from '../../src/tools/catalogue.ts';
import { appCases } from './app-cases.ts';
import type { Case } from './case.ts';
import { fileCases } from './file-cases.ts';

const byTool = catalogue.map(({ name }): readonly [Case, ...Case[]] => {
  const [first, ...others] = [...fileCases, ...appCases].filter(({ tool }) => tool === name);
  if (!first) throw new Error(`${name} has no case in the fault matrix: add one`);
  return [first, ...others];
});

/** At least one call of each tool, as the catalogue orders them. */
export const cases: readonly Case[] = byTool.flat();

/** One call of every tool, as the catalogue orders them. */
export const oneCallEach: readonly (readonly [tool: string, args: Case['args']])[] = byTool.map(
  ([{ tool, args }]) => [tool, args],
);
