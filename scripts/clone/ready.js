// Plain JavaScript, without a package: before `npm ci` there is only the Node.js of the computer.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Whether there is a file or folder of the clone, by its path from there. */
export function has(path) {
  return existsSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)));
}

// What an unfinished installation lacks.
if (!has('node_modules/esbuild')) {
  console.error('The packages that this needs are not installed yet. Run this first: npm ci');
  process.exit(1);
}
