import { readFileSync } from 'node:fs';

/** One process as the operating system knows it. */
export interface ProcessFacts {
  readonly parent: number;
  readonly name: string;
}

/** What is known of the processes of this computer. */
export interface ProcessTable {
  /** The parent of this process, as it is now. */
  readonly ownParent: () => number;
  readonly isAlive: (pid: number) => boolean;
  /** Undefined for a process that there is not, and where nothing can be asked cheaply. */
  readonly look: (pid: number) => ProcessFacts | undefined | Promise<ProcessFacts | undefined>;
  /** Whether looking is cheap enough to be done again and again. */
  readonly cheap: boolean;
}

/** Milliseconds between two looks: an orphan is to end within a minute. */
const LOOK_MS = 10_000;
const MOST_LAUNCHERS = 6;

/** What stands between a client and its server: shells, and the programs that run a package. */
const launcher = /^(?:\S*\/)?-?(?:(?:ba|da|z|a|fi|k)?sh|busybox|env|npm|npx|pnpm|pnpx|yarn|bun|bunx)\b/;

/**
 * Calls `gone` once when the client has ended. A client that was killed does not close its end of stdin where another
 * process holds that open, and the end of input never comes.
 *
 * The client is the parent of this process, or the parent of the launchers (`npx`, a shell) between the two. A parent
 * that is the first process from the start, as in a container, is no orphanage.
 *
 * @returns a function that ends the watch
 */
export function watchParent(
  gone: () => void,
  table: ProcessTable = processTable(process.platform),
  everyMs = LOOK_MS,
): () => void {
  const parent = table.ownParent();
  if (parent <= 1) return () => undefined;
  const chain = chainFrom(parent, table);
  const look = async (): Promise<void> => {
    if (!(await isOrphan(parent, table, chain))) return;
    clearInterval(timer);
    gone();
  };
  const timer = setInterval(() => void look(), everyMs).unref();
  return () => clearInterval(timer);
}

interface Link {
  readonly pid: number;
  /** The parent of a launcher when the watch began. */
  readonly parent: number;
}

/** The launchers above this process, from the nearest one on. */
async function chainFrom(first: number, table: ProcessTable): Promise<Link[]> {
  const chain: Link[] = [];
  for (let pid = first; pid > 1 && chain.length < MOST_LAUNCHERS;) {
    const facts = await table.look(pid);
    if (!facts || !launcher.test(facts.name)) break;
    chain.push({ pid, parent: facts.parent });
    pid = facts.parent;
  }
  return chain;
}

async function isOrphan(parent: number, table: ProcessTable, links: Promise<Link[]>): Promise<boolean> {
  if (table.ownParent() !== parent || !table.isAlive(parent)) return true;
  for (const link of await links) {
    if (link.parent > 1 && !table.isAlive(link.parent)) return true;
    // A client that has ended stays in the table while nobody asks for its exit code, but has no children.
    const facts = table.cheap ? await table.look(link.pid) : undefined;
    if (facts && facts.parent !== link.parent) return true;
  }
  return false;
}

/** @param platform decides how another process is looked at; on Windows that takes a second of CPU, and is not done */
export function processTable(platform: NodeJS.Platform): ProcessTable {
  return {
    ownParent: () => process.ppid,
    isAlive,
    cheap: platform === 'linux',
    look: platform === 'linux' ? lookInProc : platform === 'win32' ? () => undefined : askPs,
  };
}

// Signal 0 is not sent. A process of somebody else is alive, too.
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/**
 * `PID (NAME) STATE PPID ...`, where the name may have spaces and parentheses (proc(5)). It is read at once: a client
 * that ends right after its first answer would not be in the chain otherwise.
 */
function lookInProc(pid: number): ProcessFacts | undefined {
  try {
    const [, name, parent] = /^\d+ \((.*)\) \S (\d+) /s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return name === undefined ? undefined : { name, parent: Number(parent) };
  } catch {
    return undefined;
  }
}

async function askPs(pid: number): Promise<ProcessFacts | undefined> {
  const { execFile } = await import('node:child_process');
  const { promisify } = await import('node:util');
  const asked = promisify(execFile)('ps', ['-o', 'ppid=,command=', '-p', String(pid)]);
  const { stdout } = await asked.catch(() => ({ stdout: '' }));
  const [, parent, name] = /^\s*(\d+)\s+(.*)/.exec(stdout) ?? [];
  return name === undefined ? undefined : { name, parent: Number(parent) };
}
