import { detect } from '../kernel/detect.ts';

export interface ImageFacts {
  format: string;
  width?: number;
  height?: number;
  /** ISO 8601 local time of the camera, without a time zone. */
  taken?: string;
  camera?: string;
}

/**
 * Reads the metadata of an image from its first bytes (64 KB are enough, because EXIF comes first). Never throws: facts
 * that cannot be read are left out.
 */
export async function imageFacts(head: Uint8Array): Promise<ImageFacts> {
  const { format } = detect(head, '');
  const facts: ImageFacts = { format };
  const { imageSize } = await import('image-size');
  try {
    const { width, height, orientation } = imageSize(head);
    // Orientations 5 to 8 are rotated by 90 degrees for display.
    const rotated = orientation !== undefined && orientation >= 5;
    facts.width = rotated ? height : width;
    facts.height = rotated ? width : height;
  } catch {
    // The library does not know the format, or the head ends before the size.
  }
  const tiff = exifOf(head, format);
  if (!tiff) return facts;
  const { default: readExif } = await import('exif-reader');
  try {
    const { Image, Photo } = readExif(tiff);
    const taken = Photo?.DateTimeOriginal ?? Image?.DateTime;
    if (taken instanceof Date && Number.isFinite(taken.getTime()))
      facts.taken = taken.toISOString().slice(0, 19);
    const camera = cameraName(Image?.Make, Image?.Model);
    if (camera !== '') facts.camera = camera;
  } catch {
    // Damaged EXIF data is common. The image itself is still readable.
  }
  return facts;
}

function cameraName(make: unknown, model: unknown): string {
  const clean = (part: unknown): string =>
    typeof part === 'string'
      ? part
          .replace(/[\x00-\x1f\x7f]/g, '')
          .trim()
          .slice(0, 80)
      : '';
  const [maker, name] = [clean(make), clean(model)];
  return name.toLowerCase().startsWith(maker.toLowerCase().split(' ')[0] ?? '')
    ? name
    : `${maker} ${name}`.trim();
}

/** The TIFF structure that holds the EXIF fields. */
function exifOf(head: Uint8Array, format: string): Buffer | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  if (format === 'tiff') return bytes;
  if (format === 'jpeg') return jpegExif(bytes);
  if (format === 'png' || format === 'webp') return chunkExif(bytes, format);
  // HEIC and AVIF keep it in an item. Instead of parsing their item directory, search for its marker, which is unlikely
  // to occur elsewhere.
  if (format === 'heic' || format === 'avif') return bytesAfter(bytes, 'Exif\0\0');
  return undefined;
}

function jpegExif(bytes: Buffer): Buffer | undefined {
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff;) {
    const size = bytes.readUInt16BE(at + 2);
    if (bytes[at + 1] === 0xe1 && bytes.toString('latin1', at + 4, at + 10) === 'Exif\0\0')
      return bytes.subarray(at + 10, at + 2 + size);
    if (bytes[at + 1] === 0xda || size < 2) return undefined;
    at += 2 + size;
  }
  return undefined;
}

function chunkExif(bytes: Buffer, format: 'png' | 'webp'): Buffer | undefined {
  const png = format === 'png';
  for (let at = png ? 8 : 12; at + 12 <= bytes.length;) {
    const size = png ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at + 4);
    const name = bytes.toString('latin1', png ? at + 4 : at, png ? at + 8 : at + 4);
    if (name === 'eXIf' || name === 'EXIF') {
      const body = bytes.subarray(at + 8, at + 8 + size);
      return body.toString('latin1', 0, 6) === 'Exif\0\0' ? body.subarray(6) : body;
    }
    at += png ? size + 12 : size + 8 + (size & 1);
  }
  return undefined;
}

function bytesAfter(bytes: Buffer, mark: string): Buffer | undefined {
  const at = bytes.indexOf(mark, 0, 'latin1');
  return at < 0 ? undefined : bytes.subarray(at + mark.length);
}
