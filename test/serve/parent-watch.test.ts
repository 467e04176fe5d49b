import { describe, expect, it } from 'vitest';
import { watchParent } from '../../src/serve/parent-watch.ts';
import type { ProcessFacts, ProcessTable } from '../../src/serve/parent-watch.ts';

type System = 'linux' | 'darwin' | 'win32';

/** Processes as a system shows them: on Windows an orphan keeps the number of its parent, elsewhere it gets another. */
class Processes {
  readonly #all = new Map<number, ProcessFacts>();
  readonly #system: System;
  #own: number;

  constructor(system: System, own: number, all: Readonly<Record<number, ProcessFacts>>) {
    this.#system = system;
    this.#own = own;
    for (const [pid, facts] of Object.entries(all)) this.#all.set(Number(pid), facts);
  }

  get table(): ProcessTable {
    return {
      ownParent: () => this.#own,
      isAlive: (pid) => this.#all.has(pid),
      look: (pid) => (this.#system === 'win32' ? undefined : this.#all.get(pid)),
      cheap: this.#system === 'linux',
    };
  }

  end(pid: number): void {
    this.#all.delete(pid);
    if (this.#system === 'win32') return;
    if (this.#own === pid) this.#own = 1;
    for (const [child, facts] of this.#all)
      if (facts.parent === pid) this.#all.set(child, { ...facts, parent: 1 });
  }
}

const throughNpx = {
  1: { parent: 0, name: 'init' },
  10: { parent: 1, name: 'desktop' },
  20: { parent: 10, name: 'client' },
  30: { parent: 20, name: 'npm exec nextcl' },
  40: { parent: 30, name: 'sh' },
};

/** Whether the end of the process is noticed. */
async function noticed(system: System, own: number, ends: number | undefined): Promise<boolean> {
  const processes = new Processes(system, own, throughNpx);
  let gone = false;
  const stop = watchParent(() => (gone = true), processes.table, 5);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(gone).toBe(false);
  if (ends !== undefined) processes.end(ends);
  if (ends === undefined) await new Promise((resolve) => setTimeout(resolve, 50));
  else
    await expect
      .poll(() => gone, { timeout: 300 })
      .toBe(true)
      .catch(() => undefined);
  stop();
  return gone;
}

describe.each(['linux', 'darwin', 'win32'] as const)('on %s a server ends', (system) => {
  it.each([
    ['not while its client lives', 20, undefined, true],
    ['when its client has', 20, 20, true],
    ['when the shell before it has', 40, 40, true],
    ['when the client before its launchers has', 40, 20, system !== 'win32'],
    ['not for what the client itself was started from', 40, 10, true],
    ['not because it was started by the first process', 1, undefined, true],
  ] as const)('%s', async (_what, own, ends, done) => {
    const expected = ends !== undefined && ends !== 10 && done;
    expect(await noticed(system, own, ends)).toBe(expected);
  });
});
