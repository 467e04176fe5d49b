import { afterAll, beforeAll, describe, test } from 'vitest';
import type { Case } from '../support/case.ts';
import { Stage } from '../support/stage.ts';
import type { StageOptions } from '../support/stage.ts';
import { caseSettings } from './case-settings.ts';

/** Runs cases on one stage with an embedded cloud, each in a folder of its own. */
export function suite(title: string, options: StageOptions, cases: readonly Case<Stage>[]): void {
  const major = Number.parseInt(options.cloud?.version ?? '34', 10);
  const remote = (options.transport ?? 'stdio') !== 'stdio';
  describe(title, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await Stage.open({ ...options, env: { ...caseSettings, ...options.env } });
    });
    afterAll(async () => stage.close());
    for (const [index, { name, run, versions, local }] of cases.entries()) {
      if ((versions && !versions(major)) || (local && remote)) continue;
      test(name, async () => {
        const folder = `/case ${index}`;
        await stage.server.makeFolder(folder);
        await run(stage, folder);
      });
    }
  });
}
