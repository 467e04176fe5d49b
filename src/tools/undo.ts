import * as z from 'zod';
import { defineTool } from './define.ts';
import { confirm } from './parameters.ts';
import type { ChangeList, ListedChange } from '../files/undo/list-changes.ts';
import type { TakenBack } from '../files/undo/take-back.ts';

export const undoTool = defineTool({
  name: 'undo',
  toolset: 'files',
  effect: 'destroy',
  title: 'Undo',
  summary:
    'Take back a change of the last day, as far as nothing has changed since. Without change, list the changes, newest first.',
  input: { change: z.string().optional().describe('such as u7'), confirm },
  output: z.object({
    changes: z
      .array(z.object({ change: z.string() }))
      .readonly()
      .optional(),
    done: z.array(z.string()).readonly().optional(),
    kept: z.array(z.string()).readonly().optional(),
  }),
  text: (result: ChangeList | TakenBack) =>
    'changes' in result ? changesText(result) : takenBackText(result),
  run: async ({ change, confirm: token }, { workspace, signal, report, changes }) => {
    const call = { signal, report, changes };
    if (change === undefined) {
      const { listChanges } = await import('../files/undo/list-changes.ts');
      return listChanges(workspace);
    }
    const { takeBack } = await import('../files/undo/take-back.ts');
    return takeBack(workspace, { change, confirm: token }, call);
  },
});

function changesText({ changes, total }: ChangeList): string {
  if (changes.length === 0) return 'Nothing was changed within the last day';
  return [...changes.map((each) => changeText(each)), ...(total === undefined ? [] : [`of ${total}`])].join(
    '\n',
  );
}

function changeText({ change, at, tool, what, more, state, final, takes_back }: ListedChange): string {
  const facts = [
    ...(takes_back === undefined ? [] : [`took ${takes_back} back`]),
    what.join(', ') + (more === undefined ? '' : ` and ${more} more`),
    ...(state === undefined ? [] : [state === 'perhaps' ? 'perhaps not made' : state]),
    ...(final === undefined ? [] : [`cannot be undone: ${final}`]),
  ];
  return `${change}  ${at.slice(0, 16).replace('T', ' ')} UTC  ${tool}: ${facts.join('; ')}`;
}

function takenBackText({ change, done, kept = [] }: TakenBack): string {
  if (done.length === 0) return `${change} was never made, so nothing was changed`;
  return [
    kept.length === 0 ? `Took ${change} back:` : `Took ${change} back in part:`,
    ...done,
    ...kept.map((why) => `left: ${why}`),
  ].join('\n');
}
