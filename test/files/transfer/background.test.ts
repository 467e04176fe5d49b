import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { zeros } from '../../../src/embedded-nextcloud/index.ts';
import { Stage } from '../../support/stage.ts';
import {
  hashOfContent,
  hashOfFile,
  MEBI,
  sparseContent,
  sparseFile,
  Terminal,
} from '../../support/terminal.ts';

interface State {
  readonly transfer_id: string;
  readonly state: string;
  readonly bytes_done: number;
  readonly bytes_total?: number;
}

/** An assistant cuts its calls after this long, and a transfer goes on in the background after 1 s. */
const CUT_MS = 3000;

describe('a transfer that takes longer than a call', () => {
  let terminal: Terminal;
  let stage: Stage;

  const start = async (callSeconds = '1'): Promise<void> => {
    stage = await Stage.open(
      {
        env: {
          NEXTCLOUD_LOCAL_FOLDERS: terminal.folder,
          NEXTCLOUD_STATE_FOLDER: terminal.state,
          ...terminal.env,
          NEXTCLOUD_CALL_SECONDS: callSeconds,
        },
      },
      terminal.cloud,
    );
  };
  const states = (data: Record<string, unknown>): State[] => data['transfers'] as State[];
  const finish = async (id: string): Promise<State> => {
    for (let tries = 0; tries < 60; tries++) {
      const before = performance.now();
      const { data } = await stage.ok('transfer_status', { transfer_id: id, wait_seconds: 45 });
      expect(performance.now() - before).toBeLessThan(CUT_MS);
      const [one] = states(data);
      if (one && one.state !== 'running') return one;
    }
    throw new Error('it does not end');
  };

  afterEach(async () => {
    await stage.close();
    await terminal.close();
  });

  it('goes on under an id until it is done', { timeout: 60_000 }, async () => {
    terminal = await Terminal.open({ latencyMs: 700 });
    await start();
    sparseFile(terminal.path('source.bin'), 150 * MEBI);
    const began = performance.now();
    const first = await stage.ok('upload_file', { source_path: 'source.bin', remote_path: '/a.bin' });
    expect(performance.now() - began).toBeLessThan(CUT_MS);
    expect(first.text).toMatch(/running[^]*It goes on\. transfer_status with transfer_id/);
    const id = String(first.data['transfer_id']);
    // The same call again is the same transfer.
    const again = await stage.ok('upload_file', { source_path: 'source.bin', remote_path: '/a.bin' });
    expect(again.data['transfer_id']).toBe(id);
    // Other calls do not wait behind it.
    await stage.ok('list_files', {});
    const end = await finish(id);
    expect(end).toMatchObject({ state: 'done', bytes_done: 150 * MEBI, bytes_total: 150 * MEBI });
    expect(hashOfContent(terminal.cloud.home().get('/a.bin'))).toBe(
      await hashOfFile(terminal.path('source.bin')),
    );
  });

  it('is cancelled without a trace', { timeout: 60_000 }, async () => {
    terminal = await Terminal.open({ latencyMs: 700 });
    await start();
    sparseFile(terminal.path('source.bin'), 150 * MEBI);
    const first = await stage.ok('upload_file', { source_path: 'source.bin', remote_path: '/a.bin' });
    const id = String(first.data['transfer_id']);
    const { data } = await stage.ok('transfer_status', { transfer_id: id, cancel: true });
    expect(states(data)[0]?.state).toBe('cancelled');
    expect(terminal.cloud.home().uploads()).toEqual([]);
    expect(terminal.cloud.home().exists('/a.bin')).toBe(false);
    expect(terminal.notes).toEqual([]);
  });

  /** Waits until bytes have moved, and says how many. */
  const moving = async (id: unknown): Promise<number> => {
    for (let tries = 0; tries < 300; tries++) {
      await sleep(100);
      const { data } = await stage.ok('transfer_status', { transfer_id: id });
      const done = states(data)[0]?.bytes_done ?? 0;
      if (done > 0) return done;
    }
    throw new Error('nothing moves');
  };
  const goAndComeBack = async (): Promise<void> => {
    await stage.close();
    expect(terminal.notes).toHaveLength(1);
    await start();
    const { data } = await stage.ok('transfer_status');
    expect(states(data)).toMatchObject([{ state: 'interrupted' }]);
  };

  it(
    'an upload is put down when the assistant goes, and gone on with later',
    { timeout: 90_000 },
    async () => {
      terminal = await Terminal.open({ latencyMs: 700 });
      sparseFile(terminal.path('source.bin'), 400 * MEBI);
      const call = async (): Promise<Record<string, unknown>> =>
        (await stage.ok('upload_file', { source_path: 'source.bin', remote_path: '/a.bin' })).data;
      await start();
      await moving((await call())['transfer_id']);
      await goAndComeBack();
      expect(terminal.cloud.home().exists('/a.bin')).toBe(false);
      expect(await finish(String((await call())['transfer_id']))).toMatchObject({ state: 'done' });
      expect(terminal.cloud.home().uploads()).toEqual([]);
      expect(terminal.notes).toEqual([]);
      const right = await hashOfFile(terminal.path('source.bin'));
      expect(hashOfContent(terminal.cloud.home().get('/a.bin'))).toBe(right);
    },
  );

  it('of another process is running, too', { timeout: 60_000 }, async () => {
    terminal = await Terminal.open({ latencyMs: 700 });
    // What the server asks the Nextcloud at first takes most of a second.
    await start('10');
    sparseFile(terminal.path('source.bin'), 150 * MEBI);
    const put = terminal.run(['put', 'source.bin', '/a.bin']);
    while (!terminal.notes.some((name) => name.endsWith('.json'))) await sleep(10);
    const { data } = await stage.ok('transfer_status');
    expect(states(data)).toMatchObject([{ state: 'running', bytes_total: 150 * MEBI }]);
    const asked = { source_path: 'source.bin', remote_path: '/a.bin' };
    expect(await stage.fails('upload_file', asked)).toMatch(
      /^locked: The same upload of \/a\.bin is running/,
    );
    expect((await put).code).toBe(0);
    expect(states((await stage.ok('transfer_status')).data).map(({ state }) => state)).not.toContain(
      'running',
    );
  });

  it('is put down too while its call still waits', { timeout: 60_000 }, async () => {
    terminal = await Terminal.open({ latencyMs: 100 });
    sparseFile(terminal.path('source.bin'), 400 * MEBI);
    await start('60');
    const asked = { source_path: 'source.bin', remote_path: '/a.bin' };
    const cut = stage.call('upload_file', asked).catch((error: unknown) => error);
    const chunks = (): number => terminal.cloud.requests.filter(({ method }) => method === 'PUT').length;
    while (chunks() < 4) await sleep(20);
    await stage.close();
    await cut;
    expect(terminal.notes).toHaveLength(1);
    await start('60');
    await stage.ok('upload_file', asked);
    // 20 chunks, and those that were under way.
    expect(chunks()).toBeLessThanOrEqual(20 + 3);
    expect(terminal.notes).toEqual([]);
  });

  it(
    'a download is put down when the assistant goes, and gone on with later',
    { timeout: 90_000 },
    async () => {
      terminal = await Terminal.open({ latencyMs: 700 });
      terminal.cloud.home().put('/source.bin', zeros(2 ** 33));
      const call = async (): Promise<Record<string, unknown>> =>
        (await stage.ok('download_file', { remote_path: '/source.bin', local_path: 'a.bin' })).data;
      await start();
      const seen = await moving((await call())['transfer_id']);
      await goAndComeBack();
      expect(terminal.names).not.toContain('a.bin');
      const next = await call();
      expect(await moving(next['transfer_id'])).toBeGreaterThanOrEqual(seen);
      await stage.ok('transfer_status', { transfer_id: next['transfer_id'], cancel: true });
      expect(terminal.names).toEqual([]);
      expect(terminal.notes).toEqual([]);
    },
  );
});

