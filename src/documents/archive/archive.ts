import type { DocumentLimits, UnitRange, Reader } from '../kernel/document.ts';
import { documentTooLarge, unsupported } from '../kernel/document-error.ts';
import { escapeLine } from '../../text/foreign-text.ts';
import { readUnits } from '../kernel/unit-range.ts';
import { Zip } from '../kernel/zip.ts';

export interface ArchiveEntry {
  name: string;
  folder: boolean;
  size: number;
  modified?: Date | undefined;
  /** Shown in the listing, e.g. that the entry is encrypted or a link. */
  remark?: string;
}

/** A file that contains files. */
export interface Container {
  format: string;
  entries: ArchiveEntry[];
  facts: Record<string, string | number>;
  lost: string[];
  read(name: string): Promise<Uint8Array>;
  close(): void;
}

/** A reader for the list of the entries of an archive. */
export function entryList(container: Container, limits: DocumentLimits): Reader {
  const { entries, format, facts, lost } = container;
  const source = {
    unit: 'entry' as const,
    total: entries.length,
    between: '\n',
    get: (number: number) => ({ text: line(entries[number - 1]) }),
  };
  return {
    family: 'archive',
    format,
    unit: 'entry',
    total: entries.length,
    facts: { files: entries.filter((entry) => !entry.folder).length, ...facts },
    lost,
    read: (range: UnitRange) => readUnits(source, range, limits),
    close: () => container.close(),
  };
}

/** Finds an entry by name. A leading `./` or `/`, a trailing slash and the case may differ. */
export function findEntry(container: Container, name: string): ArchiveEntry {
  const wanted = name.replace(/^\.?\//, '');
  const clean = (entry: ArchiveEntry): string => entry.name.replace(/^\.?\//, '').replace(/\/$/, '');
  const found =
    container.entries.find((entry) => entry.name === name) ??
    container.entries.find((entry) => clean(entry) === wanted) ??
    container.entries.find((entry) => clean(entry).toLowerCase() === wanted.toLowerCase());
  if (found && !found.folder) return found;
  const few = container.entries.filter((entry) => !entry.folder).slice(0, 10);
  throw unsupported(
    found
      ? `${name.slice(0, 200)} is a folder of the archive.`
      : `The archive has no entry ${name.slice(0, 200)}.`,
    few.length === 0
      ? { hint: 'The archive is empty.' }
      : {
          hint: 'Below are names of its entries.',
          excerpt: few.map((entry) => escapeLine(entry.name, 100)).join('\n'),
        },
  );
}

export async function openZip(bytes: Uint8Array, limits: DocumentLimits): Promise<Container> {
  const zip = await Zip.open(bytes, limits);
  const entries = [...zip.entries].map(([name, entry]): ArchiveEntry => {
    const modified = entry.lastModFileDate === 0 ? undefined : entry.getLastModDate({ timezone: 'UTC' });
    const folder = name.endsWith('/');
    const remark = entry.isEncrypted() ? { remark: 'protected with a password' } : {};
    return { name, folder, size: entry.uncompressedSize, modified, ...remark };
  });
  const unpacked = entries.reduce((sum, entry) => sum + entry.size, 0);
  const lost =
    zip.unlisted > 0 ? [`${zip.unlisted} more entries (only the first ${entries.length} are listed)`] : [];
  return {
    format: 'zip',
    entries,
    facts: { unpacked_bytes: unpacked },
    lost,
    read: async (name) => {
      const size = zip.entries.get(name)?.uncompressedSize ?? 0;
      if (size > limits.inputBytes)
        throw documentTooLarge(`${name} unpacks to ${size} bytes; the limit is ${limits.inputBytes} bytes.`);
      return zip.read(name);
    },
    close: () => zip.close(),
  };
}

function line(entry: ArchiveEntry | undefined): string {
  if (!entry) return '';
  const name = escapeLine(entry.name);
  if (entry.folder) return `- ${name.replace(/\/?$/, '/')}`;
  const time =
    entry.modified && Number.isFinite(entry.modified.getTime())
      ? entry.modified.toISOString().slice(0, 16)
      : '';
  const facts = [entryBytes(entry.size), time.replace('T', ' '), entry.remark && escapeLine(entry.remark)]
    .filter(Boolean)
    .join(', ');
  return `- ${name} (${facts})`;
}

/** A size in decimal units, as archive programs show it: `315 MB`. */
export function entryBytes(size: number): string {
  if (size < 1_000) return `${size} bytes`;
  const units = ['kB', 'MB', 'GB', 'TB', 'PB', 'EB'];
  let value = size;
  let unit = 'bytes';
  for (const next of units) {
    if (value < 1_000) break;
    value /= 1_000;
    unit = next;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}
