import { enableCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { ThreadMessage, ThreadReply, ThreadSetup } from './messages.ts';

/** Called by the script of a thread: answers the questions that come, one after the other. */
export function answerQuestions<Question, Answer>(
  answer: (question: Question) => Answer | Promise<Answer>,
): void {
  const { codeCache } = workerData as ThreadSetup;
  if (codeCache !== undefined) enableCompileCache(codeCache);
  parentPort?.on('message', ({ id, question }: ThreadMessage<Question>) => {
    void reply(id, async () => answer(question));
  });
}

async function reply<Answer>(id: number | undefined, work: () => Promise<Answer>): Promise<void> {
  const outcome = await work().then(
    (answer) => ({ answer }),
    (error: unknown) => ({ crash: error instanceof Error ? error.message : String(error) }),
  );
  if (id !== undefined) parentPort?.postMessage({ id, ...outcome } satisfies ThreadReply<Answer>);
}
