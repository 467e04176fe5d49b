import { AppError } from '../../errors.ts';
import { answerQuestions } from '../../threads/answer.ts';
import { fromQuestion } from './messages.ts';
import type { ChangeAnswer, ChangeQuestion } from './messages.ts';
import { changeText } from './text-change.ts';

const DIFFERENCE_MS = 1000;

function answer(question: ChangeQuestion): ChangeAnswer {
  try {
    return { change: changeText(fromQuestion(question), { differenceMs: DIFFERENCE_MS }) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { code, message, hint, remedy, excerpt } = error;
    return { code, message, detail: { hint, remedy, ...(excerpt === undefined ? {} : { excerpt }) } };
  }
}

answerQuestions(answer, (result) =>
  'change' in result && result.change.bytes?.buffer instanceof ArrayBuffer
    ? [result.change.bytes.buffer]
    : [],
);
