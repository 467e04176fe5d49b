import type { Reading } from '../../files/read/reading.ts';
import { noteText } from './remedies.ts';
import { undoText } from './shown-undo.ts';
import type { ShownUndo } from './shown-undo.ts';

/** A reading as clients see it: its notes are sentences. */
export interface ShownReading extends Omit<Reading, 'notes'> {
  readonly notes: readonly string[];
}

export function shownReading({ notes, ...reading }: Reading, undo?: ShownUndo): ShownReading {
  return {
    ...reading,
    notes: [...notes.map(noteText), ...(undo ? [undoText(undo)] : [])],
  };
}
