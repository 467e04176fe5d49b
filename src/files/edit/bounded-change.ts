import { isUtf8 } from 'node:buffer';
import { setImmediate } from 'node:timers/promises';
import { AppError } from '../../errors.ts';
import { cancelled } from '../../pause.ts';
import { ThreadError } from '../../threads/bounded-thread.ts';
import { ThreadPool } from '../../threads/thread-pool.ts';
import { toQuestion } from './messages.ts';
import type { ChangeAnswer, ChangeQuestion } from './messages.ts';
import { changeText } from './text-change.ts';
import type { ChangeRequest, TextChange } from './text-change.ts';
import type { Replacement } from './text-edits.ts';

/** What is small is changed at once, since to start a thread takes longer than most edits. */
const SMALL_BYTES = 32 * 1024;
/** Characters that may be read and written then, some 10 ms of work. */
const SMALL_WORK = 150_000;
const SMALL_DIFFERENCE_MS = 5;
const MAX_MS = 10_000;

/** Beside this file when run from source, beside the bundle otherwise. */
const script = new URL(
  import.meta.url.endsWith('.ts') ? './edit-thread.ts' : './edit-thread.js',
  import.meta.url,
);
const threads = new ThreadPool<ChangeQuestion, ChangeAnswer>(script, {
  threads: 2,
  memoryMb: 512,
  growthMb: 768,
  idleMs: 20_000,
});

/**
 * Applies edits to the bytes of a file, whatever they are: what takes longer than a moment is done in a thread.
 *
 * @param owner whose edits these are: the threads are shared fairly between owners
 * @throws AppError as {@link changeText}, `too_large` for edits that take too much time or memory, and `rate_limited`
 *   when too many edits of the owner wait
 */
export async function changeInTime(
  asked: ChangeRequest,
  owner: string,
  signal?: AbortSignal,
): Promise<TextChange> {
  if (signal?.aborted) throw cancelled(signal.reason);
  const request = { ...asked, edits: asked.edits.map(wellFormed) };
  const change = changeAtOnce(request);
  if (change) return change;
  // What was tried has taken its time already.
  await setImmediate();
  return changeInThread(request, owner, signal);
}

/** As it can be stored: no encoding has half of a character. */
function wellFormed({ oldText, newText, replaceAll }: Replacement): Replacement {
  return { oldText: oldText.toWellFormed(), newText: newText.toWellFormed(), replaceAll };
}

class TooMuchWork extends Error {}

/** Undefined when it would take longer than a moment. */
function changeAtOnce(request: ChangeRequest): TextChange | undefined {
  // To find out about other encodings, and to write them, takes tables that are made first.
  if (request.bytes.length > SMALL_BYTES || !isUtf8(request.bytes)) return undefined;
  let left = SMALL_WORK;
  const spend = (characters: number): void => {
    left -= characters;
    if (left < 0) throw new TooMuchWork();
  };
  try {
    const change = changeText(request, { spend, differenceMs: SMALL_DIFFERENCE_MS });
    // A thread may take longer for the difference.
    return change.bytes && change.difference === undefined ? undefined : change;
  } catch (error) {
    if (error instanceof TooMuchWork) return undefined;
    throw error;
  }
}

async function changeInThread(
  request: ChangeRequest,
  owner: string,
  signal: AbortSignal | undefined,
): Promise<TextChange> {
  try {
    const answer = await threads.ask(toQuestion(request), { owner, ms: MAX_MS, signal });
    if ('change' in answer) return answer.change;
    throw new AppError(answer.code, answer.message, answer.detail);
  } catch (error) {
    if (signal?.aborted) throw cancelled(signal.reason);
    if (!(error instanceof ThreadError) || !['time', 'memory'].includes(error.fault)) throw error;
    const much = error.fault === 'time' ? `longer than ${MAX_MS / 1000} seconds` : 'too much memory';
    throw new AppError('too_large', `The edits of ${request.where} take ${much}`, {
      hint: 'Make fewer edits at once.',
      remedy: { kind: 'replace-file' },
      cause: error,
    });
  }
}
