import type { DocumentLimits, Reader } from '../kernel/document.ts';
import { limit } from '../kernel/failure.ts';
import { valueKindOf, plainNumber, formatValue, type ValueKind } from './number-format.ts';
import { Package } from '../kernel/package.ts';
import { columnOf, SheetReader, type SheetRow, type Workbook } from './sheet.ts';
import { Xml, type XmlAttributes } from '../kernel/xml.ts';
import { Zip } from '../kernel/zip.ts';

const maxRows = 1_048_576;
const maxColumns = 16_384;

interface Place {
  name: string;
  part: string;
  rows?: number;
  columns?: number;
  hidden?: boolean;
}

/** XLSX: values as they were last calculated, dates as dates, one sheet and some rows at a time. */
export async function openWorkbook(bytes: Uint8Array, limits: DocumentLimits): Promise<Reader> {
  const zip = await Zip.open(bytes, limits);
  const source = new Package(zip, limits);
  const main = await source.main('xl/workbook.xml');
  const relations = await source.relations(main);
  const places: Place[] = [];
  let from1904 = false;
  await source.walk(main, {
    open: (name, attributes) => {
      if (name === 'workbookPr') from1904 = /^(1|true)$/.test(attributes['date1904'] ?? '');
      const relation =
        name === 'sheet' ? relations.get(attributes['r:id'] ?? attributes['id'] ?? '') : undefined;
      if (relation?.type !== 'worksheet') return;
      const hidden = (attributes['state'] ?? 'visible') !== 'visible';
      places.push({ name: attributes['name'] ?? '', part: relation.target, ...(hidden ? { hidden } : {}) });
    },
  });
  for (const place of places.slice(0, 100)) Object.assign(place, await dimension(zip, place.part, limits));
  const part = (type: string): string | undefined =>
    [...relations.values()].find((one) => one.type === type && zip.has(one.target))?.target;
  const kinds = await readKinds(source, part('styles'));
  let strings: Promise<string[]> | undefined;
  const book: Workbook = {
    format: 'xlsx',
    sheets: places.map(({ part: _part, ...sheet }) => sheet),
    facts: await source.facts(),
    lost: losses(zip),
    async *rows(index) {
      strings ??= readStrings(source, part('sharedStrings'));
      const cells = { strings: await strings, kinds, from1904 };
      yield* rows(zip, places[index]?.part ?? '', cells, limits);
    },
    close: () => zip.close(),
  };
  return new SheetReader(book, limits);
}

/** The size of a sheet as its producer noted it, which is at the start of the part. */
async function dimension(
  zip: Zip,
  part: string,
  limits: DocumentLimits,
): Promise<{ rows?: number; columns?: number }> {
  if (!zip.has(part)) return {};
  let found: { rows?: number; columns?: number } = {};
  let data = false;
  const xml = new Xml(
    {
      open: (name, attributes) => {
        if (name === 'sheetData') data = true;
        const [, column, row] =
          /([A-Z]+)(\d+)$/.exec(name === 'dimension' ? (attributes['ref'] ?? '') : '') ?? [];
        if (column !== undefined && row !== undefined && attributes['ref']?.includes(':'))
          found = { rows: Math.min(maxRows, Number(row)), columns: Math.min(maxColumns, columnOf(column)) };
      },
    },
    limits.depth,
  );
  for await (const text of zip.texts(part)) {
    xml.write(text);
    if (data) break;
  }
  return found;
}

interface Cells {
  strings: readonly string[];
  kinds: readonly ValueKind[];
  from1904: boolean;
}

async function* rows(
  zip: Zip,
  part: string,
  cells: Cells,
  limits: DocumentLimits,
): AsyncGenerator<SheetRow, void, void> {
  const ready: SheetRow[] = [];
  const xml = new Xml(new RowEvents(ready, cells), limits.depth);
  for await (const text of zip.texts(part)) {
    xml.write(text);
    yield* ready.splice(0);
  }
  xml.end();
  yield* ready.splice(0);
}

class RowEvents {
  #ready: SheetRow[];
  #cells: Cells;
  #row: SheetRow | undefined;
  #number = 0;
  #column = 0;
  #type = 'n';
  #style = 0;
  #value = '';
  #text = false;
  #formula = '';
  #inFormula = false;

  constructor(ready: SheetRow[], cells: Cells) {
    this.#ready = ready;
    this.#cells = cells;
  }

