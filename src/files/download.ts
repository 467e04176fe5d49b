import { createHash } from 'node:crypto';
import { AppError, isAppError } from '../errors.ts';
import { fetchFile } from '../nextcloud/dav.ts';
import type { Resource } from '../nextcloud/resource.ts';
import { pause } from '../nextcloud/pause.ts';
import { baseName } from '../path.ts';
import type { RemotePath } from '../path.ts';
import type { LocalTarget } from './local.ts';
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

const TRIES = 5;

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

/** Takes the body as it comes; when it breaks, goes on from there while the file is still the same. */
async function transfer(service: Service, file: Resource, target: LocalTarget, call: Call): Promise<Digests> {
  const size = file.size ?? 0;
  const needed = algorithms.filter(
    (name) =>
      name === 'SHA256' || file.detail?.checksums?.some((sum) => sum.toUpperCase().startsWith(`${name}:`)),
  );
  const hashes = needed.map((name) => ({ name, hash: createHash(name.toLowerCase()) }));
  let got = 0;
  for (let attempt = 1; got < size || (size === 0 && attempt === 1); attempt++) {
    const range =
      got > 0 ? { range: { start: got }, ...(file.etag === undefined ? {} : { ifRange: file.etag }) } : {};
    try {
      await fetchFile(service.account, file.path, { ...call, ...range, once: true }, async (head, body) => {
        if (head.etag !== file.etag || head.size !== size || head.start !== got)
          throw changedMeanwhile(file.path);
        for await (const chunk of body) {
          got += chunk.length;
          if (got > size) throw changedMeanwhile(file.path);
          await target.write(chunk);
          for (const { hash } of hashes) hash.update(chunk);
          call.report?.(got, size, file.path);
        }
      });
      if (got < size)
        throw new AppError('unavailable', `${file.path} ended after ${got} of ${size} bytes`, {
          retryable: true,
          hint: 'Try again.',
        });
    } catch (error) {
      if (!isAppError(error, 'unavailable') || !error.retryable || attempt >= TRIES) throw error;
      await pause(200 * 2 ** attempt, call.signal);
    }
  }
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

function changedMeanwhile(path: string): AppError {
  return new AppError('conflict', `${path} changed while it was downloaded. Nothing was kept`, {
    hint: 'Download it again.',
  });
}
