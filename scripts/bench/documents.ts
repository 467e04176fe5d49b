import { fork } from 'node:child_process';
import { join } from 'node:path';
import { Assistant } from './assistant.ts';
import { lowerQuartile } from './compare.ts';
import { bookNames, PAGES } from './pdf-book.ts';

/**
 * The first page of a 500-page PDF: a `read_file` call as the assistant sees it, the download included,
 * against the PDF library alone in a process of its own that gets the same bytes by one request. Cold is the first
 * PDF of a process, warm the next one. Prints lower quartiles of interleaved rounds and their ratio.
 */
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 9);
const BUDGET = 1.3;
const main = join(import.meta.dirname, '../../dist/main.js');

// The Nextcloud is a process of its own, so that neither side waits for it.
const cloud = await startCloud();

async function startCloud(): Promise<{ url: string; stop: () => void }> {
  const child = fork(join(import.meta.dirname, 'pdf-cloud.ts'), { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('message', (url) => resolve({ url: url as string, stop: () => child.kill() }));
    child.once('error', reject);
  });
}

async function alone(): Promise<number[]> {
  const urls = bookNames.map((name) => `${cloud.url}/remote.php/dav/files/demo/${name}.pdf`);
  const child = fork(join(import.meta.dirname, 'pdf-alone.ts'), urls, { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('message', (times) => resolve(times as number[]));
    child.once('error', reject);
  });
}

async function ours(): Promise<number[]> {
  const account = {
    NEXTCLOUD_URL: cloud.url,
    NEXTCLOUD_USERNAME: 'demo',
    NEXTCLOUD_PASSWORD: 'demo-app-password',
  };
  const assistant = new Assistant([main], account);
  await assistant.greet();
  const times: number[] = [];
  for (const name of bookNames) {
    const started = performance.now();
    const { content } = await assistant.call('read_file', { file_path: `/${name}.pdf`, limit: 1 });
    times.push(performance.now() - started);
    if (!content[0]?.text?.includes(`${name}, page 1, line 50:`))
      throw new Error('the first page is not there');
  }
  await assistant.close();
  return times;
}

const measured = {
  alone: { cold: [] as number[], warm: [] as number[] },
  ours: { cold: [] as number[], warm: [] as number[] },
};
for (let round = 0; round < ROUNDS; round++) {
  for (const [side, run] of [
    ['alone', alone],
    ['ours', ours],
  ] as const) {
    const [cold = NaN, ...warm] = await run();
    measured[side].cold.push(cold);
    measured[side].warm.push(...warm);
  }
}
cloud.stop();

console.log(`First page of a ${PAGES}-page PDF, lower quartiles of ${ROUNDS} rounds`);
for (const state of ['cold', 'warm'] as const) {
  const [library, server] = [lowerQuartile(measured.alone[state]), lowerQuartile(measured.ours[state])];
  const ratio = server / library;
  console.log(
    `${state}: ${server.toFixed(0)} ms, the library alone ${library.toFixed(0)} ms, ratio ${ratio.toFixed(2)} (budget ${BUDGET})`,
  );
  if (process.argv.includes('--check') && ratio > BUDGET) process.exitCode = 1;
}
