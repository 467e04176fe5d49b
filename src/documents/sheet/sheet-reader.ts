import type { DocumentLimits, Part, UnitRange, UnitRow, Reader, Sheet } from '../kernel/document.ts';
import { escapeLine } from '../../text/foreign-text.ts';
import { unsupported } from '../kernel/document-error.ts';
import { table } from '../kernel/markdown.ts';
import { clip } from '../kernel/unit-range.ts';

/** A row that is not empty. Identical rows in sequence can be stored as one with a repeat count. */
export interface SheetRow {
  number: number;
  repeat: number;
  /** The cells that are not empty, by column number from 1, in ascending order. */
  cells: [column: number, text: string][];
}

export interface Workbook {
  format: string;
  sheets: Sheet[];
  facts: Record<string, string | number>;
  lost: string[];
  /** Streams the rows of a sheet from its start. */
  rows(index: number): AsyncGenerator<SheetRow, void, void>;
  close(): void;
}

/** The position in a sheet, so that reading on in a long sheet does not start from its top. */
interface Cursor {
  sheet: number;
  rows: AsyncGenerator<SheetRow, void, void>;
  next: SheetRow | undefined;
  /** The number of the last row taken from the stream. */
  passed: number;
}

/** Reads ranges of rows of a workbook as Markdown tables. */
export class SheetReader implements Reader {
  readonly family = 'sheet';
  readonly unit = 'row';
  readonly format: string;
  readonly sheets: Sheet[];
  readonly facts: Record<string, string | number>;
  readonly lost: string[];
  #book: Workbook;
  #limits: DocumentLimits;
  #cursor: Cursor | undefined;
  #totals = new Map<number, number>();

  constructor(book: Workbook, limits: DocumentLimits) {
    this.format = book.format;
    this.sheets = book.sheets;
    this.facts = book.facts;
    this.lost = book.lost;
    this.#book = book;
    this.#limits = limits;
  }

  async read(range: UnitRange): Promise<Part> {
    const index = this.#find(range.sheet);
    const offset = Math.trunc(range.offset ?? 1);
    const first = offset < 0 ? Math.max(1, (await this.#total(index)) + offset + 1) : Math.max(1, offset);
    const limit = Math.max(1, Math.trunc(range.limit ?? Number.MAX_SAFE_INTEGER));
    const end = first + limit - 1;
    const notes: string[] = [];
    const { rows, last, ended } = await this.#take(index, { first, end }, notes);
    const total = this.#totals.get(index) ?? this.sheets[index]?.rows;
    const name = this.sheets[index]?.name ?? '';
    if (this.sheets.length > 1 && range.sheet === undefined)
      notes.unshift(`One of ${this.sheets.length} sheets is shown.`);
    if (rows.length === 0) {
      if (!ended) notes.push(`Rows ${first} to ${end} are empty.`);
      else if (total === 0) notes.push(`The sheet "${name}" is empty.`);
      else notes.push(`Row ${first} and all rows below it are empty.`);
    }
    const part = { text: this.#table(rows, notes), complete: ended, notes };
    const reached = rows.length === 0 && ended ? { first: 0, last: 0 } : { first, last };
    return total === undefined
      ? { ...part, ...reached }
      : { ...part, ...reached, total: Math.max(total, last) };
  }

  /** Nothing is cut here: what is searched must be whole. */
  async rows(sheet: number, first: number): Promise<{ rows: UnitRow[]; next?: number }> {
    const rows: UnitRow[] = [];
    const cursor = await this.#seek(sheet, first);
    for (let left = this.#limits.outputChars; cursor.next; await this.#advance(cursor)) {
      const { number, repeat, cells } = cursor.next;
      if (number + repeat - 1 < first) continue;
      if (left <= 0) return { rows, next: Math.max(first, number) };
      const text = cells.map(([, value]) => value.replaceAll(/\s*[\r\n]+\s*/g, ' ')).join(' | ');
      rows.push({ at: Math.max(first, number), text });
      left -= text.length + 1;
    }
    return { rows };
  }

  async close(): Promise<void> {
    await this.#cursor?.rows.return();
    this.#book.close();
  }

  #find(name: string | undefined): number {
    if (name === undefined) {
      const visible = this.sheets.findIndex((sheet) => !sheet.hidden);
      if (this.sheets.length > 0) return Math.max(0, visible);
      throw unsupported('The workbook has no worksheets.');
    }
    const exact = this.sheets.findIndex((sheet) => sheet.name === name);
    if (exact >= 0) return exact;
    const loose = this.sheets.findIndex((sheet) => sheet.name.toLowerCase() === name.trim().toLowerCase());
    if (loose >= 0) return loose;
    if (/^\d+$/.test(name) && this.sheets[Number(name) - 1]) return Number(name) - 1;
    throw unsupported(`There is no sheet "${name.slice(0, 100)}".`, {
      hint: 'Below are the names of its sheets.',
      excerpt: this.sheets
        .slice(0, 50)
        .map((sheet) => escapeLine(sheet.name, 100))
        .join('\n'),
    });
  }

  /** A cursor at or before the row `first`. */
  async #seek(sheet: number, first: number): Promise<Cursor> {
    const open = this.#cursor;
    if (open?.sheet === sheet && open.passed < first) return open;
    await open?.rows.return();
    const cursor: Cursor = { sheet, rows: this.#book.rows(sheet), next: undefined, passed: 0 };
    this.#cursor = cursor;
    await this.#advance(cursor);
    return cursor;
  }

  async #advance(cursor: Cursor): Promise<void> {
    if (cursor.next) cursor.passed = cursor.next.number + cursor.next.repeat - 1;
    const { value, done } = await cursor.rows.next();
    cursor.next = done ? undefined : value;
    if (done) this.#totals.set(cursor.sheet, cursor.passed);
  }

  async #total(sheet: number): Promise<number> {
    const known = this.#totals.get(sheet);
    if (known !== undefined) return known;
    const cursor = await this.#seek(sheet, 1);
    while (cursor.next) await this.#advance(cursor);
    return this.#totals.get(sheet) ?? 0;
  }

