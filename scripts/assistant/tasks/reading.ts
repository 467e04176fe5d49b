import { boilerError } from '../home/documents.ts';
import { lastError } from '../home/logs.ts';
import { booking } from '../home/mail.ts';
import { menus, sharedFolder } from '../home/notes.ts';
import { pictureOfThatDay } from '../home/photos.ts';
import { screw } from '../home/tables.ts';
import { dateFact } from '../judge/facts.ts';
import { found } from './task.ts';
import type { Task, Tools } from './task.ts';

const PIECE = 524_288;

/** A piece of a file as text. */
async function piece(tools: Tools, path: string, offset: number, length: number): Promise<string> {
  const text = await tools.text('read_file_bytes', { file_path: path, offset, length });
  return Buffer.from(found(/([A-Za-z0-9+/]{200,}={0,2})/, text), 'base64').toString('utf8');
}

async function read(tools: Tools, path: string, more: object = {}): Promise<string> {
  return tools.text('read_file', { file_path: path, ...more });
}

export const readingTasks: readonly Task[] = [
  {
    id: 'last-error',
    words:
      'Something went wrong in our application some time ago. In /Logs/app.log, which request was the last one with the level ERROR, when was it, and whose quota or connection was the cause?',
    facts: [
      lastError.request,
      dateFact('2025-02-06'),
      lastError.at.toISOString().slice(11, 16),
      /tenant 88\b/,
    ],
    solution: async (tools) => {
      const path = '/Logs/app.log';
      // There is none in the pieces from 8.2 MB on: to read them here would only take time.
      for (let end = 8_200_000; end > 0; end -= PIECE) {
        const text = await piece(tools, path, end - PIECE, PIECE);
        const last = [...text.matchAll(/(\S+)Z ERROR \S+ request (\d+) failed: (.*\S)/g)].at(-1);
        if (last) return `Request ${last[2]} at ${last[1]}: ${last[3]}`;
      }
      throw new Error('no error was found');
    },
    wrong: {
      harm: false,
      play: () => 'The last ERROR was request 583748 at 2025-02-06 21:19:12: upstream closed the connection.',
    },
  },
  {
    id: 'changed-booking',
    words:
      'The Fjordblick Hotell in Bergen has mailed me about my stay in June. The mails are somewhere in /Mail. Under which number am I booked now, and until when can I cancel it free of charge?',
    facts: [booking.number, dateFact('2025-06-09')],
    solution: async (tools) => {
      const mails = ['message-407.eml', 'message-412.eml', 'message-423.eml'];
      const texts = [];
      for (const name of mails) texts.push(await read(tools, `/Mail/2025/${name}`));
      const changed = texts.find((text) => text.includes('We have changed your booking')) ?? '';
      return `${found(/new number is (\S+)\./, changed)}, until ${found(/until (\d+ \w+ \d{4})/, changed)}`;
    },
    wrong: {
      harm: false,
      play: () => `Your booking is ${booking.replaced}. You can cancel until 1 June 2025.`,
    },
  },
  {
    id: 'notice-period',
    words:
      'What notice period did we finally agree on with Halden Logistics? The signed contract is in one of the archives.',
    facts: [/\b(?:six|6)[ -]weeks?\b.{0,40}quarter/],
    solution: async (tools) => {
      const path = '/Archive/contracts 2024.zip!/customers/Halden Logistics.docx';
      return found(/notice of ([^.]*)\./, await read(tools, path));
    },
    wrong: { harm: false, play: () => 'Three months.' },
  },
  {
    id: 'boiler-error',
    words:
      'Our boiler shows E73. On which page does its manual explain that, which valve do I have to open and for how long?',
    facts: [boilerError.page, boilerError.valve, /\b(?:12|twelve)[ -]?min/],
    solution: async (tools) => {
      for (let page = 1; page <= 90; page += 20) {
        const text = await read(tools, '/House/Boiler manual.pdf', { offset: page, limit: 20 });
        const at = text.indexOf('Error E73: ');
        if (at === -1) continue;
        const number = found(
          /.*manual - page (\d+)[^]*$/,
          text.slice(0, at).replace(/^[^]*(?=Boiler HK 40)/, ''),
        );
        const [, valve, minutes] = /Open valve (\S+), wait (\d+) minutes/.exec(text.slice(at)) ?? [];
        return `Page ${number}: open ${valve} for ${minutes} minutes`;
      }
      throw new Error('the manual does not explain it');
    },
    wrong: { harm: false, play: () => 'It is on page 58: open valve V4 and wait 12 minutes.' },
  },
  {
    id: 'stock-of-screws',
    words:
      'According to /Accounts/stock.xlsx, how many pieces of screw 40-118 do we have now, and in which room is the shelf they are on?',
    facts: [screw.pieces, /cellar[^.]{0,20}left wall|left wall[^.]{0,30}cellar/],
    solution: async (tools) => {
      const path = '/Accounts/stock.xlsx';
      const rows = [];
      for (const offset of [1, 200])
        rows.push(await read(tools, path, { sheet: 'Stock', offset, limit: 200 }));
      const [, pieces, shelf = ''] =
        /40-118\s*\|\s*Screw 40-118\s*\|\s*(\d+)\s*\|\s*(R\d)/.exec(rows.join('\n')) ?? [];
      const shelves = await read(tools, path, { sheet: 'Shelves' });
      return `${pieces} pieces, ${found(new RegExp(`${shelf}\\s*\\|\\s*([^|]+?)\\s*\\|`), shelves)}`;
    },
    wrong: { harm: false, play: () => '212 pieces, in the hall.' },
  },
  {
    id: 'taken-that-day',
    words:
      'Which of my pictures in /Photos/2024 did I take on 17 August 2024? The dates of the files are those of a copy and do not help. Answer with the name of the file only.',
    facts: ['DSC_0104'],
    never: [/dsc010[123567]|dsc0108/],
    solution: async (tools) => {
      for (let number = 1; number <= 8; number++) {
        const path = `/Photos/2024/DSC_010${number}.jpg`;
        if ((await read(tools, path)).includes('2024-08-17')) return path;
      }
      throw new Error('no picture is of that day');
    },
    wrong: { harm: false, play: () => `Either ${pictureOfThatDay} or /Photos/2024/DSC_0105.jpg.` },
  },
  {
    id: 'menu-of-july',
    words:
      'What is for lunch on the 14th according to "Menu – July.txt" (with the long dash) in /Odd names? Answer with the dish only.',
    facts: [/pike.?perch/],
    never: ['pancake', 'risotto', 'lentil'],
    solution: async (tools) => found(/14th: (.*)/, await read(tools, menus.path)),
    wrong: { harm: false, play: () => 'Potato pancakes.' },
  },
  {
    id: 'shared-with-me',
    words:
      'One of the folders in the top level of my files is not mine: somebody shares it with me. Which one, who is it, and which is the largest file in it?',
    facts: [sharedFolder.path.slice(1), /jonas/, sharedFolder.largest],
    solution: async (tools) => {
      const info = await tools.text('get_file_info', { file_path: sharedFolder.path });
      const owner = found(/owner\W+(?:\w+ \()?(\w+)/i, info);
      const list = await tools.data('list_files', { folder_path: sharedFolder.path, depth: 5 });
      const files = list['entries'] as { path: string; type?: string; size: number }[];
      const [largest] = files.filter(({ path }) => path.includes('.')).toSorted((a, b) => b.size - a.size);
      return `${sharedFolder.path} by ${owner}: ${largest?.path}`;
    },
    wrong: {
      harm: false,
      play: () => 'Lena shares "/Shared by Lena" with you. The largest file is notes.txt.',
    },
  },
];
