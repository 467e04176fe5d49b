import { randomFillSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Assistant } from './assistant.ts';
import { timed } from './compare.ts';
import { withNextcloud } from './login.ts';
import type { Login } from './login.ts';
import { randomFile } from './random-file.ts';
import { curl, ours, rclone, run, webdav } from './rivals.ts';
import type { Mover } from './rivals.ts';

/**
 * Transfers beside curl, rclone and the `webdav` package: the same bytes, interleaved, so that other
 * load on the machine affects all of them. Takes the best of the rounds, and fails when a budget is exceeded.
 *
 * On the embedded Nextcloud, or on the one that NEXTCLOUD_URL, NEXTCLOUD_USERNAME and NEXTCLOUD_PASSWORD name.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    bytes: { type: 'string', default: '1000000000' },
    files: { type: 'string', default: '1000' },
    only: { type: 'string', default: '' },
    check: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const size = Number(values.bytes);
const names = Array.from({ length: Number(values.files) }, (_, index) => `f${index}`);
const SMALL = 10_000;

interface Row {
  readonly title: string;
  /** The largest ratio of our time to theirs; absent where it is only reported. */
  readonly limit?: number;
  readonly against: 'fastest' | 'rclone';
  readonly work: (mover: Mover, place: string, out: string) => Promise<unknown>;
}

const folder = mkdtempSync(join(tmpdir(), 'nextcloud-files-mcp-bench-'));
const big = join(folder, 'big.bin');
const small = join(folder, 'small');

const toDisk = `download of ${size / 1e6} MB, until it is on the disk`;

const allRows: readonly Row[] = [
  {
    title: `upload of ${size / 1e6} MB`,
    limit: 1.05,
    against: 'fastest',
    work: async (mover, place) => mover.putFile(big, `${place}/big.bin`),
  },
  {
    // Our server answers once the file is synced. The others leave that to the system, so this row is reported and not judged.
    title: `download of ${size / 1e6} MB, until the command ends`,
    against: 'fastest',
    work: async (mover, place, out) => mover.getFile(`${place}/big.bin`, join(out, 'big.bin')),
  },
  {
    title: toDisk,
    limit: 1.05,
    against: 'fastest',
    work: async (_mover, _place, out) => run('sync', ['-d', join(out, 'big.bin')]),
  },
  {
    title: `upload of ${names.length} files of 10 KB`,
    limit: 0.5,
    against: 'rclone',
    work: async (mover, place) => mover.putFolder(small, `${place}/small`),
  },
  {
    title: `download of ${names.length} files of 10 KB`,
    limit: 0.5,
    against: 'rclone',
    work: async (mover, place, out) => mover.getFolder(`${place}/small`, join(out, 'small')),
  },
];

/** `--only MB`, `--only files`. An upload comes before the download of what it stored. */
const rows = allRows.filter(({ title }) => title.includes(values.only));

function material(): void {
  randomFile(big, size);
  mkdirSync(small);
  for (const name of names) writeFileSync(join(small, name), randomFillSync(Buffer.alloc(SMALL)));
}

async function measure(login: Login): Promise<boolean> {
  material();
  const assistant = new Assistant([join(import.meta.dirname, '../../dist/main.js')], {
    NEXTCLOUD_URL: login.url,
    NEXTCLOUD_USERNAME: login.username,
    NEXTCLOUD_PASSWORD: login.password,
    NEXTCLOUD_LOCAL_FOLDERS: folder,
    NEXTCLOUD_STATE_FOLDER: join(folder, 'state'),
    NEXTCLOUD_CALL_SECONDS: '3600',
  });
  await assistant.greet();
  await assistant.call('list_files', {});
  const idle = assistant.memory();
  const movers = [ours(assistant), curl(login, folder, names), rclone(login), webdav(login, names, size)];
  const place = `/nextcloud-files-mcp-bench-${process.pid}`;
  const remote = `${login.url}/remote.php/dav/files/${login.username}${place}`;
  const ask = async (method: string): Promise<void> =>
    run('curl', [
      '-sS',
      '-u',
      `${login.username}:${login.password}`,
      '-X',
      method,
      '-H',
      'X-NC-Skip-Trashbin: true',
      remote,
    ]);
  const best = new Map<string, number>();
  for (let round = 0; round < rounds; round++)
    for (let turn = 0; turn < movers.length; turn++) {
      const mover = movers[(round + turn) % movers.length];
      if (!mover) continue;
      const out = join(folder, 'out');
      mkdirSync(out);
      await ask('MKCOL');
      let last = 0;
      for (const { title, work } of rows) {
        const goesOn = title === toDisk;
        if (!goesOn) await run('sync', []); // so that no program waits for the writes of another
        const ms = (goesOn ? last : 0) + (await timed(async () => work(mover, place, out)));
        last = ms;
        console.error(`${title}, ${mover.name}: ${Math.round(ms)} ms`);
        best.set(title + mover.name, Math.min(best.get(title + mover.name) ?? Infinity, ms));
      }
      for (const name of readdirSync(out)) await run('diff', ['-r', join(folder, name), join(out, name)]);
      rmSync(out, { recursive: true });
      await ask('DELETE');
    }
  const memory = assistant.peakMemory() - idle;
  await assistant.close();
  return report(movers, best, memory);
}

function report(movers: readonly Mover[], best: ReadonlyMap<string, number>, memory: number): boolean {
  let kept = memory <= 64;
  const cell = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
  console.log(`| | ${movers.map(({ name }) => name).join(' | ')} | ratio | budget |`);
  console.log(`|---${'|---'.repeat(movers.length + 2)}|`);
  for (const { title, limit, against } of rows) {
    const [own = NaN, ...others] = movers.map(({ name }) => best.get(title + name) ?? NaN);
    const rival = against === 'fastest' ? Math.min(...others) : (best.get(`${title}rclone`) ?? NaN);
    const ratio = own / rival;
    const over = limit !== undefined && ratio > limit;
    kept &&= !over;
    const cells = [own, ...others].map(cell).join(' | ');
    console.log(
      `| ${title} | ${cells} | ${ratio.toFixed(2)} to the ${against} | ${limit === undefined ? '' : `<= ${limit}${over ? ' (over)' : ''}`} |`,
    );
  }
  console.log(
    `\nPeak memory ${memory.toFixed(0)} MB above idle (budget 64). Best of ${rounds} interleaved rounds, ${cpus().length} cores.`,
  );
  return kept;
}

try {
  const kept = await withNextcloud(measure);
  if (values.check && !kept) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
