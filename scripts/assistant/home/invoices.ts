import { pdf } from '../../../src/embedded-nextcloud/seed/pdf.ts';
import type { Hand } from './hand.ts';
import { random, twoDigits } from './random.ts';

interface Invoice {
  readonly path: string;
  readonly supplier: string;
  readonly year: number;
  readonly number: string;
  /** In cents; negative for a credit note. */
  readonly total: number;
  readonly bytes: Buffer;
}

const suppliers = ['Nordlicht Energie', 'Kaltwasser GmbH', 'Fjord Telecom', 'Paperworks', 'Stadtreinigung'];

export const euros = (cents: number): string => (cents / 100).toFixed(2);

function page(supplier: string, number: string, date: string, total: number): Buffer {
  const net = Math.round(total / 1.19);
  const kind = total < 0 ? 'CREDIT NOTE' : 'INVOICE';
  return pdf(`${kind} ${number}`, [
    [
      `${kind} ${number}`,
      '',
      supplier,
      `To: Mara Lindqvist, Lange Strasse 4`,
      `Date: ${date}`,
      '',
      `Net: ${euros(net)} EUR`,
      `VAT 19%: ${euros(total - net)} EUR`,
      `Total: ${euros(total)} EUR`,
      '',
      'Payable within 14 days.',
    ],
  ]);
}

function made(): Invoice[] {
  const roll = random(7);
  const all: Invoice[] = [];
  for (const year of [2024, 2025])
    for (const [index, supplier] of suppliers.entries())
      for (let month = 1; month <= 12; month++) {
        const number = `${supplier.slice(0, 2).toUpperCase()}-${year}-${twoDigits(month)}${10 + roll(80)}`;
        const total = 4000 + index * 2500 + roll(6000);
        // One is in the folder of the wrong year, and one has an ending in capitals.
        const folder = year === 2024 && month === 12 && supplier.startsWith('Kalt') ? 2025 : year;
        const ending = year === 2024 && month === 7 && supplier === 'Paperworks' ? 'PDF' : 'pdf';
        const path = `/Invoices/${folder}/${year}-${twoDigits(month)} ${supplier}.${ending}`;
        const bytes = page(supplier, number, `${year}-${twoDigits(month)}-09`, total);
        all.push({ path, supplier, year, number, total, bytes });
      }
  const number = 'NO-2025-0977';
  const supplier = 'Nordlicht Energie';
  const bytes = page(supplier, number, '2025-09-20', -8640);
  const path = `/Invoices/2025/2025-09 ${supplier} credit note.pdf`;
  return [...all, { path, supplier, year: 2025, number, total: -8640, bytes }];
}

/** Every invoice once; the copies and decoys are only in the home. */
export const invoices = made();

const february = '/Invoices/2025/2025-02 Nordlicht Energie.pdf';
export const copiedInvoice = '/Invoices/2025/2025-02 Nordlicht Energie (copy).pdf';

export function putInvoices(hand: Hand): void {
  for (const { path, bytes } of invoices) {
    const [, year = '', month = ''] = /\/(\d{4})-(\d\d) [^/]*$/.exec(path) ?? [];
    hand.put(path, bytes, `${year}-${month}-10`);
  }
  const copied = invoices.find(({ path }) => path === february)?.bytes ?? '';
  hand.put(copiedInvoice, copied, '2025-02-21');
  hand.put(
    '/Invoices/2025/2025-03 Nordlicht Energie.pdf.txt',
    'Text layer of the scan, not proofread:\nNordlicht Energie\nTotal: 999.00 EUR\n',
    '2025-03-11',
  );
  hand.put('/Invoices/reminders.pdf/first.txt', 'A reminder, paid since.\n', '2024-05-02');
  hand.put('/Invoices/reminders.pdf/second.txt', 'Another one, paid too.\n', '2024-06-02');
}
