import { crc32 } from 'node:zlib';

interface Member {
  name: string;
  data: string | Buffer;
}

/** 2025-01-01 as a DOS date. A constant, so that the bytes are the same at every start. */
const DATE = 0x5a21;

/** A ZIP without compression (PKWARE APPNOTE 4.3). */
export function zip(members: readonly Member[]): Buffer {
  const out: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data } of members) {
    const body = Buffer.from(data);
    const label = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x0800, 2);
    common.writeUInt16LE(DATE, 8);
    common.writeUInt32LE(crc32(body), 10);
    common.writeUInt32LE(body.length, 14);
    common.writeUInt32LE(body.length, 18);
    common.writeUInt16LE(label.length, 22);
    const entry = Buffer.alloc(6);
    entry.write('PK\u0001\u0002', 0, 'latin1');
    entry.writeUInt16LE(20, 4);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([entry, common, tail, label]));
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), common, label, body]);
    out.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 0, 'latin1');
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...out, central, end]);
}
