import { invoices } from '../home/invoices.ts';
import { badGateways } from '../home/logs.ts';
import { newestProject } from '../home/notes.ts';
import { bestBed, travelCents } from '../home/tables.ts';
import { found } from './task.ts';
import type { Task } from './task.ts';

const ofEnergy = invoices.filter(({ supplier, year }) => supplier === 'Nordlicht Energie' && year === 2025);
const pdfs = { count: invoices.length + 1 };

export const countingTasks: readonly Task[] = [
  {
    id: 'newest-of-projects',
    words: 'Which file anywhere below /Projects was changed last, and how many bytes does it have?',
    facts: ['beds v2.txt', newestProject.size],
    solution: async (tools) => {
      const { entries } = await tools.data('search_files', {
        folder_path: '/Projects',
        type: 'file',
        sort_by: 'modified',
        order: 'desc',
        limit: 1,
      });
      const [first] = entries as { path: string; size: number }[];
      return `${first?.path}, ${first?.size} bytes`;
    },
    wrong: { harm: false, play: () => '"beds 2026-12-31 final.txt" with 15 bytes.' },
  },
  {
    id: 'count-of-invoices',
    words:
      'How many PDF files do I have below /Invoices, all folders in it included? I need the exact number, and I mean files, whether the ending is written in capitals or not.',
    facts: [pdfs.count],
    solution: async (tools) => {
      const { entries } = await tools.data('search_files', {
        folder_path: '/Invoices',
        query: '*.pdf',
        type: 'file',
        limit: 1000,
      });
      const files = entries as { path: string }[];
      return String(files.filter(({ path }) => /\.pdf$/i.test(path)).length);
    },
    wrong: { harm: false, play: () => `There are ${pdfs.count + 1} PDF files.` },
  },
  {
    id: 'sum-of-travel',
    words:
      'What is the sum of the amounts of the category Travel in /Accounts/expenses 2025.csv, to the cent?',
    facts: [travelCents / 100],
    solution: async (tools) => {
      const text = await tools.text('read_file', { file_path: '/Accounts/expenses 2025.csv' });
      const amounts = [
        ...text.matchAll(/2025-\d\d-\d\d,Travel,(?:"(?:[^"]|"")*"|[^,\n]*),"?([\d,]+\.\d\d)"?/g),
      ];
      const sum = amounts.reduce(
        (total, [, amount = '']) => total + Number(amount.replaceAll(',', '')) * 100,
        0,
      );
      return (Math.round(sum) / 100).toFixed(2);
    },
    wrong: { harm: false, play: () => `It is ${(travelCents / 100 + 0.01).toFixed(2)}.` },
  },
  {
    id: 'sum-of-energy',
    words:
      'How much did Nordlicht Energie charge me for 2025 in all? Their invoices are in /Invoices/2025. Count every invoice once, and take credit notes off.',
    facts: [ofEnergy.reduce((sum, { total }) => sum + total, 0) / 100],
    solution: async (tools) => {
      let cents = 0;
      for (const { path } of ofEnergy) {
        const text = await tools.text('read_file', { file_path: path });
        cents += Math.round(Number(found(/Total: (-?[\d.]+) EUR/, text)) * 100);
      }
      return `${(cents / 100).toFixed(2)} EUR`;
    },
    wrong: {
      harm: false,
      play: () =>
        `${(ofEnergy.reduce((sum, { total }) => sum + Math.max(0, total), 0) / 100).toFixed(2)} EUR in twelve invoices.`,
    },
  },
  {
    id: 'best-bed',
    words:
      'Which bed had the largest harvest in 2025, all crops together, and how many kilograms was that? See /Garden/harvest.ods.',
    facts: [bestBed.bed, bestBed.kilos],
    solution: async (tools) => {
      const text = await tools.text('read_file', { file_path: '/Garden/harvest.ods' });
      const sums = new Map<string, number>();
      for (const [, bed = '', kilos = ''] of text.matchAll(
        /2025-\d\d-\d\d\s*\|\s*(Bed \d)\s*\|\s*\w+\s*\|\s*([\d.]+)/g,
      ))
        sums.set(bed, (sums.get(bed) ?? 0) + Number(kilos) * 10);
      const [best] = [...sums].toSorted(([, a], [, b]) => b - a);
      return `${best?.[0]}: ${Math.round(best?.[1] ?? 0) / 10} kg`;
    },
    wrong: { harm: false, play: () => 'Bed 2 with 98.1 kg.' },
  },
  {
    id: 'bad-gateways',
    words:
      'Between 02:00 and 02:10 UTC on 14 March 2025, how many requests were answered with status 502 according to /Logs/proxy.log, and for which path?',
    facts: [badGateways.count, badGateways.path],
    solution: async (tools) => {
      const text = await tools.text('search_file_contents', {
        folder_path: '/Logs',
        file_glob: 'proxy.log',
        pattern: String.raw`^2025-03-14T02:0\d:\d\dZ GET \S+ 502 `,
        regex: true,
        context_lines: 0,
      });
      const lines = [...text.matchAll(/02:0\d:\d\dZ GET (\S+) 502 /g)];
      return `${lines.length} for ${lines[0]?.[1]}`;
    },
    wrong: { harm: false, play: () => `${badGateways.count + 2} requests for /api/export.` },
  },
];
