import { createGunzip } from 'node:zlib';
import { Readable } from 'node:stream';
import { createTarDecoder, type ParsedTarEntry } from 'modern-tar';
import type { Container, Entry } from './archive.ts';
import type { Limits } from './document.ts';
import { damaged, ExtractError, limit, tooLarge } from './failure.ts';

/** TAR, plain or compressed. It has no directory, so that both a listing and a read go through it from the start. */
export async function openTar(tar: Uint8Array, format: 'tar' | 'tgz', limits: Limits): Promise<Container> {
  const entries: Entry[] = [];
  const lost: string[] = [];
  await scan(tar, format, limits, async ({ header, body }) => {
    await body.cancel();
    if (header.type === 'pax-global-header') return true;
    if (entries.length >= limits.archiveEntries) {
      lost.push(`all entries after the first ${entries.length}`);
      return false;
    }
    const folder = header.type === 'directory';
    const link = header.type === 'symlink' || header.type === 'link';
    const remark = link ? { remark: `link to ${header.linkname ?? ''}` } : {};
    entries.push({ name: header.name, folder, size: header.size, modified: header.mtime, ...remark });
    return true;
  });
  if (entries.length === 0 && tar.length > 1_024) throw damaged('It is no TAR archive that can be read.');
  return {
    format,
    entries,
    facts: {},
    lost,
    read: async (name) => {
      let found: Uint8Array | undefined;
      await scan(tar, format, limits, async ({ header, body }) => {
        if (header.name !== name || found) {
          await body.cancel();
          return !found;
        }
        if (header.size > limits.inputBytes)
          throw tooLarge(`${name} unpacks to ${header.size} bytes, more than is read of one file.`);
        found = new Uint8Array(await new Response(body).arrayBuffer());
        return false;
      });
      return found ?? new Uint8Array();
    },
    close: () => undefined,
  };
}

async function scan(
  tar: Uint8Array,
  format: 'tar' | 'tgz',
  limits: Limits,
  visit: (entry: ParsedTarEntry) => Promise<boolean>,
): Promise<void> {
  const source = chunks(tar, format, limits);
  const entries = ReadableStream.from<Uint8Array>(source).pipeThrough(createTarDecoder());
  try {
    for await (const entry of entries) if (!(await visit(entry))) break;
  } catch (error) {
    if (error instanceof ExtractError) throw error;
    throw damaged(
      `The archive cannot be read (${error instanceof Error ? error.message : String(error)}).`,
      error,
    );
  }
}

async function* chunks(tar: Uint8Array, format: 'tar' | 'tgz', limits: Limits): AsyncGenerator<Uint8Array> {
  const size = 1 << 18;
  if (format === 'tar') {
    for (let at = 0; at < tar.length; at += size) yield tar.subarray(at, at + size);
    return;
  }
  let left = limits.archiveBytes;
  const gunzip = createGunzip();
  const stream = Readable.from(slices(tar, size)).pipe(gunzip);
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    left -= chunk.length;
    if (left < 0) throw limit('It unpacks to more than may be unpacked of one document.');
    yield chunk;
  }
}

function* slices(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
