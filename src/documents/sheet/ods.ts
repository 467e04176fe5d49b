import type { DocumentLimits, Reader, Sheet } from '../kernel/document.ts';
import { limit } from '../kernel/document-error.ts';
import { plainNumber } from './number-format.ts';
import { openOdf } from '../odf/odf-package.ts';
import { SheetReader, type SheetRow } from './sheet-reader.ts';
import type { XmlAttributes, XmlEvents } from '../kernel/xml.ts';

/** Opens an OpenDocument spreadsheet (ODS). All sheets are in one XML part, so they are read together. */
export async function openOds(bytes: Uint8Array, limits: DocumentLimits): Promise<Reader> {
  const source = await openOdf(bytes, limits);
  const events = new TableEvents(limits);
  await source.walk(events);
  source.close();
  const tables = events.tables;
  const lost = ['formulas (the values they last had are shown)', 'formatting and merged cells'];
  if (events.annotations > 0) lost.push('comments on cells');
  if (events.charts) lost.push('charts');
  return new SheetReader(
    {
      format: 'ods',
      sheets: tables.map(({ sheet }) => sheet),
      facts: source.facts,
      lost,
      async *rows(index) {
        for (const row of tables[index]?.rows ?? []) yield row;
      },
      close: () => undefined,
    },
    limits,
  );
}

class TableEvents implements XmlEvents {
  readonly tables: { sheet: Sheet; rows: SheetRow[] }[] = [];
  annotations = 0;
  charts = false;
  #limits: DocumentLimits;
  #remainingCharacters: number;
  #row: SheetRow | undefined;
  #rowNumber = 0;
  #column = 0;
  #cell: { attributes: XmlAttributes; repeat: number; text: string } | undefined;
  #paragraphs = 0;
  /** The depth inside comments on cells. */
  #annotationDepth = 0;

  constructor(limits: DocumentLimits) {
    this.#limits = limits;
    this.#remainingCharacters = limits.documentChars;
  }

  open(name: string, attributes: XmlAttributes): void {
    if (name === 'annotation') {
      this.#annotationDepth++;
      this.annotations++;
    }
    if (name === 'object') this.charts = true;
    if (this.#annotationDepth > 0) return;
    if (name === 'table' && !this.#cell) {
      this.tables.push({ sheet: { name: attributes['table:name'] ?? '', rows: 0, columns: 0 }, rows: [] });
      this.#rowNumber = 0;
    } else if (name === 'table-row') {
      const repeat = repeatCount(attributes['number-rows-repeated']);
      this.#row = { number: this.#rowNumber + 1, repeat, cells: [] };
      this.#rowNumber += repeat;
      this.#column = 0;
    } else if (name === 'table-cell' || name === 'covered-table-cell') {
      this.#cell = { attributes, repeat: repeatCount(attributes['number-columns-repeated']), text: '' };
      this.#paragraphs = 0;
    } else if (this.#cell && name === 'p') {
      if (this.#paragraphs++ > 0) this.#cell.text += '\n';
    } else if (this.#cell && name === 's') this.#cell.text += ' ';
    else if (this.#cell && name === 'line-break') this.#cell.text += '\n';
  }

  text(text: string): void {
    if (this.#cell && this.#annotationDepth === 0 && this.#paragraphs > 0) this.#cell.text += text;
  }

  close(name: string): void {
    if (name === 'annotation') this.#annotationDepth--;
    if (this.#annotationDepth > 0) return;
    const table = this.tables.at(-1);
    if ((name === 'table-cell' || name === 'covered-table-cell') && this.#cell) {
      const text = cellText(this.#cell.attributes, this.#cell.text);
      this.#addCells(text, this.#cell.repeat);
      this.#cell = undefined;
    } else if (name === 'table-row' && this.#row && table) {
      if (this.#row.cells.length > 0) {
        table.rows.push(this.#row);
        table.sheet.rows = this.#row.number + this.#row.repeat - 1;
        table.sheet.columns = Math.max(table.sheet.columns ?? 0, this.#row.cells.at(-1)?.[0] ?? 0);
      }
      this.#row = undefined;
    }
  }

  #addCells(text: string, repeat: number): void {
    const first = this.#column + 1;
    this.#column += repeat;
    if (text === '' || !this.#row) return;
    // One element can stand for a whole row of equal cells. No more are added than an answer can show.
    const copies = Math.min(repeat, this.#limits.columns);
    this.#remainingCharacters -= text.length + copies * 16;
    if (this.#remainingCharacters < 0)
      throw limit('The cells of the spreadsheet exceed the limit for one document.');
    for (let i = 0; i < copies; i++) this.#row.cells.push([first + i, text]);
  }
}

/** The value of a `number-…-repeated` attribute. */
function repeatCount(repeated: string | undefined): number {
  const number = Math.trunc(Number(repeated ?? 1));
  return number >= 1 ? Math.min(number, 2 ** 24) : 1;
}

/** The stored value of a cell rather than its displayed text, which depends on a locale. */
function cellText(attributes: XmlAttributes, text: string): string {
  const type = attributes['value-type'];
  if (type === 'float') {
    const value = Number(attributes['value']);
    return Number.isFinite(value) && !/[^\d.,\s+-]/.test(text) ? plainNumber(value) : text;
  }
  if (type === 'date') return (attributes['date-value'] ?? text).replace('T', ' ').replace(/ 00:00:00$/, '');
  if (type === 'percentage') {
    const value = Number(attributes['value']);
    return Number.isFinite(value) ? `${plainNumber(value * 100)}%` : text;
  }
  if (type === 'time') return duration(attributes['time-value']) ?? text;
  if (type === 'boolean') return (attributes['boolean-value'] ?? text).toUpperCase();
  return text;
}

function duration(value: string | undefined): string | undefined {
  const [, hours, minutes, seconds] = /^PT(\d+)H(\d+)M(\d+)/.exec(value ?? '') ?? [];
  if (hours === undefined || minutes === undefined || seconds === undefined) return undefined;
  return `${Number(hours)}:${minutes.padStart(2, '0')}:${seconds.padStart(2, '0')}`;
}
