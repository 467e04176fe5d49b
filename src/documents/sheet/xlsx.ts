import type { DocumentLimits, Reader } from '../kernel/document.ts';
import { limit } from '../kernel/document-error.ts';
import { valueKindOf, plainNumber, formatValue, type ValueKind } from './number-format.ts';
import { OpcPackage } from '../kernel/opc-package.ts';
import { columnNumber, SheetReader, type SheetRow, type Workbook } from './sheet-reader.ts';
import { Xml, type XmlAttributes } from '../kernel/xml.ts';
import type { Zip } from '../kernel/zip.ts';

const maxRows = 1_048_576;
const maxColumns = 16_384;

interface Worksheet {
  name: string;
  part: string;
  rows?: number;
  columns?: number;
  hidden?: boolean;
}

/** Opens an Excel workbook (XLSX): values as last calculated, read row by row. */
export async function openXlsx(bytes: Uint8Array, limits: DocumentLimits): Promise<Reader> {
  const source = await OpcPackage.open(bytes, limits, 'xl/workbook.xml');
  const { zip, main, relations } = source;
  const worksheets: Worksheet[] = [];
  let from1904 = false;
  await source.walk(main, {
    open: (name, attributes) => {
      if (name === 'workbookPr') from1904 = /^(1|true)$/.test(attributes['date1904'] ?? '');
      const relation =
        name === 'sheet' ? relations.get(attributes['r:id'] ?? attributes['id'] ?? '') : undefined;
      if (relation?.type !== 'worksheet') return;
      const hidden = (attributes['state'] ?? 'visible') !== 'visible';
      worksheets.push({
        name: attributes['name'] ?? '',
        part: relation.target,
        ...(hidden ? { hidden } : {}),
      });
    },
  });
  for (const worksheet of worksheets.slice(0, 100))
    Object.assign(worksheet, await readDimension(zip, worksheet.part, limits));
  const kinds = await readValueKinds(source, source.part('styles'));
  let strings: Promise<string[]> | undefined;
  const book: Workbook = {
    format: 'xlsx',
    sheets: worksheets.map(({ part: _part, ...sheet }) => sheet),
    facts: await source.facts(),
    lost: omissions(zip),
    async *rows(index) {
      strings ??= readStrings(source, source.part('sharedStrings'));
      const context = { strings: await strings, kinds, from1904 };
      yield* readRows(zip, worksheets[index]?.part ?? '', context, limits);
    },
    close: () => zip.close(),
  };
  return new SheetReader(book, limits);
}

/** The size of a sheet as declared by the program that wrote it, at the start of the part. */
async function readDimension(
  zip: Zip,
  part: string,
  limits: DocumentLimits,
): Promise<{ rows?: number; columns?: number }> {
  if (!zip.has(part)) return {};
  let found: { rows?: number; columns?: number } = {};
  let inData = false;
  const xml = new Xml(
    {
      open: (name, attributes) => {
        if (name === 'sheetData') inData = true;
        const [, column, row] =
          /([A-Z]+)(\d+)$/.exec(name === 'dimension' ? (attributes['ref'] ?? '') : '') ?? [];
        if (column !== undefined && row !== undefined && attributes['ref']?.includes(':'))
          found = {
            rows: Math.min(maxRows, Number(row)),
            columns: Math.min(maxColumns, columnNumber(column)),
          };
      },
    },
    limits.depth,
  );
  for await (const text of zip.texts(part)) {
    xml.write(text);
    if (inData) break;
  }
  return found;
}

/** What the text of a cell depends on besides the cell itself. */
interface CellContext {
  strings: readonly string[];
  kinds: readonly ValueKind[];
  from1904: boolean;
}

async function* readRows(
  zip: Zip,
  part: string,
  context: CellContext,
  limits: DocumentLimits,
): AsyncGenerator<SheetRow, void, void> {
  const ready: SheetRow[] = [];
  const xml = new Xml(new RowEvents(ready, context), limits.depth);
  for await (const text of zip.texts(part)) {
    xml.write(text);
    yield* ready.splice(0);
  }
  xml.end();
  yield* ready.splice(0);
}

class RowEvents {
  #ready: SheetRow[];
  #context: CellContext;
  #row: SheetRow | undefined;
  #number = 0;
  #column = 0;
  #type = 'n';
  #style = 0;
  #value = '';
  #inText = false;
  #formula = '';
  #inFormula = false;

