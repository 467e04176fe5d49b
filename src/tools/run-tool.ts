import { isAppError } from '../errors.ts';
import type { AppError } from '../errors.ts';
import { findAlike } from '../files/context/alike.ts';
import { refuseInsideOffline } from '../files/context/refuse-offline.ts';
import { parsePath } from '../path.ts';
import type { RemotePath } from '../path.ts';
import { differenceOf } from '../text/look-alike.ts';
import type { Tool, ToolContext } from './define.ts';
import { namingHolder } from './lock-holder.ts';
import { isReadPath } from './parameters.ts';
import { shownUndo } from './render/shown-undo.ts';
import type { ShownUndo } from './render/shown-undo.ts';

type Arguments = Readonly<Record<string, unknown>>;

interface Attempt {
  readonly result: unknown;
  /** What was read in place of what was named. */
  readonly notes: readonly string[];
}

export interface ToolOutcome extends Attempt {
  /** How the change is taken back, where there was one. */
  readonly undo: ShownUndo | undefined;
}

/** A file or folder that looks like one that does not exist. */
interface Alike {
  readonly key: string;
  readonly given: string;
  readonly found: string;
}

/** Runs a tool, and notes what it changes. */
export async function runTool(tool: Tool, input: Arguments, context: ToolContext): Promise<ToolOutcome> {
  const changes = tool.effect === 'read' ? undefined : context.workspace.history.recorder(tool.name);
  try {
    const attempt = await attemptTool(tool, input, { ...context, changes });
    return { ...attempt, undo: changes && shownUndo(changes.recorded) };
  } catch (error) {
    throw changes && isAppError(error) ? withUndo(error, shownUndo(changes.recorded)) : error;
  }
}

/** A part of a failed call may have been made. */
function withUndo(error: AppError, shown: ShownUndo | undefined): AppError {
  if (shown?.undo === undefined) return error;
  const { message, hint, remedy } = error;
  const next = `undo ${shown.undo} takes back what was made.`;
  return error.restate(message, { hint: hint === undefined ? next : `${hint} ${next}`, remedy });
}

/**
 * When a path does not exist and one name looks like it, that one is read in its place. A tool that
 * changes something is only told of it.
 */
async function attemptTool(tool: Tool, input: Arguments, context: ToolContext): Promise<Attempt> {
  try {
    return { result: await tool.run(input, context), notes: [] };
  } catch (error) {
    if (isAppError(error, 'locked')) throw await named(tool, input, error, context);
    if (!isAppError(error, 'not_found', 'conflict') || error.status === undefined) throw error;
    await refuseOfflineStorages(tool, input, context);
    if (error.code !== 'not_found') throw error;
    const alike = await lookAround(tool, input, context).catch((cause: unknown) => {
      if (isAppError(cause) && cause.code !== 'cancelled') return undefined;
      throw cause;
    });
    if (!alike) throw error;
    const { key, given, found } = alike;
    const difference = `whose name has ${differenceOf(found, given)}`;
    if (!isReadPath(tool.input[key]))
      throw error.restate(error.message, { hint: `There is ${JSON.stringify(found)}, ${difference}.` });
    const result = await tool.run({ ...input, [key]: found }, context);
    return { result, notes: [`There is no ${given}. This is ${JSON.stringify(found)}, ${difference}.`] };
  }
}

/** The lock of the first of the paths that has one. Those of a list have been named one by one. */
async function named(
  tool: Tool,
  input: Arguments,
  error: AppError,
  { workspace, signal }: ToolContext,
): Promise<AppError> {
  for (const key of tool.paths) {
    const given = pathIn(input[key]);
    const holder = given === undefined ? error : await namingHolder(workspace, given, error, signal);
    if (holder !== error) return holder;
  }
  return error;
}

function pathIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null && 'path' in value ? String(value.path) : undefined;
}

/** What cannot be reached is not missing: an assistant would create it, or tell that it is gone. */
async function refuseOfflineStorages(
  tool: Tool,
  input: Arguments,
  { workspace, signal }: ToolContext,
): Promise<void> {
  for (const key of tool.paths) {
    const given = pathIn(input[key]);
    if (given !== undefined) await refuseInsideOffline(workspace, splitArchive(given)[0], { signal });
  }
}

async function lookAround(
  tool: Tool,
  input: Arguments,
  { workspace, signal }: ToolContext,
): Promise<Alike | undefined> {
  for (const key of tool.paths) {
    const given = input[key];
    if (typeof given !== 'string') continue;
    const [outer, inner] = splitArchive(given);
    const found = await findAlike(workspace, outer, { signal });
    if (found !== undefined) return { key, given, found: found + inner };
  }
  return undefined;
}

/** The file in the Nextcloud, and what names the entry in an archive. */
function splitArchive(path: string): readonly [RemotePath, string] {
  const at = path.indexOf('!/');
  return at === -1 ? [parsePath(path), ''] : [parsePath(path.slice(0, at)), path.slice(at)];
}
