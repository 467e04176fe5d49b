import { existsSync, mkdirSync } from 'node:fs';
import { enableCompileCache, flushCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { systemFolders } from './machine.ts';

const FLUSH_MS = 10_000;

/**
 * Keeps what was compiled for the next start, which is a fifth shorter then, and for the first PDF. In a
 * folder of the person's own: whoever can write there could put other code in place. Does nothing where
 * there is no such folder.
 */
export function keepCompiledCode(env: NodeJS.ProcessEnv): void {
  const { cache } = systemFolders({ platform: process.platform, env, home: homedir() });
  const folder = join(cache, 'code');
  // One by one: to make them all at once never comes back from some file systems (/proc, Node.js 24).
  if (![dirname(cache), cache, folder].every(exists)) return;
  enableCompileCache(folder);
  setTimeout(flushCompileCache, FLUSH_MS).unref(); // some clients end their servers without a word
}

function exists(folder: string): boolean {
  try {
    if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
    return true;
  } catch {
    return false;
  }
}
