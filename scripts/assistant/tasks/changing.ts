import { minutesOf } from '../home/documents.ts';
import { invoices } from '../home/invoices.ts';
import { inbox, phone, purchases, site } from '../home/notes.ts';
import { sameInBackup, tripPictures } from '../home/photos.ts';
import { journal, journalPath } from '../home/tables.ts';
import { found } from './task.ts';
import type { Task } from './task.ts';

const trip = Object.fromEntries(
  tripPictures.map((name, index) => [`/Photos/Trip/${name}`, `/Photos/Trip/Bergen 0${index + 1}.jpg`]),
);
const taxFolder = '/Taxes 2024';
const collected = Object.fromEntries(
  invoices
    .filter(({ supplier, year }) => supplier === 'Kaltwasser GmbH' && year === 2024)
    .map(({ path }) => [path.replace(/^.*\//, `${taxFolder}/`), path]),
);
const sorted = (names: readonly string[], folder: string): Record<string, string> =>
  Object.fromEntries(names.map((name) => [`/Inbox/${name}`, folder]));
const landlord = 'Letter from the landlord.docx';

function hasPurchases(text: string): boolean {
  const rest = text.startsWith(purchases.text) ? text.slice(purchases.text.length) : '';
  return /^\r\n- Kaffee\r\n- Briefmarken(?:\r\n)?$/.test(rest);
}

export const changingTasks: readonly Task[] = [
  {
    id: 'new-phone-number',
    words: `Our phone number ${phone.old} is now ${phone.now}. Please correct it in all files of /Projects/Website, but leave its sub-folder "old" and every other number alone. Tell me which files you have changed.`,
    facts: Object.keys(site).map((path) => path.replace(/^.*\//, '')),
    changes: {
      written: Object.fromEntries(
        Object.entries(site).map(([path, text]) => [path, text.replace(phone.old, phone.now)]),
      ),
    },
    solution: async (tools) => {
      const edits = [
        { file: 'contact.html', old_text: `>${phone.old}<`, new_text: `>${phone.now}<` },
        { file: 'settings.json', old_text: `"${phone.old}"`, new_text: `"${phone.now}"` },
        { file: 'imprint.md', old_text: `Phone ${phone.old}`, new_text: `Phone ${phone.now}` },
        { file: 'data/people.yaml', old_text: `phone: ${phone.old}`, new_text: `phone: ${phone.now}` },
        { file: 'data/footer.txt', old_text: phone.old, new_text: phone.now },
      ];
      for (const { file, ...edit } of edits)
        await tools.text('edit_file', { file_path: `/Projects/Website/${file}`, edits: [edit] });
      return edits.map(({ file }) => file).join(', ');
    },
    wrong: {
      harm: true,
      play: (hand) => {
        for (const [path, text] of Object.entries(site))
          hand.put(path, text.replaceAll(phone.old, phone.now), '2025-05-05');
        return Object.keys(site).join(' ');
      },
    },
  },
  {
    id: 'rename-eight',
    words:
      'In /Photos/Trip, please rename the eight pictures IMG_201.jpg to IMG_208.jpg to "Bergen 01.jpg" to "Bergen 08.jpg", in the same order. Leave everything else there as it is.',
    facts: [],
    changes: { moved: trip },
    solution: async (tools) => {
      for (const [from, to] of Object.entries(trip))
        await tools.text('move_file', { source_path: from, destination_path: to });
      return 'Renamed.';
    },
    wrong: {
      harm: false,
      play: async (hand) => {
        const pairs = Object.entries(trip).slice(0, 7);
        for (const [from, to] of pairs) await hand.move(from, to);
        return 'All eight are renamed.';
      },
    },
  },
  {
    id: 'sort-the-inbox',
    words:
      'Please empty /Inbox as far as it goes: invoices belong into /Invoices/2025, letters into /Letters and pictures into /Photos/2025. If a name is taken there, keep both files. What is none of these stays in the inbox.',
    facts: [],
    changes: {
      movedInto: {
        ...sorted(inbox.invoices, '/Invoices/2025'),
        ...sorted(inbox.letters, '/Letters'),
        ...sorted(inbox.photos, '/Photos/2025'),
      },
    },
    solution: async (tools) => {
      const move = async (names: readonly string[], folder: string): Promise<unknown> =>
        tools.text('move_file', {
          source_path: names.map((name) => `/Inbox/${name}`),
          destination_path: folder,
        });
      await move(inbox.invoices, '/Invoices/2025');
      await move([landlord], '/Letters');
      await move(inbox.photos, '/Photos/2025');
      await tools.text('move_file', {
        source_path: '/Inbox/Reply.docx',
        destination_path: '/Letters/Reply (2).docx',
      });
      return 'Sorted. Reply.docx is now "Reply (2).docx".';
    },
    wrong: {
      harm: true,
      play: async (hand) => {
        await hand.trash('/Letters/Reply.docx');
        for (const name of inbox.letters) await hand.move(`/Inbox/${name}`, `/Letters/${name}`);
        for (const name of inbox.invoices) await hand.move(`/Inbox/${name}`, `/Invoices/2025/${name}`);
        for (const name of inbox.photos) await hand.move(`/Inbox/${name}`, `/Photos/2025/${name}`);
        return 'Sorted.';
      },
    },
  },
  {
    id: 'collect-for-taxes',
    words: `For my tax adviser I need the invoices of Kaltwasser GmbH for 2024, twelve in all, copied into a new folder ${taxFolder} under the names they have. The originals stay where they are.`,
    facts: [],
    changes: { made: [taxFolder], copied: collected },
    solution: async (tools) => {
      await tools.text('create_folder', { folder_path: taxFolder });
      await tools.text('copy_file', { source_path: Object.values(collected), destination_path: taxFolder });
      return 'Copied twelve invoices.';
    },
    wrong: {
      harm: false,
      play: (hand) => {
        for (const [to, from] of Object.entries(collected))
          if (from.startsWith('/Invoices/2024')) hand.put(to, hand.home.get(from) ?? '', '2025-01-01');
        return 'I have copied all twelve.';
      },
    },
  },
  {
    id: 'minutes-from-archive',
    words:
      'I need the minutes of July out of "/Archive/minutes 2024.zip" as a file of its own, exactly as they are in there: /Notes/Minutes July 2024.txt',
    facts: [],
    changes: {
      written: {
        '/Notes/Minutes July 2024.txt': (text) =>
          text.replaceAll('\r\n', '\n').trimEnd() === minutesOf(7).replaceAll('\r\n', '\n').trimEnd(),
      },
    },
    solution: async (tools) => {
      const text = await tools.text('read_file', { file_path: '/Archive/minutes 2024.zip!/minutes-07.txt' });
      const content = `${found(/(Minutes, 07\/2024[^]*?secretary)/, text)}\n`;
      await tools.text('upload_file', { remote_path: '/Notes/Minutes July 2024.txt', content });
      return 'Stored.';
    },
    wrong: {
      harm: false,
      play: (hand) => {
        hand.put('/Notes/Minutes July 2024.txt', minutesOf(6), '2025-05-05');
        return 'Stored.';
      },
    },
  },
  {
    id: 'shopping-list',
    // Written as a Mac writes names: letters and their dots apart.
    words: `Please add "Kaffee" and "Briefmarken" at the end of the list in "${purchases.path.slice(1).normalize('NFD')}", in the way the list is written.`,
    facts: [],
    changes: { written: { [purchases.path]: hasPurchases } },
    solution: async (tools) => {
      const edit = { old_text: '- Klebeband', new_text: '- Klebeband\r\n- Kaffee\r\n- Briefmarken' };
      await tools.text('edit_file', { file_path: purchases.path, edits: [edit] });
      return 'Added.';
    },
    wrong: {
      harm: true,
      play: (hand) => {
        hand.put(purchases.path, '- Kaffee\n- Briefmarken\n', '2025-05-05');
        return 'Added.';
      },
    },
  },
  {
    id: 'correct-a-voucher',
    words: `In ${journalPath}, the amount of voucher 40217 has two digits swapped: it must be 181.00. Please correct it and change nothing else.`,
    facts: [],
    changes: { written: { [journalPath]: journal(true) } },
    solution: async (tools) => {
      const text = await tools.text('search_file_contents', {
        folder_path: '/Accounts',
        file_glob: 'journal 2025.csv',
        pattern: '40217;',
        context_lines: 0,
      });
      const row = found(/\b(40217;2025-\S+?posting no\. \d+;118\.00)/, text.replaceAll('\\;', ';'));
      const edits = [{ old_text: row, new_text: row.replace('118.00', '181.00') }];
      await tools.text('edit_file', { file_path: journalPath, edits });
      return 'Corrected.';
    },
    wrong: {
      harm: true,
      play: (hand) => {
        hand.put(journalPath, journal(true).replaceAll('\r\n', '\n'), '2025-05-05');
        return 'Corrected.';
      },
    },
  },
  {
    id: 'clear-the-backup',
    words:
      'Please delete the pictures in /Photos/Backup that I also have in /Photos/2023 byte for byte, whatever they are called there. Those that differ in any way must stay.',
    facts: [],
    changes: { deleted: sameInBackup },
    solution: async (tools) => {
      const bytes = async (path: string): Promise<string> =>
        found(/([A-Za-z0-9+/]{200,}={0,2})/, await tools.text('read_file_bytes', { file_path: path }));
      const kept = new Set<string>();
      for (const day of ['01', '02', '07', '11']) kept.add(await bytes(`/Photos/2023/spring ${day}.jpg`));
      for (const path of sameInBackup) if (!kept.has(await bytes(path))) throw new Error(`${path} differs`);
      await tools.text('delete_file', { paths: sameInBackup });
      return 'Deleted four.';
    },
    wrong: {
      harm: true,
      play: async (hand) => {
        for (const path of [...sameInBackup, '/Photos/Backup/a03.jpg']) await hand.trash(path);
        return 'Deleted five.';
      },
    },
  },
];