  async #take(
    sheet: number,
    { first, end }: { first: number; end: number },
    notes: string[],
  ): Promise<{ rows: SheetRow[]; last: number; ended: boolean }> {
    const rows: SheetRow[] = [];
    let characters = this.#limits.outputChars;
    let cells = this.#limits.cells;
    let last = first - 1;
    let cut = 0;
    const cursor = await this.#seek(sheet, first);
    let full = false;
    while (cursor.next && cursor.next.number <= end) {
      const { number, repeat, cells: all } = cursor.next;
      if (number + repeat - 1 >= first) {
        const kept = all.slice(0, this.#limits.columns).map(([column, text]): [number, string] => {
          if (text.length > this.#limits.cellChars) cut++;
          return [column, clip(text, this.#limits.cellChars)];
        });
        const size = kept.reduce((sum, [, text]) => sum + text.length + 3, 10);
        if (rows.length > 0 && (size > characters || kept.length > cells)) {
          full = true;
          break;
        }
        if (kept.length < all.length)
          notes.push(`Row ${number}: only the first ${kept.length} of ${all.length} cells.`);
        characters -= size;
        cells -= kept.length;
        last = Math.min(end, number + repeat - 1);
        rows.push({
          number: Math.max(first, number),
          repeat: last - Math.max(first, number) + 1,
          cells: kept,
        });
        // The rest of a repeated row belongs to the next range.
        if (number + repeat - 1 > end) break;
      }
      await this.#advance(cursor);
    }
    if (cut > 0)
      notes.push(
        `${cut} long ${cut === 1 ? 'cell is' : 'cells are'} cut at ${this.#limits.cellChars} characters.`,
      );
    if (!full && cursor.next) last = Math.min(end, cursor.next.number - 1);
    return { rows, last, ended: cursor.next === undefined };
  }

  /** A table of the used columns, with column letters and row numbers. */
  #table(rows: readonly SheetRow[], notes: string[]): string {
    if (rows.length === 0) return '';
    const used = [...new Set(rows.flatMap((row) => row.cells.map(([column]) => column)))].toSorted(
      (a, b) => a - b,
    );
    const columns = used.slice(0, this.#limits.columns);
    if (columns.length < used.length)
      notes.push(`Only ${columns.length} of ${used.length} used columns are shown.`);
    const at = new Map(columns.map((column, i) => [column, i + 1]));
    const body = rows.map(({ number, repeat, cells }) => {
      const line = Array.from({ length: columns.length + 1 }, () => '');
      line[0] = repeat > 1 ? `${number}-${number + repeat - 1}` : String(number);
      for (const [column, text] of cells) {
        const i = at.get(column);
        if (i !== undefined) line[i] = text;
      }
      return line;
    });
    return table([['', ...columns.map((column) => columnLetters(column))], ...body]);
  }
}

/** The letters of a column: 28 is `AB`. */
export function columnLetters(column: number): string {
  let name = '';
  for (let left = column; left > 0; left = Math.floor((left - 1) / 26)) {
    name = String.fromCharCode(65 + ((left - 1) % 26)) + name;
  }
  return name;
}

/** The number of a column: `AB` is 28. */
export function columnNumber(name: string): number {
  let column = 0;
  for (let i = 0; i < name.length && i < 4; i++) column = column * 26 + name.charCodeAt(i) - 64;
  return column;
}
