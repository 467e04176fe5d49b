import { imageFacts } from '../../documents/picture/image.ts';
import type { ImageFacts } from '../../documents/picture/image.ts';
import { detect } from '../../documents/index.ts';
import { fetchPreview } from '../../nextcloud/apps/preview.ts';
import type { Preview } from '../../nextcloud/apps/preview.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import { formatBytes } from '../../text/byte-size.ts';
import { refuseEncrypted } from './encrypted.ts';
import { readHead } from './text.ts';
import type { Reading } from './reading.ts';
import type { Call } from '../context/call.ts';
import type { StatParts } from '../context/stat.ts';
import { wholeFile } from './whole-file.ts';

/** The most bytes of a picture that every client shows: base64 adds a third, and some clients stop at 1 MB. */
const MAX_BYTES = 600 * 1024;
const HEAD_BYTES = 64 * 1024;
/** The longest side in pixels that models accept: a larger picture is refused, and with it the conversation. */
const MAX_SIDE = 8000;
const sendable = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];
/** Longest sides in pixels, tried in this order until the picture fits. */
const sides = [1024, 512, 256];

/**
 * A picture that fits into a result: unchanged if it is small, else scaled by the server, else the facts about it.
 * A file that is not a picture is not returned as one: models refuse it, and with it the whole conversation.
 */
export async function readPicture(parts: StatParts, file: Resource, call: Call): Promise<Reading> {
  const size = file.size ?? 0;
  const claimed = file.mime ?? '';
  const whole =
    size <= MAX_BYTES && sendable.includes(claimed) ? await wholeFile(parts, file, call) : undefined;
  const head = claimed.startsWith('image/')
    ? (whole ?? (await readHead(parts, file, HEAD_BYTES, call)))
    : undefined;
  if (head) refuseEncrypted(file.path, head);
  const facts = head && (await imageFacts(head));
  const found = head && detect(head, '');
  const header = [file.path, file.mime ?? 'unknown type', formatBytes(size)].join(' | ');
  const known = describe(facts);
  const reading = { header, ...(known.length === 0 ? {} : { body: known.join('\n') }) };
  if (found && found.family !== 'image' && sendable.includes(claimed))
    return {
      ...reading,
      notes: [
        {
          text: `Its name says picture, its content says ${found.label}, so it is not shown.`,
          remedy: otherwise,
        },
      ],
    };
  // The server derives the type from the name; the bytes tell what it really is.
  const isPicture =
    found !== undefined && facts?.width !== undefined && facts.height !== undefined && whole !== undefined;
  const isTooWide = Math.max(facts?.width ?? 0, facts?.height ?? 0) > MAX_SIDE;
  if (isPicture && !isTooWide && sendable.includes(found.mimeType) && isWhole(whole, found.format))
    return { ...reading, image: imageBlock({ mime: found.mimeType, bytes: whole }), notes: [] };
  const scaled = await scaledPreview(parts, file, call);
  if (scaled) return { ...reading, image: imageBlock(scaled), notes: ['Scaled down by the server.'] };
  const damaged = isTooWide
    ? `It has more than ${MAX_SIDE} pixels on a side, and the server has no smaller preview of it`
    : whole
      ? 'It is damaged or not whole'
      : 'The server has no preview of it';
  return { ...reading, notes: [{ text: `${damaged}, so it cannot be shown.`, remedy: otherwise }] };
}

const otherwise = { kind: 'read-bytes' } as const;

function imageBlock({ mime, bytes }: Preview): NonNullable<Reading['image']> {
  return { mimeType: mime, data: bytes.toString('base64') };
}

/** Whether the end of the file is there: the head of a partial upload looks complete. */
function isWhole(bytes: Buffer, format: string): boolean {
  switch (format) {
    case 'png':
      return bytes.includes('IEND');
    case 'jpeg':
      return bytes.includes(Buffer.from([0xff, 0xd9]));
    case 'gif':
      return bytes.includes(0x3b, -64);
    default: // WebP has its length in the header
      return bytes.length >= bytes.readUInt32LE(4) + 8;
  }
}

async function scaledPreview(parts: StatParts, file: Resource, call: Call): Promise<Preview | undefined> {
  if (file.fileId === undefined) return undefined;
  for (const side of sides) {
    const preview = await fetchPreview(parts.account, file.fileId, side, call);
    if (!preview || preview.bytes.length === 0) return undefined;
    const mime = await shownType(preview.bytes);
    if (mime === undefined) return undefined;
    if (preview.bytes.length <= MAX_BYTES) return { ...preview, mime };
  }
  return undefined;
}

/** The type of a picture that models take, from its bytes: an answer may be labeled as something that it is not. */
async function shownType(bytes: Buffer): Promise<string | undefined> {
  const { mimeType, format } = detect(bytes, '');
  const { width = Infinity, height = Infinity } = await imageFacts(bytes);
  const isShown =
    sendable.includes(mimeType) && Math.max(width, height) <= MAX_SIDE && isWhole(bytes, format);
  return isShown ? mimeType : undefined;
}

function describe(facts: ImageFacts | undefined): string[] {
  if (!facts) return [];
  const { width, height, taken, camera } = facts;
  return [
    ...(width && height ? [`${width} x ${height} pixels`] : []),
    ...(taken ? [`taken ${taken.replace('T', ' ')}`] : []),
    ...(camera ? [`camera ${camera}`] : []),
  ];
}
