import { xlsx } from '../../../src/embedded-nextcloud/seed/office.ts';
import { zip } from '../../../src/embedded-nextcloud/seed/zip.ts';
import type { Hand } from './hand.ts';
import { euros } from './invoices.ts';
import { random, twoDigits } from './random.ts';

type Cell = string | number;

/** A spreadsheet of OpenDocument 1.2 with one sheet. */
function ods(sheet: string, rows: readonly (readonly Cell[])[]): Buffer {
  const space = 'urn:oasis:names:tc:opendocument:xmlns';
  const mime = 'application/vnd.oasis.opendocument.spreadsheet';
  const cell = (value: Cell): string => {
    const kind =
      typeof value === 'number'
        ? `office:value-type="float" office:value="${value}"`
        : 'office:value-type="string"';
    return `<table:table-cell ${kind}><text:p>${value}</text:p></table:table-cell>`;
  };
  const body = rows.map((row) => `<table:table-row>${row.map(cell).join('')}</table:table-row>`).join('');
  const head = '<?xml version="1.0" encoding="UTF-8"?>\n';
  const entry = (path: string, type: string): string =>
    `<manifest:file-entry manifest:full-path="${path}" manifest:media-type="${type}"/>`;
  return zip([
    { name: 'mimetype', data: mime },
    {
      name: 'content.xml',
      data:
        `${head}<office:document-content xmlns:office="${space}:office:1.0" xmlns:table="${space}:table:1.0" ` +
        `xmlns:text="${space}:text:1.0" office:version="1.2"><office:body><office:spreadsheet>` +
        `<table:table table:name="${sheet}">${body}</table:table></office:spreadsheet></office:body>` +
        '</office:document-content>',
    },
    {
      name: 'META-INF/manifest.xml',
      data: `${head}<manifest:manifest xmlns:manifest="${space}:manifest:1.0" manifest:version="1.2">${entry('/', mime)}${entry('content.xml', 'text/xml')}</manifest:manifest>`,
    },
  ]);
}

const crops = ['beans', 'kale', 'leek', 'peas'];

function harvestRows(): { bed: string; kilos: number; cells: Cell[] }[] {
  const roll = random(31);
  return Array.from({ length: 72 }, (_, index) => {
    const year = index < 30 ? 2024 : 2025;
    const bed = `Bed ${1 + (index % 6)}`;
    // The beds are close to each other; in 2024 another one was ahead.
    const tenths =
      20 +
      roll(40) +
      (year === 2025 && bed === 'Bed 4' ? 9 : 0) +
      (year === 2024 && bed === 'Bed 2' ? 90 : 0);
    const day = `${year}-${twoDigits(6 + (index % 4))}-${twoDigits(1 + (index % 28))}`;
    return {
      bed: year === 2025 ? bed : '',
      kilos: tenths,
      cells: [day, bed, crops[roll(crops.length)] ?? '', tenths / 10],
    };
  });
}

function bestOf(rows: ReturnType<typeof harvestRows>): { bed: string; kilos: number } {
  const sums = new Map<string, number>();
  for (const { bed, kilos } of rows) if (bed !== '') sums.set(bed, (sums.get(bed) ?? 0) + kilos);
  const sorted = [...sums].toSorted(([, a], [, b]) => b - a);
  const [first, second] = sorted;
  if (!first || first[1] === second?.[1]) throw new Error('no bed is the best');
  return { bed: first[0], kilos: first[1] / 10 };
}

const harvest = harvestRows();
export const bestBed = bestOf(harvest);

/** The screw that is asked for: its row is far down in the second of three sheets. */
export const screw = { code: '40-118', pieces: 1375, shelf: 'R7', room: 'cellar, left wall' };

function stock(): Buffer {
  const roll = random(12);
  const codes = Array.from(
    { length: 380 },
    (_, index) => `${40 - (index % 3)}-${100 + Math.floor(index / 3)}`,
  );
  const count = (old: boolean): Cell[][] =>
    codes.map((code) => {
      const other = old ? roll(900) : 100 + roll(900);
      const pieces = code === screw.code ? (old ? 212 : screw.pieces) : other;
      const shelf = code === screw.code ? (old ? 'R2' : screw.shelf) : `R${1 + roll(9)}`;
      return [code, `Screw ${code}`, pieces, shelf];
    });
  const rooms = [
    'hall',
    'hall',
    'loft',
    'garage',
    'garage',
    'cellar, right wall',
    screw.room,
    'shop',
    'shop',
  ];
  return xlsx({
    'Count 2023': [['Code', 'Name', 'Pieces', 'Shelf'], ...count(true)],
    Stock: [['Code', 'Name', 'Pieces', 'Shelf'], ...count(false)],
    Shelves: [['Shelf', 'Room'], ...rooms.map((room, index) => [`R${index + 1}`, room])],
  });
}

const categories = ['Travel', 'Office', 'Books', 'Travel agency fees', 'Food'];

function expenseRows(): { category: string; cents: number; line: string }[] {
  const roll = random(5);
  return Array.from({ length: 150 }, (_, index) => {
    const category = categories[roll(categories.length)] ?? '';
    const cents = index % 29 === 3 ? 100_000 + roll(90_000) : 500 + roll(20_000);
    const amount = Number(euros(cents)).toLocaleString('en-US', { minimumFractionDigits: 2 });
    const day = `2025-${twoDigits(1 + Math.floor(index / 13))}-${twoDigits(1 + ((index * 5) % 28))}`;
    const text = index % 17 === 0 ? `"Travel to the ""Nordic, Inc."" office"` : `Item ${index}`;
    const line = `${day},${category},${text},${amount.includes(',') ? `"${amount}"` : amount}`;
    return { category, cents, line };
  });
}

const expenses = expenseRows();
export const travelCents = expenses
  .filter(({ category }) => category === 'Travel')
  .reduce((sum, { cents }) => sum + cents, 0);

export const journalPath = '/Accounts/journal 2025.csv';
const voucher = { right: '181.00', wrong: '118.00' };

/** @param corrected with the amount that the task asks for */
export function journal(corrected: boolean): string {
  const roll = random(77);
  const rows = Array.from({ length: 14_000 }, (_, index) => {
    const number = 30_000 + index;
    const other = index % 400 === 0 ? voucher.wrong : `${1 + roll(900)}.${twoDigits(roll(100))}`;
    const amount = number === 40_217 ? (corrected ? voucher.right : voucher.wrong) : other;
    const day = twoDigits(1 + (index % 28));
    return `${number};2025-${twoDigits(1 + Math.floor(index / 1200))}-${day};posting no. ${140_217 + index};${amount}\r\n`;
  });
  return `voucher;date;text;amount\r\n${rows.join('')}`;
}

export function putTables(hand: Hand): void {
  hand.put('/Accounts/stock.xlsx', stock(), '2025-02-11');
  hand.put(
    '/Garden/harvest.ods',
    ods('Harvest', [['Date', 'Bed', 'Crop', 'kg'], ...harvest.map(({ cells }) => cells)]),
    '2025-10-02',
  );
  hand.put(
    '/Accounts/expenses 2025.csv',
    ['date,category,text,amount', ...expenses.map(({ line }) => line), ''].join('\n'),
    '2025-12-30',
  );
  hand.put(
    '/Accounts/expenses 2024.csv',
    'date,category,text,amount\n2024-02-03,Travel,Train,88.10\n',
    '2024-12-30',
  );
  hand.put(journalPath, journal(false), '2025-12-31');
}
