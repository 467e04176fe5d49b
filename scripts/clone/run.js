// `npm run cli` and `npm run demo`: runs the built program, and builds it before if it is missing.
// With --build as the first argument it is built in any case.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { has } from './ready.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const anew = process.argv[2] === '--build';
if (anew) process.argv.splice(2, 1);
if (anew || !has('dist/main.js')) {
  console.error('Building the program, which takes a few seconds...');
  // A command with a shell, because npm is a batch file on Windows. What it prints is no result of the command.
  const { status } = spawnSync('npm run build --silent', { cwd: root, shell: true, stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(status ?? 1);
}
// npm changes to the folder of the clone. The names of files are meant from where it was called.
process.chdir(process.env['INIT_CWD'] ?? '.');
// The program tells assistants to start the script that it was started with.
process.argv[1] = main;
await import('../../dist/main.js');
