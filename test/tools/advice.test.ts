import { describe, expect, it } from 'vitest';
import { remedyText } from '../../src/tools/render/remedies.ts';
import { undoText } from '../../src/tools/render/undo-calls.ts';
import { catalogue } from '../../src/tools/catalogue.ts';
import type { Tool } from '../../src/tools/define.ts';
import { remedies, undoSteps } from '../support/advice.ts';
import { stepsOf } from '../support/undo.ts';

const tools = new Map<string, Tool>(catalogue.map((tool) => [tool.name, tool]));

describe('what an assistant is told to do next', () => {
  it.each(remedies.map((remedy) => [JSON.stringify(remedy), remedy] as const))('%s', (_data, remedy) => {
    const text = remedyText(remedy);
    expect(text).toMatch(/^[A-Za-z].*\.$/);
    expect(text).not.toContain('undefined');
    for (const [name] of text.matchAll(/\b[a-z]+(_[a-z]+)+\b/g)) expect([...known]).toContain(name);
  });

  const parameters = [...tools.values()].flatMap((tool) => Object.keys(tool.input));
  const known = new Set([...tools.keys(), ...parameters, 'next_cursor', 'replace_all']);
});

describe('what an assistant is told to take a change back', () => {
  it.each(undoSteps.map((step) => [JSON.stringify(step), step] as const))('%s', (_data, step) => {
    const text = undoText([step]);
    const calls = stepsOf(text);
    if (['delete-comment', 'impossible', 'ask-owner', 'connect-storage'].includes(step.action))
      expect(text).toMatch(/^[A-Z].*\.$/);
    else expect(calls).toHaveLength(1);
    for (const { tool, args } of calls) expect(tools.get(tool)?.schema.safeParse(args).success).toBe(true);
  });

  it('several steps are calls in order', () => {
    const calls = stepsOf(undoText(undoSteps));
    expect(calls).toHaveLength(undoSteps.flatMap((step) => stepsOf(undoText([step]))).length);
  });
});
