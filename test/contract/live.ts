import { contractCases } from './cases.ts';
import { Bench } from './bench.ts';
import type { Target } from './bench.ts';
import type { ContractCase } from './case.ts';
import type { EmbeddedVersion } from '../../src/embedded-nextcloud/index.ts';

export interface Row {
  readonly area: string;
  readonly name: string;
  /** `ok`, `-` where it cannot be run, or what went wrong. */
  readonly embedded: string;
  readonly real: string;
}

export interface LiveOptions {
  readonly onRow?: (row: Row) => void;
  readonly wanted?: (one: ContractCase) => boolean;
  /** Stops after the case that runs, and cleans up. */
  readonly signal?: AbortSignal;
}

/** Runs every case on the embedded cloud of the nearest release and on a real Nextcloud, side by side. */
export async function runContractLive(target: Target, options: LiveOptions = {}): Promise<Row[]> {
  const { onRow, wanted, signal } = options;
  const real = await Bench.real(target);
  const embedded = await Bench.embedded(nearest(real.server.major));
  const rows: Row[] = [];
  try {
    for (const one of contractCases) {
      if (signal?.aborted) break;
      if (wanted && !wanted(one)) continue;
      const { area, name } = one;
      const row = { area, name, embedded: await verdict(embedded, one), real: await verdict(real, one) };
      rows.push(row);
      onRow?.(row);
    }
  } finally {
    await embedded.close();
    await real.close();
  }
  return rows;
}

function nearest(major: number): EmbeddedVersion {
  if (major >= 31) return '34.0.1';
  if (major === 30) return '30.0.0';
  return major === 29 ? '29.0.1' : '28.0.2';
}

async function verdict(bench: Bench, one: ContractCase): Promise<string> {
  if (!bench.can(one)) return '-';
  for (let attempt = 1; ; attempt++)
    try {
      await bench.run(one);
      return 'ok';
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      // SQLite under other load; nothing that the case is about.
      if (attempt === 3 || !message.includes('database is locked')) return message;
    }
}
