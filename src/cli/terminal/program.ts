import { machine } from '../../config/config.ts';
import type { Environment } from '../../machine.ts';
import { name } from '../../version.ts';

/** How this program is called, so that a command that is shown can be typed as it stands. */
export const program = programCall(machine.env, process.argv[1]);

/** @param script the path of the script that Node.js runs */
export function programCall(env: Environment, script = ''): string {
  // A clone of the repository has a script for it.
  if (env['npm_lifecycle_event'] === 'cli' || env['npm_lifecycle_event'] === 'demo') return 'npm run cli --';
  return /[/\\]_npx[/\\]/.test(script) ? `npx ${name}` : name;
}

/** Text from below the command line, with the commands in it as they can be typed. */
export function asTyped(text: string): string {
  return text.replace(new RegExp(`(?<!npx )\\b${name} (?=[a-z])`, 'g'), `${program} `);
}
