import { cautionTasks } from './caution.ts';
import { changingTasks } from './changing.ts';
import { countingTasks } from './counting.ts';
import { readingTasks } from './reading.ts';
import type { Task } from './task.ts';
import { undoingTasks } from './undoing.ts';

/** What an assistant is asked to do, each in a home of its own. */
export const tasks: readonly Task[] = [
  ...readingTasks,
  ...countingTasks,
  ...changingTasks,
  ...undoingTasks,
  ...cautionTasks,
];
