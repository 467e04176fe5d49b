import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Assistant } from './assistant.ts';
import { timed } from './compare.ts';
import { withNextcloud } from './login.ts';
import type { Login } from './login.ts';
import { randomFile } from './random-file.ts';
import { curl, ours, run } from './rivals.ts';
import type { Mover } from './rivals.ts';

/**
 * The built server with and without each piece of src/files/transfer/tuning, beside curl: start, idle memory,
 * and one file up and down. A piece is worth keeping when switching it off changes a row by more than 10 %.
 *
 * All of them take turns in each round, and `sync` runs before each. Times and CPU are medians, because the
 * fastest of few rounds depends on chance more than the middle one; the peak is the largest of all rounds.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    bytes: { type: 'string', default: '1000000000' },
    entry: { type: 'string', default: join(import.meta.dirname, '../../dist/main.js') },
  },
});
const rounds = Number(values.rounds);
const size = Number(values.bytes);

const variants = [
  { title: 'all on', tuning: 'direct-io,minor-gc' },
  { title: 'without direct-io', tuning: 'minor-gc' },
  { title: 'without minor-gc', tuning: 'direct-io' },
  { title: 'off', tuning: 'off' },
];

const rows = [
  'start to answered tools/list, ms',
  'idle memory, MB',
  'upload, synced, s',
  'upload, CPU, s',
  'upload, peak above idle, MB',
  'download, until the call ends, s',
  'download, synced, s',
  'download, CPU, s',
  'download, peak above idle, MB',
] as const;
type Row = (typeof rows)[number];

const measured = new Map<string, number[]>();
function add(row: Row, title: string, value: number): void {
  const key = row + title;
  measured.set(key, [...(measured.get(key) ?? []), value]);
}

const folder = mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-tuning-'));
const big = join(folder, 'big.bin');

async function start(login: Login, { title, tuning }: (typeof variants)[number]): Promise<Assistant> {
  let assistant: Assistant | undefined;
  const ms = await timed(async () => {
    assistant = new Assistant([values.entry], {
      NEXTCLOUD_URL: login.url,
      NEXTCLOUD_USERNAME: login.username,
      NEXTCLOUD_PASSWORD: login.password,
      NEXTCLOUD_LOCAL_FOLDERS: folder,
      NEXTCLOUD_STATE_FOLDER: join(folder, `state ${title}`),
      NEXTCLOUD_CALL_SECONDS: '3600',
      NEXTCLOUD_TUNING: tuning,
    });
    await assistant.greet();
  });
  if (!assistant) throw new Error('not started');
  add('start to answered tools/list, ms', title, ms);
  await assistant.call('list_files', {});
  add('idle memory, MB', title, assistant.memory());
  return assistant;
}

/** CPU and peak are measured of a server only. @returns milliseconds */
async function observed(
  way: 'upload' | 'download',
  title: string,
  assistant: Assistant | undefined,
  work: () => Promise<unknown>,
): Promise<number> {
  const idle = measured.get(`idle memory, MB${title}`)?.at(-1) ?? NaN;
  const cpu = assistant?.cpuMs() ?? 0;
  assistant?.resetPeakMemory();
  const ms = await timed(work);
  if (assistant) {
    add(`${way}, CPU, s`, title, (assistant.cpuMs() - cpu) / 1000);
    add(`${way}, peak above idle, MB`, title, assistant.peakMemory() - idle);
  }
  return ms;
}

/** One file up and down. `sync` is timed with the transfer, so that each pays for its own writes. */
async function round(mover: Mover, title: string, place: string, assistant?: Assistant): Promise<void> {
  const out = join(folder, 'out');
  const copy = join(out, 'big.bin');
  mkdirSync(out);
  await run('sync', []);
  const up = await observed('upload', title, assistant, async () => mover.putFile(big, `${place}/big.bin`));
  add('upload, synced, s', title, (up + (await timed(async () => run('sync', [])))) / 1000);
  const down = await observed('download', title, assistant, async () =>
    mover.getFile(`${place}/big.bin`, copy),
  );
  add('download, until the call ends, s', title, down / 1000);
  const sync = await timed(async () => run('sync', ['-d', copy]));
  add('download, synced, s', title, (down + sync) / 1000);
  await run('cmp', [big, copy]);
  rmSync(out, { recursive: true });
}

async function measure(login: Login): Promise<void> {
  randomFile(big, size);
  const place = `/nextcloud-files-mcp-tuning-${process.pid}`;
  const ask = async (method: string): Promise<void> =>
    run('curl', [
      '-sS',
      '--fail',
      '-u',
      `${login.username}:${login.password}`,
      '-X',
      method,
      '-H',
      'X-NC-Skip-Trashbin: true',
      `${login.url}/remote.php/dav/files/${login.username}${place}`,
    ]);
  for (let number = 0; number < rounds; number++) {
    const turns = [undefined, ...variants];
    for (let turn = 0; turn < turns.length; turn++) {
      const variant = turns[(number + turn) % turns.length];
      await ask('MKCOL');
      if (variant) {
        const assistant = await start(login, variant);
        await round(ours(assistant), variant.title, place, assistant);
        await assistant.close();
      } else await round(curl(login, folder, []), 'curl', place);
      await ask('DELETE');
      console.error(`round ${number + 1}: ${variant?.title ?? 'curl'}`);
    }
  }
}

function figure(row: Row, title: string): number {
  const sorted = (measured.get(row + title) ?? []).toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return (row.includes('peak') ? sorted.at(-1) : sorted[middle]) ?? NaN;
}

function report(): void {
  const titles = ['curl', ...variants.map(({ title }) => title)];
  console.log(`| ${size / 1e6} MB | ${titles.join(' | ')} |\n|---${'|---'.repeat(titles.length)}|`);
  for (const row of rows) {
    const base = figure(row, 'all on');
    const cells = titles.map((title) => {
      const value = figure(row, title);
      if (Number.isNaN(value)) return '';
      const change = (value / base - 1) * 100;
      const shown = value.toFixed(row.endsWith(' s') ? 2 : 0);
      return title === 'all on' ? shown : `${shown} (${change < 0 ? '' : '+'}${change.toFixed(0)} %)`;
    });
    console.log(`| ${row} | ${cells.join(' | ')} |`);
  }
  console.log(
    `\nIn brackets: against all on. Medians of ${rounds} rounds in turns, ${cpus().length} cores, Node ${process.versions.node}.`,
  );
}

try {
  await withNextcloud(measure);
  report();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
