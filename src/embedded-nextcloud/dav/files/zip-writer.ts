import { crc32 } from 'node:zlib';

const STREAMED = 0x0008;
const UTF8 = 0x0800;
const LARGEST = 0xffffffff;

/** Writes an uncompressed ZIP in one pass. Sizes and checksum follow each member in ZIP64 form (APPNOTE 4.3.9, 4.5.3). */
export class ZipWriter {
  readonly #directory: Buffer[] = [];
  #offset = 0;

  *file(name: string, size: number, mtime: number, content: Iterable<Buffer>): Generator<Buffer> {
    const label = Buffer.from(name);
    const start = this.#offset;
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(45, 4);
    head.writeUInt16LE(STREAMED | UTF8, 6);
    head.writeUInt32LE(dosTime(mtime), 10);
    head.writeUInt32LE(LARGEST, 18);
    head.writeUInt32LE(LARGEST, 22);
    head.writeUInt16LE(label.length, 26);
    head.writeUInt16LE(20, 28);
    const extra = Buffer.alloc(20);
    extra.writeUInt16LE(1, 0);
    extra.writeUInt16LE(16, 2);
    yield this.#count(Buffer.concat([head, label, extra]));
    let sum = 0;
    for (const piece of content) {
      sum = crc32(piece, sum);
      yield this.#count(piece);
    }
    const tail = Buffer.alloc(24);
    tail.writeUInt32LE(0x08074b50, 0);
    tail.writeUInt32LE(sum, 4);
    tail.writeBigUInt64LE(BigInt(size), 8);
    tail.writeBigUInt64LE(BigInt(size), 16);
    yield this.#count(tail);
    this.#directory.push(directoryEntry({ label, crc: sum, size, mtime, offset: start }));
  }

  end(): Buffer {
    const central = Buffer.concat(this.#directory);
    const count = BigInt(this.#directory.length);
    const end = Buffer.alloc(56 + 20 + 22);
    end.writeUInt32LE(0x06064b50, 0);
    end.writeBigUInt64LE(44n, 4);
    end.writeUInt16LE(45, 12);
    end.writeUInt16LE(45, 14);
    end.writeBigUInt64LE(count, 24);
    end.writeBigUInt64LE(count, 32);
    end.writeBigUInt64LE(BigInt(central.length), 40);
    end.writeBigUInt64LE(BigInt(this.#offset), 48);
    end.writeUInt32LE(0x07064b50, 56);
    end.writeBigUInt64LE(BigInt(this.#offset + central.length), 64);
    end.writeUInt32LE(1, 72);
    end.writeUInt32LE(0x06054b50, 76);
    end.fill(0xff, 84, 96);
    return Buffer.concat([central, end]);
  }

  #count(data: Buffer): Buffer {
    this.#offset += data.length;
    return data;
  }
}

interface Member {
  label: Buffer;
  crc: number;
  size: number;
  mtime: number;
  offset: number;
}

function directoryEntry({ label, crc, size, mtime, offset }: Member): Buffer {
  const out = Buffer.alloc(46);
  out.writeUInt32LE(0x02014b50, 0);
  out.writeUInt16LE(45, 4);
  out.writeUInt16LE(45, 6);
  out.writeUInt16LE(STREAMED | UTF8, 8);
  out.writeUInt32LE(dosTime(mtime), 12);
  out.writeUInt32LE(crc, 16);
  out.writeUInt32LE(LARGEST, 20);
  out.writeUInt32LE(LARGEST, 24);
  out.writeUInt16LE(label.length, 28);
  out.writeUInt16LE(28, 30);
  out.writeUInt32LE(LARGEST, 42);
  const extra = Buffer.alloc(28);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(24, 2);
  extra.writeBigUInt64LE(BigInt(size), 4);
  extra.writeBigUInt64LE(BigInt(size), 12);
  extra.writeBigUInt64LE(BigInt(offset), 20);
  return Buffer.concat([out, label, extra]);
}

function dosTime(seconds: number): number {
  const at = new Date(seconds * 1000);
  const year = Math.max(0, at.getUTCFullYear() - 1980) & 0x7f;
  const date = (year << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate();
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1);
  return ((date << 16) | time) >>> 0;
}
