import { relative } from 'node:path';
import { machine } from '../../config/config.ts';
import type { Environment } from '../../machine.ts';
import { name } from '../../version.ts';
import { shellQuoted } from './shell-lines.ts';

/** The scripts of a clone of the repository that run this program, with the one that runs every command. */
const cloneScripts: ReadonlyMap<string | undefined, string> = new Map([
  ['cli', 'cli'],
  ['demo', 'cli'],
  ['dev', 'dev'],
]);

/** How this program is called, so that a command that is shown can be typed as it stands. */
export const program = programCall(machine.env, process.argv[1]);

/** @param script the path of the script that Node.js runs */
export function programCall(env: Environment, script = ''): string {
  const cloneScript = cloneScripts.get(env['npm_lifecycle_event']);
  if (cloneScript !== undefined) return `npm run ${cloneScript} --`;
  if (/[/\\]_npx[/\\]/.test(script)) return `npx ${name}`;
  const isFileOfClone = /[/\\]main\.[jt]s$/.test(script) && !/[/\\]node_modules[/\\]/.test(script);
  return isFileOfClone ? `node ${shellQuoted(fromHere(script))}` : name;
}

/** The path as it is from the current folder, if that is shorter. */
function fromHere(path: string): string {
  try {
    const here = relative(process.cwd(), path);
    return here.length < path.length ? here : path;
  } catch {
    return path; // the current folder was deleted
  }
}

/** A call of this program in a text, with the arguments that are told from the words after it. */
export const programCalls = new RegExp(
  `${program.replaceAll(/[.*+?^$()|[\]{}\\]/g, '\\$&')} (?:help [a-z]+|[a-z]+)(?: (?:--account \\S+|--[a-z-]+|https?://\\S+|/\\S*|[a-z]+-[a-z-]+))*`,
  'g',
);

/** Text from below the command line, with the commands in it as they can be typed. */
export function asTyped(text: string): string {
  return text.replace(new RegExp(`(?<!npx )\\b${name} (?=[a-z])`, 'g'), () => `${program} `);
}
