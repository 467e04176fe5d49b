import { createHash } from 'node:crypto';
import type { Resource } from '../nextcloud/resource.ts';
import { baseName } from '../path.ts';
import type { RemotePath } from '../path.ts';
import type { LocalTarget } from './local.ts';
import { readRange } from './range.ts';
import { notAFile, stat } from './service.ts';
import type { Call, Service } from './service.ts';

export interface Downloaded {
  readonly remote_path: string;
  readonly local_path: string;
  readonly bytes: number;
  readonly checksum: string;
  /** Whether the server keeps a checksum and it was the same. */
  readonly verified: boolean;
}

/** Stores a file on this computer: under its name only when whole, of the right size and checksum. */
export async function download(
  service: Service,
  path: RemotePath,
  localPath: string,
  overwrite: boolean,
  call: Call,
): Promise<Downloaded> {
  service.fence.allowReading(path);
  const file = await stat(service, path, call);
  if (file.folder) throw notAFile(path);
  const target = await service.local.target(localPath, baseName(path), overwrite);
  try {
    const digests = await transfer(service, file, target, call);
    const verified = verify(file, digests);
    await target.finish(file.modified === undefined ? undefined : new Date(file.modified));
    return {
      remote_path: path,
      local_path: target.path,
      bytes: file.size ?? 0,
      checksum: `SHA256:${digests.SHA256}`,
      verified,
    };
  } catch (error) {
    await target.discard();
    throw error;
  }
}

const algorithms = ['SHA256', 'SHA1', 'MD5'] as const;
type Digests = Readonly<Record<(typeof algorithms)[number], string>>;

/** Writes the body as it comes, and its digests with it. */
async function transfer(service: Service, file: Resource, target: LocalTarget, call: Call): Promise<Digests> {
  const size = file.size ?? 0;
  const needed = algorithms.filter(
    (name) =>
      name === 'SHA256' || file.detail?.checksums?.some((sum) => sum.toUpperCase().startsWith(`${name}:`)),
  );
  const hashes = needed.map((name) => ({ name, hash: createHash(name.toLowerCase()) }));
  let got = 0;
  await readRange(service, file, 0, size, call, async (chunk) => {
    await target.write(chunk);
    for (const { hash } of hashes) hash.update(chunk);
    got += chunk.length;
    call.report?.(got, size, file.path);
    return true;
  });
  return Object.fromEntries(hashes.map(({ name, hash }) => [name, hash.digest('hex')])) as Digests;
}

function verify(file: Resource, digests: Digests): boolean {
  for (const checksum of file.detail?.checksums ?? []) {
    const [name = '', value = ''] = checksum.split(':');
    const ours = algorithms.find((algorithm) => algorithm === name.toUpperCase());
    if (!ours) continue;
    // Stored by whoever uploaded the file and kept by edits of some apps, so a difference is told and not judged.
    return digests[ours] === value.toLowerCase();
  }
  return false;
}
