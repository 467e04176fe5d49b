import { gunzipSync } from 'node:zlib';
import { unpackTar, type TarHeader } from 'modern-tar';
import type { Container, ArchiveEntry } from './archive.ts';
import type { DocumentLimits } from '../kernel/document.ts';
import { damaged, limit, documentTooLarge } from '../kernel/failure.ts';

/** TAR, plain or compressed. It has no directory: a listing goes through it and keeps nothing but the headers. */
export async function openTar(
  bytes: Uint8Array,
  format: 'tar' | 'tgz',
  limits: DocumentLimits,
): Promise<Container> {
  let tar: Uint8Array | undefined = format === 'tar' ? bytes : unpack(bytes, limits);
  const entries: ArchiveEntry[] = [];
  let more = 0;
  await scan(tar, (header) => {
    if (entries.length < limits.archiveEntries) entries.push(entryOf(header));
    else more++;
    return false;
  });
  if (entries.length === 0 && tar.length > 1_024) throw damaged('It is no TAR archive that can be read.');
  return {
    format,
    entries,
    facts: { unpacked_bytes: entries.reduce((sum, entry) => sum + entry.size, 0) },
    lost: more > 0 ? [`${more} more entries (only the first ${entries.length} are listed)`] : [],
    read: async (name) => {
      let seen = false;
      const [found] = await scan(tar ?? new Uint8Array(), (header) => {
        if (seen || header.name !== name) return false;
        if (header.size > limits.inputBytes)
          throw documentTooLarge(`${name} unpacks to ${header.size} bytes, more than is read of one file.`);
        seen = true;
        return true;
      });
      return found ?? new Uint8Array();
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
    if (error instanceof Error && error.name === 'ExtractError') throw error;
    throw damaged(
      `The archive cannot be read (${error instanceof Error ? error.message : String(error)}).`,
      error,
    );
  }
}

function unpack(bytes: Uint8Array, limits: DocumentLimits): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: limits.archiveBytes });
  } catch (error) {
    if (error instanceof RangeError) throw limit('It unpacks to more than may be unpacked of one document.');
    throw damaged('Its compression is damaged.', error);
  }
}
