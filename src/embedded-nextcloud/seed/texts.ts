/** The texts of the sample files. */
export const welcome = `# Welcome

This is the home of a demo user on an embedded Nextcloud. Everything in it is made up and lives in memory:
change, move and delete what you like, the next start brings it back.

- **Documents** holds letters, contracts and a few office files.
- **Notes** are Markdown.
- **Invoices** are sorted by year.
- **Archive/Scans** has two thousand small files, to see how a big folder feels.
`;

export const meeting = `# Kick-off: kitchen renovation

Present: Anna, Jörg, Mrs. Okafor (architect)

## Decisions
- Budget: 18,500 EUR including VAT
- Electrician before the tiler
- The wall to the dining room stays

## To do
- [ ] Anna: three offers for worktops until the 14th
- [x] Jörg: measure the old window
- [ ] Mrs. Okafor: drawing with the sockets
`;

export const reading = `# Reading list

1. The Left Hand of Darkness
2. Das Parfum
3. 百年孤独
4. Les Misérables (again)

> "Short notes are better than no notes."
`;

export const recipe = `# Plum cake

- 1 kg plums
- 350 g flour, 1 egg, 60 g butter, 60 g sugar
- 21 g yeast, 125 ml milk

Let the dough rise for an hour. 180 °C, 40 minutes.
`;

export const letter = [
  'Anna Example, Lindenweg 7, 12345 Musterstadt',
  'To: Stadtwerke Musterstadt GmbH',
  'Subject: Meter reading, contract 4711-0815',
  'Dear Sir or Madam,',
  'the reading of meter 90-2231 on the first of the month was 48,213 kWh. Please correct the last bill.',
  'Kind regards, Anna Example',
];

export const contract = [
  [
    'RENTAL AGREEMENT',
    '',
    'between Baugenossenschaft Lindenhof eG (landlord)',
    'and Anna Example (tenant)',
    '',
    '1. The flat at Lindenweg 7, second floor left, 74 square metres, is let.',
    '2. The rent is 812.00 EUR a month, due on the third working day.',
    '3. The deposit is three monthly rents.',
  ],
  [
    '4. Notice may be given to the end of the month after next.',
    '5. Small repairs up to 100 EUR are borne by the tenant.',
    '6. Keeping a cat is allowed.',
    '',
    'Signed: see the paper copy.',
  ],
];

export const plan = [
  ['Garden project', 'What we want to do this year'],
  ['Spring', 'Raised beds', 'Rain barrel behind the shed'],
  ['Autumn', 'Plant the apple tree', 'Budget: 640 EUR'],
];

export const todo = `call the dentist
buy stamps
back up the phone
`;

export const settings = `${JSON.stringify({ theme: 'dark', language: 'en', backup: { enabled: true, hour: 3 } }, null, 2)}\n`;
