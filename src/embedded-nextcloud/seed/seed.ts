import { jpeg } from './jpeg.ts';
import { contract, letter, meeting, plan, reading, recipe, settings, todo, welcome } from './texts.ts';
import { lines } from './lines.ts';
import { docx, odt, pptx, xlsx } from './office.ts';
import { pdf } from './pdf.ts';
import { png } from './png.ts';
import type { EmbeddedFolder } from '../store/embedded-folder.ts';

const DAY = 24 * 60 * 60;
const SCANS = 2000;
const LOG_LINES = 75_000;

/** Fills the home folder of the first user with sample files. */
export function seed(nextcloud: { home(): EmbeddedFolder }): void {
  const home = nextcloud.home();
  const start = Math.floor(Date.now() / 1000);
  const ago = (days: number): { mtime: number } => ({ mtime: start - Math.round(days * DAY) });
  home.put('/Readme.md', welcome, ago(200));
  documents(home, ago);
  notes(home, ago);
  pictures(home, ago);
  invoices(home, ago);
  projects(home, ago);
  oddNames(home, ago);
  archive(home, ago);
}

type Ago = (days: number) => { mtime: number };

function documents(home: EmbeddedFolder, ago: Ago): void {
  home.put('/Documents/Rental agreement.pdf', pdf('Rental agreement', contract), {
    ...ago(410),
    favorite: true,
    tags: ['important'],
  });
  home.put('/Documents/Letter to the utility.docx', docx(letter), ago(35));
  home.put('/Documents/Garden project.pptx', pptx(plan), ago(61));
  home.put(
    '/Documents/Will (draft).odt',
    odt(['Draft, not signed.', 'Everything goes to the cat.']),
    ago(120),
  );
  home.put(
    '/Documents/Household budget.xlsx',
    xlsx({ Budget: budget, Notes: [['Prices include VAT']] }),
    ago(12),
  );
  home.put('/Documents/contacts.csv', contacts, ago(90));
  home.put('/Documents/phone numbers.txt', 'Plumber\t0123 456789\nLandlord\t0123 998877\n', ago(300));
}

const budget = [
  ['Month', 'Rent', 'Food', 'Power'],
  ['January', 812, 402.5, 61],
  ['February', 812, 377.9, 58],
  ['March', 812, 415.2, 49],
];

const contacts =
  'name,email,city\nAnna Example,anna@example.com,Musterstadt\nJörg Müller,joerg@example.com,Köln\n' +
  'Chioma Okafor,okafor@example.com,Hamburg\n';

function notes(home: EmbeddedFolder, ago: Ago): void {
  home.put('/Notes/Kitchen kick-off.md', meeting, { ...ago(9), favorite: true });
  home.put('/Notes/Reading list.md', reading, ago(48));
  home.put('/Notes/Plum cake.md', recipe, ago(77));
  home.put('/Notes/ideas.txt', 'A map of all benches in town.\nA clock that only knows morning.\n', ago(3));
}

function pictures(home: EmbeddedFolder, ago: Ago): void {
  const sunset = png(160, 100, (x, y) => [200 + (x % 40), Math.max(0, 150 - y), 40 + y]);
  home.put('/Photos/2024/Hills.jpg', jpeg, { ...ago(420), tags: ['holiday'] });
  home.put('/Photos/2024/Sunset.png', sunset, ago(419));
  home.put('/Photos/2025/Lake.jpg', jpeg, ago(150));
  home.put(
    '/Photos/avatar.png',
    png(64, 64, (x, y) => [(x * 4) % 256, (y * 4) % 256, 128]),
    ago(500),
  );
}

function invoices(home: EmbeddedFolder, ago: Ago): void {
  const thisYear = new Date().getFullYear();
  const shops = ['Stadtwerke', 'Internet', 'Insurance', 'Bike shop'];
  for (const [back, year] of [thisYear - 2, thisYear - 1, thisYear].entries()) {
    for (const [i, shop] of shops.entries()) {
      const amount = (39.9 + i * 17.35 + back * 3).toFixed(2);
      const number = `${year}-${String(100 + i * 7)}`;
      const page = [`INVOICE ${number}`, '', shop, `Total: ${amount} EUR`, 'Payable within 14 days.'];
      const file = `/Invoices/${year}/${year}-0${i + 1} ${shop}.pdf`;
      home.put(file, pdf(`Invoice ${number}`, [page]), ago((2 - back) * 365 + 25 - i * 6 + 1));
    }
  }
}

function projects(home: EmbeddedFolder, ago: Ago): void {
  home.put(
    '/Projects/Website/index.html',
    '<!doctype html>\n<title>Hello</title>\n<p>Under construction.</p>\n',
    ago(20),
  );
  home.put('/Projects/Website/style.css', 'body { font-family: sans-serif; }\n', ago(20));
  home.put('/Projects/Website/settings.json', settings, ago(15));
  home.put('/Projects/Garden/Plan.md', '# Garden\n\n- [ ] rain barrel\n- [ ] apple tree\n', ago(60));
  home.put('/Projects/Garden/measurements.csv', 'bed,length_m,width_m\n1,2.0,0.8\n2,1.6,0.8\n', ago(58));
  home.mkdir('/Projects/Empty folder');
}

/** Names that clients often handle wrongly, each beside the name that it would be mistaken for. */
function oddNames(home: EmbeddedFolder, ago: Ago): void {
  const folder = '/Projects/Odd names';
  home.put(`${folder}/100% sure #1?.txt`, 'percent, hash and question mark\n', ago(30));
  home.put(`${folder}/a b.txt`, 'a blank\n', ago(30));
  home.put(`${folder}/a%20b.txt`, 'a literal %20\n', ago(30));
  home.put(`${folder}/q`, 'just q\n', ago(30));
  home.put(`${folder}/q?x.txt`, 'q, question mark, x\n', ago(30));
  home.put(`${folder}/todo/#todo.txt`, todo, ago(30));
  home.put(`${folder}/files/inside.txt`, 'a folder called files\n', ago(30));
  home.put(`${folder}/Müsli & Öl.txt`, 'umlauts and an ampersand\n', ago(30));
  home.put(`${folder}/party 🎉.txt`, 'an emoji\n', ago(30));
  home.put(`${folder}/it's "quoted".txt`, 'quotes\n', ago(30));
}

function archive(home: EmbeddedFolder, ago: Ago): void {
  for (let i = 1; i <= SCANS; i++) {
    const number = String(i).padStart(4, '0');
    const text = `Scan ${number}\nBox ${Math.ceil(i / 100)}, page ${((i - 1) % 100) + 1}\n`;
    home.put(`/Archive/Scans/scan-${number}.txt`, text, ago(900 - i / 10));
  }
  const begin = Date.UTC(2025, 0, 1);
  const levels = ['INFO', 'INFO', 'INFO', 'WARN', 'INFO', 'ERROR'];
  const log = lines(LOG_LINES, (i) => {
    const at = new Date(begin + i * 7000).toISOString();
    return `${at} ${(levels[(i * 7) % 6] ?? '').padEnd(5)} worker-${i % 4} request ${i} took ${(i * 37) % 900} ms`;
  });
  home.put('/Archive/server.log', log, ago(2));
}
