import type { Detected } from '../kernel/detect.ts';
import { encrypted, unsupported, type DocumentError } from '../kernel/document-error.ts';

/** The error for a file of a format that is recognized but not read. */
export function unreadable({ format, label }: Detected): DocumentError {
  if (format === 'encrypted-office') return encrypted('The document is protected with a password.');
  if (/^(doc|xls|ppt|xlsb|msg|iwork)$/.test(format))
    return unsupported(
      `Files of this type cannot be read: ${label}.`,
      'Save a copy in a current format and read that copy.',
    );
  return unsupported(`Files of this type contain no text: ${label}.`);
}
