import { startEmbeddedNextcloud } from '../../src/embedded-nextcloud/index.ts';
import { material } from './material.ts';

/** The embedded Nextcloud in a process of its own, so that it does not slow down the process that measures. */
const cloud = await startEmbeddedNextcloud();
const home = cloud.home();
for (const [path, text] of material()) home.put(path, text, { mtime: 1_790_000_000 });
process.on('message', ({ path }: { path: string }) => {
  home.put(path, 'x');
  cloud.requests.length = 0;
  process.send?.({ done: true });
});
process.on('disconnect', () => void cloud.close());
process.send?.({ url: cloud.url });
