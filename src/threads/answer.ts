import { enableCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { ThreadMessage, ThreadReply, ThreadSetup } from './messages.ts';

/** What the thread was started with. */
export function threadSettings(): unknown {
  return (workerData as ThreadSetup).settings;
}

/**
 * Called by the script of a thread: answers the questions that come, one after the other.
 *
 * @param transfer the buffers of an answer that are handed over instead of being copied
 */
export function answerQuestions<Answer>(
  answer: (question: never) => Answer | Promise<Answer>,
  transfer: (answer: Answer) => ArrayBuffer[] = () => [],
): void {
  const { codeCache } = workerData as ThreadSetup;
  if (codeCache !== undefined) enableCompileCache(codeCache);
  const reply = async ({ id, question }: ThreadMessage<never>): Promise<void> => {
    try {
      const result = await answer(question);
      if (id === undefined) return;
      parentPort?.postMessage({ id, answer: result } satisfies ThreadReply<Answer>, transfer(result));
    } catch (error) {
      const crash = error instanceof Error ? error.message : String(error);
      if (id !== undefined) parentPort?.postMessage({ id, crash } satisfies ThreadReply<Answer>, []);
    }
  };
  parentPort?.on('message', (message: ThreadMessage<never>) => void reply(message));
}
