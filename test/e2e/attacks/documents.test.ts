import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { worstDocuments } from '../../../scripts/bench/attacks/documents.ts';
import { Stage } from '../../support/stage.ts';

/** Documents that were made to take long, or much memory, over the way that they came: `read_file`. */

/** One call may use a thread for 9 s, and the machine that runs this may be loaded. */
const ENDS_WITHIN_MS = 13_000;
const GIVEN_BACK_MS = 60_000;
/** What the libraries keep, and what threads that have ended leave behind. */
const KEPT_MB = 200;

let stage: Stage;
let before: number;

beforeAll(async () => {
  stage = await Stage.open();
  await stage.ok('list_files', { folder_path: '/' });
  before = residentMb();
});

afterAll(async () => {
  await stage.close();
});

/** Resident memory of the server in MB. Linux only. */
function residentMb(): number {
  const status = `/proc/${stage.pid}/status`;
  if (!existsSync(status)) return NaN;
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(status, 'utf8'))?.[1]) / 1024;
}

async function reading(name: string): Promise<{ text: string; ms: number }> {
  stage.cloud.home().put(`/${name}`, Buffer.from((worstDocuments[name]?.() ?? '') as string));
  const began = performance.now();
  const { text } = await stage.call('read_file', { file_path: `/${name}` });
  return { text, ms: performance.now() - began };
}

describe('a document', () => {
  it.each([
    ['with a row of a million cells', 'row of 1,000,000 cells.xlsx', 4000],
    ['with cells that span a billion columns', 'gridSpan.docx', 4000],
    ['with many rows of such cells', 'gridSpan in many rows.docx', ENDS_WITHIN_MS],
    ['of a page that draws 2 GB', '2 GB of operators.pdf', ENDS_WITHIN_MS],
    ['of a million pages in one node', 'page tree of 1,000,000 kids.pdf', ENDS_WITHIN_MS],
    ['of 100 MB of text', '100 MB of text.docx', ENDS_WITHIN_MS],
    ['of 200 MB of shared strings', 'strings of 200 MB.xlsx', ENDS_WITHIN_MS],
  ])('%s is read in time, or refused', { timeout: 90_000 }, async (_what, name, most) => {
    const { text, ms } = await reading(name);
    expect(text.length).toBeGreaterThan(20);
    expect(ms).toBeLessThan(most);
  });

  it.runIf(process.platform === 'linux')(
    'leaves its memory within a minute',
    { timeout: GIVEN_BACK_MS + 30_000 },
    async () => {
      const until = Date.now() + GIVEN_BACK_MS;
      while (residentMb() - before > KEPT_MB && Date.now() < until) await sleep(500);
      expect(residentMb() - before).toBeLessThan(KEPT_MB);
    },
  );
});
