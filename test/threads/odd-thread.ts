import { answerQuestions } from '../../src/threads/answer.ts';

/** The script of a thread that does what it is told. */
answerQuestions(async (question: string) => {
  if (question === 'hang') for (;;);
  if (question === 'throw') throw new Error('as it was told');
  if (question === 'exit') process.exit(1);
  if (question === 'grow') {
    const all: string[][] = [];
    for (;;) all.push(Array.from({ length: 100_000 }, (_, at) => `${at}${all.length}`));
  }
  if (question === 'environment') return Object.keys(process.env).length;
  return `answer to ${question}`;
});