const memoryGiB = Number(process.env['TRANSFER_MEMORY_GIB'] ?? 1);

const patient = { timeout: 900_000 };

/** Resident memory of the server as the kernel has it: now, and the most there ever was. */
function memory(pid: number): { now: number; most: number } {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  const of = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(text)?.[1]) / 1024;
  return { now: of('VmRSS'), most: of('VmHWM') };
}

describe.runIf(process.platform === 'linux')(`memory with ${memoryGiB} GiB`, () => {
  it('stays within 64 MB above idle, both ways', { timeout: 900_000 }, async () => {
    const terminal = await Terminal.open();
    const stage = await Stage.open(
      {
        env: {
          NEXTCLOUD_LOCAL_FOLDERS: terminal.folder,
          NEXTCLOUD_STATE_FOLDER: terminal.state,
          ...terminal.env,
          NEXTCLOUD_CALL_SECONDS: '600',
        },
      },
      terminal.cloud,
    );
    try {
      terminal.cloud.home().put('/small.bin', sparseContent(MEBI));
      await stage.ok('download_file', { remote_path: '/small.bin', local_path: 'small.bin' });
      const { pid } = stage.client.transport as unknown as { pid: number };
      const idle = memory(pid).now;
      terminal.cloud.home().put('/large.bin', zeros(memoryGiB * 1024 * MEBI));
      await stage.ok('download_file', { remote_path: '/large.bin', local_path: 'large.bin' }, patient);
      const afterDownload = memory(pid).most;
      await stage.ok(
        'upload_file',
        {
          source_path: join(terminal.folder, 'large.bin'),
          remote_path: '/b.bin',
        },
        patient,
      );
      const afterUpload = memory(pid).most;
      process.stdout.write(
        `idle ${idle.toFixed(0)} MB, download +${(afterDownload - idle).toFixed(0)}, upload +${(afterUpload - idle).toFixed(0)}\n`,
      );
      expect(Math.max(afterDownload, afterUpload) - idle).toBeLessThanOrEqual(64);
    } finally {
      await stage.close();
      await terminal.close();
    }
  });
});