  open(name: string, attributes: XmlAttributes): void {
    if (name === 'row') {
      this.#number = Number(attributes['r'] ?? this.#number + 1);
      this.#row = { number: this.#number, repeat: 1, cells: [] };
      this.#column = 0;
    } else if (name === 'c') {
      const column = columnOf(/^[A-Z]+/.exec(attributes['r'] ?? '')?.[0] ?? '');
      this.#column = column === 0 ? this.#column + 1 : column;
      this.#type = attributes['t'] ?? 'n';
      this.#style = Number(attributes['s'] ?? 0);
      this.#value = '';
      this.#formula = '';
    } else if (name === 'v' || name === 't') this.#text = true;
    else if (name === 'f') this.#inFormula = true;
  }

  text(text: string): void {
    if (this.#text) this.#value += text;
    else if (this.#inFormula) this.#formula += text;
  }

  close(name: string): void {
    if (name === 'v' || name === 't') this.#text = false;
    else if (name === 'f') this.#inFormula = false;
    else if (name === 'c' && this.#row && this.#column <= maxColumns) {
      const text = this.#show();
      if (text !== '') this.#row.cells.push([this.#column, text]);
    } else if (name === 'row' && this.#row) {
      const { number, cells } = this.#row;
      if (cells.length > 0 && number >= 1 && number <= maxRows) this.#ready.push(this.#row);
      this.#row = undefined;
    }
  }

  #show(): string {
    const value = this.#value;
    // Programs that only write do not calculate: then the formula is all there is.
    if (value === '' && this.#formula !== '') return `=${this.#formula}`;
    if (this.#type === 's') return this.#cells.strings[Number(value)] ?? '';
    if (this.#type === 'str' || this.#type === 'inlineStr') return unescape(value);
    if (this.#type === 'b') return value === '1' ? 'TRUE' : 'FALSE';
    if (this.#type === 'd') return value.replace('T', ' ').replace(/ 00:00:00(\.000)?Z?$/, '');
    if (this.#type === 'e' || value === '') return value;
    const number = Number(value);
    if (!Number.isFinite(number)) return value;
    const kind = this.#cells.kinds[this.#style] ?? 'number';
    return kind === 'number' ? plainNumber(number) : formatValue(number, kind, this.#cells.from1904);
  }
}

async function readStrings(source: Package, part: string | undefined): Promise<string[]> {
  const strings: string[] = [];
  if (part === undefined) return strings;
  let text = '';
  let inside = false;
  let phonetic = false;
  let room = source.limits.documentChars;
  const xml = new Xml(
    {
      open: (name) => {
        if (name === 'si') text = '';
        if (name === 'rPh') phonetic = true;
        inside = name === 't' && !phonetic;
      },
      text: (more) => {
        if (!inside) return;
        room -= more.length;
        if (room < 0) throw limit('Its texts are longer than what is read of one document.');
        text += more;
      },
      close: (name) => {
        inside = false;
        if (name === 'rPh') phonetic = false;
        if (name === 'si') strings.push(unescape(text));
      },
    },
    source.limits.depth,
  );
  for await (const chunk of source.zip.texts(part)) xml.write(chunk);
  xml.end();
  return strings;
}

/** What the number format of each cell style makes of a number. */
async function readKinds(source: Package, part: string | undefined): Promise<ValueKind[]> {
  const kinds: ValueKind[] = [];
  if (part === undefined) return kinds;
  const codes = new Map<number, string>();
  let inside = false;
  await source.walk(part, {
    open: (name, attributes) => {
      if (name === 'numFmt') codes.set(Number(attributes['numFmtId']), attributes['formatCode'] ?? '');
      if (name === 'cellXfs') inside = true;
      if (name === 'xf' && inside) {
        const id = Number(attributes['numFmtId'] ?? 0);
        kinds.push(valueKindOf(id, codes.get(id)));
      }
    },
    close: (name) => {
      if (name === 'cellXfs') inside = false;
    },
  });
  return kinds;
}

function losses(zip: Zip): string[] {
  const names = [...zip.entries.keys()];
  const lost: string[] = ['formulas (the values they last had are shown)', 'formatting and merged cells'];
  const say = (pattern: RegExp, words: string): void => {
    const count = names.filter((name) => pattern.test(name)).length;
    if (count > 0) lost.push(words);
  };
  say(/^xl\/(comments\d*|comments\/|threadedComments\/)/, 'comments on cells');
  say(/^xl\/charts\/chart/, 'charts');
  say(/^xl\/media\//, 'pictures');
  say(/^xl\/pivotTables\//, 'the set-up of pivot tables');
  say(/vbaProject\.bin$/, 'macros');
  return lost;
}

/** Characters that XML cannot hold are written as _xHHHH_. */
function unescape(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}
