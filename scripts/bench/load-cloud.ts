import { startEmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';

/** An embedded Nextcloud in a process of its own, so that its work does not count as the server's. */
const cloud = await startEmbeddedNextcloud({ latencyMs: Number(process.argv[2] ?? 0) });
for (let folder = 0; folder < 20; folder++)
  for (let file = 0; file < 10; file++) cloud.home().put(`/f${folder}/file ${file}.txt`, `text ${file}\n`);
process.stdout.write(`${cloud.url}\n`);
process.once('SIGTERM', () => {
  cloud.close().catch(() => undefined);
});
// The record of requests is not needed here, and would fill the memory in a long run.
setInterval(() => cloud.requests.splice(0), 1000).unref();
