import { once } from 'node:events';
import { TOKEN } from './line.ts';
import { SecretWatch } from './secret-watch.ts';

// Copies of the program, whose demo has a password of its own in it, and the files of the watch's own test.
const ownCode =
  /\/dist\/[\w.-]+\.js$|\/_cacache\/|\/nextcloud-files-mcp\/code\/|\/nextcloud-files-mcp-watch-/;

/** The watch in a process of its own, so that no test waits for it: folders as arguments, an end on standard input. */
const watcher = new SecretWatch(
  [
    { username: 'demo', password: 'demo-app-password' },
    { username: 'token', password: TOKEN },
  ],
  ownCode,
);
for (const folder of process.argv.slice(2)) await watcher.add(folder);
process.stdout.write('ready\n');
process.stdin.resume();
await once(process.stdin, 'end');
await watcher.close();
process.stdout.write(JSON.stringify({ read: watcher.read, found: [...watcher.found] }));
