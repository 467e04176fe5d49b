import { imageFacts } from '../../documents/picture/image.ts';
import type { ImageFacts } from '../../documents/picture/image.ts';
import { detect } from '../../documents/index.ts';
import { fetchPreview } from '../../nextcloud/apps/preview.ts';
import type { Preview } from '../../nextcloud/apps/preview.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import { formatBytes } from '../../byte-size.ts';
import { headOf } from './text.ts';
import type { Reading } from './reading.ts';
import type { Call, Service } from '../context/service.ts';
import { wholeFile } from './whole-file.ts';

/** Bytes of a picture that every client shows: base64 makes a third more, and 1 MB is where they stop. */
const MAX_BYTES = 600 * 1024;
const HEAD_BYTES = 64 * 1024;
const sendable = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];
/** Longest side in pixels, tried in this order until the picture fits. */
const sides = [1024, 512, 256];

/**
 * A picture that fits: as it is when it is small, else scaled by the server, else the facts that are known.
 * What is no picture is not shown as one: models refuse it, and with it the conversation that it stands in.
 */
export async function pictureReading(service: Service, file: Resource, call: Call): Promise<Reading> {
  const size = file.size ?? 0;
  const claimed = file.mime ?? '';
  const whole =
    size <= MAX_BYTES && sendable.includes(claimed) ? await wholeFile(service, file, call) : undefined;
  const head = claimed.startsWith('image/')
    ? (whole ?? (await headOf(service, file, HEAD_BYTES, call)))
    : undefined;
  const facts = head && (await imageFacts(head));
  const found = head && detect(head, '');
  const header = [file.path, file.mime ?? 'unknown type', formatBytes(size)].join(' | ');
  const known = inWords(facts);
  const words = { header, ...(known.length === 0 ? {} : { body: known.join('\n') }) };
  if (found && found.family !== 'image' && sendable.includes(claimed))
    return {
      ...words,
      notes: [`Its name says picture, its content says ${found.label}, so it is not shown. ${otherwise}`],
    };
  // The name decides what a server calls it, the bytes what it is.
  const shows =
    found !== undefined && facts?.width !== undefined && facts.height !== undefined && whole !== undefined;
  if (shows && sendable.includes(found.mimeType) && isWhole(whole, found.format))
    return { ...words, image: block({ mime: found.mimeType, bytes: whole }), notes: [] };
  const preview = await scaled(service, file, call);
  if (preview) return { ...words, image: block(preview), notes: ['Scaled down by the server.'] };
  const damaged = whole ? 'It is damaged or not whole' : 'The server has no preview of it';
  return { ...words, notes: [`${damaged}, so it cannot be shown. ${otherwise}`] };
}

const otherwise = 'read_file_bytes gives its bytes, download_file stores it on this computer.';

function block({ mime, bytes }: Preview): NonNullable<Reading['image']> {
  return { mimeType: mime, data: bytes.toString('base64') };
}

/** Whether the end is there: an upload that broke off has a head with everything in it. */
function isWhole(bytes: Buffer, format: string): boolean {
  switch (format) {
    case 'png':
      return bytes.includes('IEND');
    case 'jpeg':
      return bytes.includes(Buffer.from([0xff, 0xd9]));
    case 'gif':
      return bytes.includes(0x3b, -64);
    default: // WebP says how long it is
      return bytes.length >= bytes.readUInt32LE(4) + 8;
  }
}

async function scaled(service: Service, file: Resource, call: Call): Promise<Preview | undefined> {
  if (file.fileId === undefined) return undefined;
  for (const side of sides) {
    const preview = await fetchPreview(service.account, file.fileId, side, call);
    if (!preview || preview.bytes.length === 0) return undefined;
    if (preview.bytes.length <= MAX_BYTES) return preview;
  }
  return undefined;
}

function inWords(facts: ImageFacts | undefined): string[] {
  if (!facts) return [];
  const { width, height, taken, camera } = facts;
  return [
    ...(width && height ? [`${width} x ${height} pixels`] : []),
    ...(taken ? [`taken ${taken.replace('T', ' ')}`] : []),
    ...(camera ? [`camera ${camera}`] : []),
  ];
}
