import type { DocumentLimits, Reader, Sheet } from '../kernel/document.ts';
import { limit } from '../kernel/failure.ts';
import { plainNumber } from './number-format.ts';
import { openOdf } from '../odf/odf.ts';
import { SheetReader, type SheetRow } from './sheet.ts';
import type { XmlAttributes, XmlEvents } from '../kernel/xml.ts';

/** ODS. Its sheets are one stream of XML, so all are read at once; repeated rows and cells are kept as one. */
export async function openSpreadsheet(bytes: Uint8Array, limits: DocumentLimits): Promise<Reader> {
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
  #room: number;
  #row: SheetRow | undefined;
  #number = 0;
  #column = 0;
  #cell: { attributes: XmlAttributes; repeat: number; text: string } | undefined;
  #paragraphs = 0;
  #note = 0;

  constructor(limits: DocumentLimits) {
    this.#limits = limits;
    this.#room = limits.documentChars;
  }

  open(name: string, attributes: XmlAttributes): void {
    if (name === 'annotation') {
      this.#note++;
      this.annotations++;
    }
    if (name === 'object') this.charts = true;
    if (this.#note > 0) return;
    if (name === 'table' && !this.#cell) {
      this.tables.push({ sheet: { name: attributes['table:name'] ?? '', rows: 0, columns: 0 }, rows: [] });
      this.#number = 0;
    } else if (name === 'table-row') {
      const repeat = count(attributes['number-rows-repeated']);
      this.#row = { number: this.#number + 1, repeat, cells: [] };
      this.#number += repeat;
      this.#column = 0;
    } else if (name === 'table-cell' || name === 'covered-table-cell') {
      this.#cell = { attributes, repeat: count(attributes['number-columns-repeated']), text: '' };
      this.#paragraphs = 0;
    } else if (this.#cell && name === 'p') {
      if (this.#paragraphs++ > 0) this.#cell.text += '\n';
    } else if (this.#cell && name === 's') this.#cell.text += ' ';
    else if (this.#cell && name === 'line-break') this.#cell.text += '\n';
  }

  text(text: string): void {
    if (this.#cell && this.#note === 0 && this.#paragraphs > 0) this.#cell.text += text;
  }

  close(name: string): void {
    if (name === 'annotation') this.#note--;
    if (this.#note > 0) return;
    const table = this.tables.at(-1);
    if ((name === 'table-cell' || name === 'covered-table-cell') && this.#cell) {
      const text = show(this.#cell.attributes, this.#cell.text);
      this.#keep(text, this.#cell.repeat);
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

  #keep(text: string, repeat: number): void {
    const first = this.#column + 1;
    this.#column += repeat;
    if (text === '' || !this.#row) return;
    // One element can stand for a whole row of equal cells: what no answer would show is not made.
    const copies = Math.min(repeat, this.#limits.columns);
    this.#room -= text.length + copies * 16;
    if (this.#room < 0) throw limit('Its cells are more than what is read of one document.');
    for (let i = 0; i < copies; i++) this.#row.cells.push([first + i, text]);
  }
}

function count(repeated: string | undefined): number {
  const number = Math.trunc(Number(repeated ?? 1));
  return number >= 1 ? Math.min(number, 2 ** 24) : 1;
}

/** The value where the text shown is only one locale's way to write it. */
function show(attributes: XmlAttributes, text: string): string {
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
