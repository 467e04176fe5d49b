import type { Hand } from './hand.ts';
import { random, sentences, twoDigits } from './random.ts';

interface Mail {
  readonly from: string;
  readonly subject: string;
  readonly date: string;
  readonly lines: readonly string[];
}

const word = (text: string): string => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`;

/** A message whose names, subject and body are all base64, as booking systems send them. */
function encoded({ from, subject, date, lines }: Mail): string {
  const body = Buffer.from(lines.join('\r\n')).toString('base64');
  return [
    `From: ${word(from)} <noreply@booking-mail.example>`,
    `To: ${word('Mara Lindqvist')} <mara@example.org>`,
    `Subject: ${word(subject)}`,
    `Date: ${date}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    ...(body.match(/.{1,76}/g) ?? []),
    '',
  ].join('\r\n');
}

function plain({ from, subject, date, lines }: Mail): string {
  const address = `${from.toLowerCase().replaceAll(/[^a-z]+/g, '.')}@example.com`;
  return [
    `From: ${from} <${address}>`,
    'To: Mara Lindqvist <mara@example.org>',
    `Subject: ${subject}`,
    `Date: ${date}`,
    'Content-Type: text/plain; charset=utf-8',
    '',
    ...lines,
    '',
  ].join('\r\n');
}

/** The booking that is valid: the one before was replaced by it, and another hotel in the same town was cancelled. */
export const booking = { number: 'FB-77310-K', replaced: 'FB-70988-K', freeUntil: '9 June 2025' };

const important: Readonly<Record<number, Mail>> = {
  7: {
    from: 'Fjordblick Hotell Bergen',
    subject: 'Your booking',
    date: 'Mon, 03 Mar 2025 10:11:12 +0100',
    lines: [
      'Dear Mara Lindqvist,',
      '',
      `your booking ${booking.replaced} is confirmed: two nights from 14 June 2025.`,
      'You can cancel free of charge until 1 June 2025.',
      '',
      'Fjordblick Hotell, Bergen',
    ],
  },
  12: {
    from: 'Hotell Bryggen Bergen',
    subject: 'Cancelled',
    date: 'Tue, 11 Mar 2025 08:00:00 +0100',
    lines: ['Dear guest,', '', 'your booking HB-5512 in Bergen is cancelled, as you asked us to.'],
  },
  23: {
    from: 'Fjordblick Hotell Bergen',
    subject: 'We have changed your booking',
    date: 'Sat, 05 Apr 2025 16:40:00 +0200',
    lines: [
      'Dear Mara Lindqvist,',
      '',
      'as you asked us to, your stay is now three nights from 16 June 2025.',
      `The new number is ${booking.number}. The number ${booking.replaced} is no longer valid.`,
      `You can cancel free of charge until ${booking.freeUntil}.`,
      '',
      'Fjordblick Hotell, Bergen',
    ],
  },
};

const senders = ['Bokhandel Nord', 'Railway Tickets', 'House Committee', 'Garden Club', 'Library'];

export function putMail(hand: Hand): void {
  const roll = random(99);
  for (let number = 1; number <= 36; number++) {
    const day = twoDigits(1 + (number % 28));
    const from = senders[roll(senders.length)] ?? '';
    const lines = ['Dear Mara,', '', ...sentences(number, 3 + roll(5)), '', 'Regards', from];
    const date = `Wed, ${day} ${number < 18 ? 'Mar' : 'Apr'} 2025 07:00:00 +0100`;
    const other = { from, subject: `News ${number}`, date, lines };
    const mail = important[number];
    const text = mail ? encoded(mail) : number % 4 === 0 ? encoded(other) : plain(other);
    hand.put(`/Mail/2025/message-${String(400 + number)}.eml`, text, `2025-05-${day}`);
  }
}
