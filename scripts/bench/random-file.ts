import { randomFillSync } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';

/** Writes a file that cannot be compressed. @param size in bytes */
export function randomFile(path: string, size: number): void {
  const file = openSync(path, 'w');
  const block = Buffer.alloc(10_000_000);
  for (let at = 0; at < size; at += block.length)
    writeSync(file, randomFillSync(block), 0, Math.min(block.length, size - at));
  closeSync(file);
}