  constructor(ready: SheetRow[], context: CellContext) {
    this.#ready = ready;
    this.#context = context;
  }

  open(name: string, attributes: XmlAttributes): void {
    if (name === 'row') {
      this.#number = Number(attributes['r'] ?? this.#number + 1);
      this.#row = { number: this.#number, repeat: 1, cells: [] };
      this.#column = 0;
    } else if (name === 'c') {
      const column = columnNumber(/^[A-Z]+/.exec(attributes['r'] ?? '')?.[0] ?? '');
      this.#column = column === 0 ? this.#column + 1 : column;
      this.#type = attributes['t'] ?? 'n';
      this.#style = Number(attributes['s'] ?? 0);
      this.#value = '';
      this.#formula = '';
    } else if (name === 'v' || name === 't') this.#inText = true;
    else if (name === 'f') this.#inFormula = true;
  }

  text(text: string): void {
    if (this.#inText) this.#value += text;
    else if (this.#inFormula) this.#formula += text;
  }

  close(name: string): void {
    if (name === 'v' || name === 't') this.#inText = false;
    else if (name === 'f') this.#inFormula = false;
    else if (name === 'c' && this.#row && this.#column <= maxColumns) {
      const text = this.#cellText();
      if (text !== '') this.#row.cells.push([this.#column, text]);
    } else if (name === 'row' && this.#row) {
      const { number, cells } = this.#row;
      if (cells.length > 0 && number >= 1 && number <= maxRows) this.#ready.push(this.#row);
      this.#row = undefined;
    }
  }

  #cellText(): string {
    const value = this.#value;
    // Programs that write workbooks without calculating them store no values. Then the formula is shown.
    if (value === '' && this.#formula !== '') return `=${this.#formula}`;
    if (this.#type === 's') return this.#context.strings[Number(value)] ?? '';
    if (this.#type === 'str' || this.#type === 'inlineStr') return unescapeText(value);
    if (this.#type === 'b') return value === '1' ? 'TRUE' : 'FALSE';
    if (this.#type === 'd') return value.replace('T', ' ').replace(/ 00:00:00(\.000)?Z?$/, '');
    if (this.#type === 'e' || value === '') return value;
    const number = Number(value);
    if (!Number.isFinite(number)) return value;
    const kind = this.#context.kinds[this.#style] ?? 'number';
    return kind === 'number' ? plainNumber(number) : formatValue(number, kind, this.#context.from1904);
  }
}

async function readStrings(source: OpcPackage, part: string | undefined): Promise<string[]> {
  const strings: string[] = [];
  if (part === undefined) return strings;
  let text = '';
  let inside = false;
  let phonetic = false;
  let remaining = source.limits.documentChars;
  const xml = new Xml(
    {
      open: (name) => {
        if (name === 'si') text = '';
        if (name === 'rPh') phonetic = true;
        inside = name === 't' && !phonetic;
      },
      text: (more) => {
        if (!inside) return;
        remaining -= more.length;
        if (remaining < 0)
          throw limit('The texts of the workbook are longer than the limit for one document.');
        text += more;
      },
      close: (name) => {
        inside = false;
        if (name === 'rPh') phonetic = false;
        if (name === 'si') strings.push(unescapeText(text));
      },
    },
    source.limits.depth,
  );
  for await (const chunk of source.zip.texts(part)) xml.write(chunk);
  xml.end();
  return strings;
}

/** The kind of value of each cell style, by its index. */
async function readValueKinds(source: OpcPackage, part: string | undefined): Promise<ValueKind[]> {
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

/** What the tables leave out, as phrases for `DocumentSummary.lost`. */
function omissions(zip: Zip): string[] {
  const names = [...zip.entries.keys()];
  const lost: string[] = ['formulas (the values they last had are shown)', 'formatting and merged cells'];
  const add = (pattern: RegExp, phrase: string): void => {
    if (names.some((name) => pattern.test(name))) lost.push(phrase);
  };
  add(/^xl\/(comments\d*|comments\/|threadedComments\/)/, 'comments on cells');
  add(/^xl\/charts\/chart/, 'charts');
  add(/^xl\/media\//, 'pictures');
  add(/^xl\/pivotTables\//, 'the set-up of pivot tables');
  add(/vbaProject\.bin$/, 'macros');
  return lost;
}

/** Characters that XML cannot contain are escaped as `_xHHHH_` (ECMA-376 part 1, 22.9.2.19). */
function unescapeText(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}
