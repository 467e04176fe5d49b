import type { Family } from '../../documents/index.ts';
import { formatOfName, formats } from '../../documents/kernel/format.ts';

/** Families of files whose text is extracted. */
export const documentFamilies: readonly (Family | undefined)[] = [
  'pdf',
  'word',
  'sheet',
  'slides',
  'book',
  'web',
  'mail',
  'archive',
];

/** The family of a file by its name, or else by the type that the server gives. */
export function familyByName(path: string, mime?: string): Family | undefined {
  const format = formatOfName(path);
  const family = format === undefined ? undefined : formats.get(format)?.family;
  return family ?? (mime?.startsWith('image/') ? 'image' : undefined);
}
