import { gunzipSync } from 'node:zlib';
import { unpackTar, type TarHeader } from 'modern-tar';
import type { Container, ArchiveEntry } from './archive.ts';
import type { DocumentLimits } from '../kernel/document.ts';
import { damaged, DocumentError, documentTooLarge, limit, messageOf } from '../kernel/document-error.ts';

/** Opens a TAR archive, plain or compressed with gzip. TAR has no directory, so the listing scans all headers. */
export async function openTar(
  bytes: Uint8Array,
  format: 'tar' | 'tgz',
  limits: DocumentLimits,
): Promise<Container> {
  let tar: Uint8Array | undefined = format === 'tar' ? bytes : unpack(bytes, limits);
  const entries: ArchiveEntry[] = [];
  let unlisted = 0;
  await scan(tar, (header) => {
    if (entries.length < limits.archiveEntries) entries.push(entryOf(header));
    else unlisted++;
    return false;
  });
  if (entries.length === 0 && tar.length > 1_024) throw damaged('The file is not a readable TAR archive.');
  return {
    format,
    entries,
    facts: { unpacked_bytes: entries.reduce((sum, entry) => sum + entry.size, 0) },
    lost: unlisted > 0 ? [`${unlisted} more entries (only the first ${entries.length} are listed)`] : [],
    read: async (name) => {
      let found = false;
      const [data] = await scan(tar ?? new Uint8Array(), (header) => {
        if (found || header.name !== name) return false;
        if (header.size > limits.inputBytes)
          throw documentTooLarge(
            `${name} unpacks to ${header.size} bytes; the limit is ${limits.inputBytes} bytes.`,
          );
        found = true;
        return true;
      });
      return data ?? new Uint8Array();
    },
    close: () => {
      tar = undefined;
    },
  };
}

function entryOf({ name, size, mtime, type, linkname }: TarHeader): ArchiveEntry {
  const link = type === 'symlink' || type === 'link';
  const remark = link ? { remark: `link to ${linkname ?? ''}` } : {};
  return { name, folder: type === 'directory', size, modified: mtime, ...remark };
}

async function scan(
  tar: Uint8Array,
  filter: (header: TarHeader) => boolean,
): Promise<(Uint8Array | undefined)[]> {
  try {
    return (await unpackTar(tar, { filter })).map(({ data }) => data);
  } catch (error) {
    if (error instanceof DocumentError) throw error;
    throw damaged(`The archive cannot be read (${messageOf(error)}).`, error);
  }
}

function unpack(bytes: Uint8Array, limits: DocumentLimits): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: limits.archiveBytes });
  } catch (error) {
    if (error instanceof RangeError) throw limit('The archive exceeds the limit for unpacked data.');
    throw damaged('The compressed data is damaged.', error);
  }
}
