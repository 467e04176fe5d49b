import { startEmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';

/**
 * An embedded Nextcloud in a process of its own, so that its work does not count as the server's.
 * Arguments: the delay of each response in milliseconds, and the ids of users, whose password is `ID-app-password`.
 */
const [latency = '0', ...ids] = process.argv.slice(2);
const users = ids.map((id) => ({ id, password: `${id}-app-password` }));
const cloud = await startEmbeddedNextcloud({
  latencyMs: Number(latency),
  ...(users.length > 0 ? { users } : {}),
});
for (const home of users.length > 0 ? ids.map((id) => cloud.home(id)) : [cloud.home()])
  for (let folder = 0; folder < 20; folder++)
    for (let file = 0; file < 10; file++) home.put(`/f${folder}/file ${file}.txt`, `text ${file}\n`);
process.stdout.write(`${cloud.url}\n`);
process.once('SIGTERM', () => {
  cloud.close().catch(() => undefined);
});
// The record of requests is not needed here, and would fill the memory in a long run.
setInterval(() => cloud.requests.splice(0), 1000).unref();
