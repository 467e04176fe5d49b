import { imageFacts } from '../extract/image.ts';
import type { ImageFacts } from '../extract/image.ts';
import { fetchPreview } from '../nextcloud/preview.ts';
import type { Preview } from '../nextcloud/preview.ts';
import type { Resource } from '../nextcloud/resource.ts';
import { fileSize } from './amount.ts';
import { headOf } from './text.ts';
import type { Reading } from './reading.ts';
import type { Call, Service } from './service.ts';
import { wholeFile } from './whole.ts';

/** Bytes of a picture that every client shows: base64 makes a third more, and 1 MB is where they stop. */
const MAX_BYTES = 600 * 1024;
const HEAD_BYTES = 64 * 1024;
const sendable = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];
/** Longest side in pixels, tried in this order until the picture fits. */
const sides = [1024, 512, 256];

/** A picture that fits: as it is when it is small, else scaled by the server, else the facts that are known. */
export async function pictureReading(service: Service, file: Resource, call: Call): Promise<Reading> {
  const size = file.size ?? 0;
  const whole =
    size <= MAX_BYTES && sendable.includes(file.mime ?? '')
      ? await wholeFile(service, file, call)
      : undefined;
  const facts = file.mime?.startsWith('image/')
    ? await imageFacts(whole ?? (await headOf(service, file, HEAD_BYTES, call)))
    : undefined;
  const picture = whole ? { mime: file.mime ?? '', bytes: whole } : await scaled(service, file, call);
  const header = [file.path, file.mime ?? 'unknown type', fileSize(size)].join(' | ');
  const known = inWords(facts);
  const body = known.length === 0 ? {} : { body: known.join('\n') };
  if (!picture)
    return {
      header,
      ...body,
      notes: [
        'The server has no preview of it, so it cannot be shown. download_file stores it on this computer.',
      ],
    };
  return {
    header,
    ...body,
    image: { mimeType: picture.mime, data: picture.bytes.toString('base64') },
    notes: whole ? [] : ['Scaled down by the server.'],
  };
}

async function scaled(service: Service, file: Resource, call: Call): Promise<Preview | undefined> {
  if (file.fileId === undefined) return undefined;
  for (const side of sides) {
    const preview = await fetchPreview(service.account, file.fileId, side, call);
    if (!preview || preview.bytes.length <= MAX_BYTES) return preview;
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
