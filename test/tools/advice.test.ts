import { describe, expect, it } from 'vitest';
import { remedyText } from '../../src/tools/render/remedies.ts';
import { shownUndo, undoText } from '../../src/tools/render/shown-undo.ts';
import { backWords, doneWords } from '../../src/files/history/words.ts';
import { catalogue } from '../../src/tools/catalogue.ts';
import type { Tool } from '../../src/tools/define.ts';
import { facts, remedies } from '../support/advice.ts';

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

describe('what an assistant is told of a change', () => {
  it.each(facts.map((fact) => [JSON.stringify(fact), fact] as const))('%s', (_data, fact) => {
    const shown = shownUndo({ id: 'u7', facts: [fact] });
    const text = shown && undoText(shown);
    if (fact.kind === 'final') expect(text).toMatch(/^cannot be undone: \w.*\w$/);
    else expect(text).toMatch(/^undo u7( \(\w.*\))?$/);
    for (const words of [doneWords(fact), backWords(fact)]) {
      expect(words).toMatch(/^[a-z]+ .*\w/);
      expect(words).not.toMatch(/undefined|[a-z]_[a-z]/);
    }
  });

  it('what cannot be taken back by an id says so', () => {
    expect(shownUndo({ facts: [] })).toBeUndefined();
    expect(shownUndo({ id: 'u7', facts, gap: 'it is too much' })).toEqual({
      undo_note: 'cannot be undone by id: it is too much',
    });
  });
});
