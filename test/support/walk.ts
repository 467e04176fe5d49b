import type { EntryRow } from '../../src/files/entry/entry.ts';

interface Page {
  readonly entries: readonly EntryRow[];
  readonly complete: boolean;
  readonly next_cursor?: string;
  readonly notes?: readonly string[];
}

/** All pages of a listing or a search. Fails when it does not say what it should about being complete. */
export async function walk(
  next: (cursor: string | undefined) => Promise<Page>,
  between: (page: number) => void = () => undefined,
): Promise<{ paths: string[]; entries: EntryRow[]; notes: string[] }> {
  const entries: EntryRow[] = [];
  const notes: string[] = [];
  let cursor: string | undefined;
  for (let number = 1; number < 2000; number++) {
    const page = await next(cursor);
    entries.push(...page.entries);
    notes.push(...(page.notes ?? []));
    if (page.next_cursor === undefined) {
      if (!page.complete) throw new Error('Not complete, and no way to go on');
      return { paths: entries.map(({ path }) => path), entries, notes };
    }
    if (page.complete) throw new Error('Complete, and yet there is more');
    cursor = page.next_cursor;
    between(number);
  }
  throw new Error('It does not end');
}
