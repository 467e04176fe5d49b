import type { Fact } from '../../files/history/fact.ts';
import type { Recorded } from '../../files/history/recorder.ts';
import { finalWords } from '../../files/history/words.ts';

/** How the change of a call is taken back, as clients see it beside the result. */
export interface ShownUndo {
  /** What the tool undo takes. Absent when it cannot be taken back so. */
  readonly undo?: string;
  /** What else has to be known of it. */
  readonly undo_note?: string;
}

const HOUR_S = 3600;

/** Undefined when nothing was changed. */
export function shownUndo({ id, facts, gap, volatile }: Recorded): ShownUndo | undefined {
  if (facts.length === 0) return undefined;
  const finals = facts.filter((fact) => fact.kind === 'final');
  const [first] = finals;
  if (first && finals.length === facts.length) return { undo_note: `cannot be undone: ${finalWords(first)}` };
  if (gap !== undefined || id === undefined)
    return { undo_note: `cannot be undone by id: ${gap ?? 'it was not noted'}` };
  const notes = [
    ...(first ? [`not all of it: ${finalWords(first)}`] : []),
    ...(facts.some((fact) => fact.kind === 'share-changed' && fact.password)
      ? ['but not the password: the old one is not known']
      : []),
    ...(facts.some((fact) => isThinned(fact))
      ? ['soon: Nextcloud thins out the versions of a file that is changed often']
      : []),
    ...(volatile === undefined ? [] : [`until this process ends: ${volatile}`]),
  ];
  return { undo: id, ...(notes.length === 0 ? {} : { undo_note: notes.join('; ') }) };
}

/**
 * Of versions that lie close together Nextcloud keeps fewer as they grow older, within a day one for each hour
 * (apps/files_versions/lib/Storage.php, `$max_versions_per_interval`).
 */
function isThinned(fact: Fact): boolean {
  if (fact.kind !== 'replaced' || fact.oldSize === 0) return false;
  return fact.modified - (fact.oldModified ?? 0) / 1000 < HOUR_S;
}

/** The end of an answer: `undo u7`. */
export function undoText({ undo, undo_note: note }: ShownUndo): string {
  if (undo === undefined) return note ?? '';
  return `undo ${undo}${note === undefined ? '' : ` (${note})`}`;
}
