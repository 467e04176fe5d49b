import type { Reading } from '../../files/read/reading.ts';
import { noteText } from './remedies.ts';
import { undoText } from './undo-calls.ts';

/** A reading as clients see it: its notes are sentences. */
export interface ShownReading extends Omit<Reading, 'notes' | 'undo'> {
  readonly notes: readonly string[];
}

export function shownReading({ notes, undo, ...reading }: Reading): ShownReading {
  return {
    ...reading,
    notes: [...notes.map(noteText), ...(undo === undefined ? [] : [`Undo: ${undoText(undo)}`])],
  };
}
