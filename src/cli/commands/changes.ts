import type { ListedChange } from '../../files/undo/list-changes.ts';
import { readCommandLine } from '../command-line/arguments.ts';
import { dim } from '../terminal/paint.ts';
import { escapeLine } from '../../text/foreign-text.ts';
import { openApp } from './open-app.ts';
import { print, printWhole } from '../terminal/print.ts';
import { localTime } from '../terminal/local-time.ts';

/** As much as there is: a terminal has no pages. */
const ALL = Number.MAX_SAFE_INTEGER;

/** `changes`: what the tools have changed within the last day, as an assistant sees it. */
export async function changesCommand(argv: readonly string[]): Promise<void> {
  const { flags, settings } = readCommandLine('changes', argv);
  const app = await openApp(settings, () => ({ maxResultChars: ALL }));
  try {
    const { listChanges } = await import('../../files/undo/list-changes.ts');
    const { changes } = await listChanges(app.session.workspace);
    if (flags['json'] !== undefined) printWhole(JSON.stringify({ changes }, null, 2));
    else if (changes.length === 0) print(dim('Nothing was changed within the last day.'));
    else print(changes.map((change) => lineOf(change)).join('\n'));
  } catch (error) {
    throw await app.explain(error);
  } finally {
    await app.close();
  }
}

function lineOf({ change, at, what, more, state, final, takes_back }: ListedChange): string {
  const facts = [
    ...(takes_back === undefined ? [] : [`took ${takes_back} back`]),
    what.join(', ') + (more === undefined ? '' : ` and ${more} more`),
    ...(state === undefined ? [] : [state === 'perhaps' ? 'perhaps not made' : state]),
    ...(final === undefined ? [] : [`cannot be undone: ${final}`]),
  ];
  return `${change.padEnd(5)}  ${dim(localTime(new Date(at)))}  ${escapeLine(facts.join('; '))}`;
}
