import { createHash } from 'node:crypto';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { LocalTarget } from '../local/local-target.ts';

const algorithms = ['SHA256', 'SHA1', 'MD5'] as const;
export type Algorithm = (typeof algorithms)[number];
/** Digests in hexadecimal, in lower case. */
export type Digests = Partial<Record<Algorithm, string>>;

export interface ServerChecksum {
  readonly algorithm: Algorithm;
  readonly digest: string;
}

/** The first of the server's checksums whose algorithm is supported here. */
export function serverChecksum(file: Resource): ServerChecksum | undefined {
  for (const checksum of file.detail?.checksums ?? []) {
    const [name = '', digest = ''] = checksum.split(':');
    const algorithm = algorithms.find((one) => one === name.toUpperCase());
    if (algorithm) return { algorithm, digest: digest.toLowerCase() };
  }
  return undefined;
}

/** Hashes bytes while they pass: with SHA-256, and with the algorithm of the server's checksum. */
export class PassingHash {
  readonly #hashes;

  constructor(file: Resource) {
    const names = new Set<Algorithm>(['SHA256', serverChecksum(file)?.algorithm ?? 'SHA256']);
    this.#hashes = [...names].map((name) => ({ name, hash: createHash(name.toLowerCase()) }));
  }

  update(chunk: Uint8Array): void {
    for (const { hash } of this.#hashes) hash.update(chunk);
  }

  digests(): Digests {
    return Object.fromEntries(this.#hashes.map(({ name, hash }) => [name, hash.digest('hex')]));
  }
}

export interface Verification {
  /** `SHA256:` and the digest. For a large file only if the server has a checksum: hashing takes longer than fetching. */
  readonly checksum?: string;
  /** Whether the server has a checksum and it is the same. */
  readonly verified: boolean;
}

/**
 * Compares with the checksum of the server. It was stored by whoever uploaded the file, and some apps keep it when they
 * edit the file: a difference is reported and is not an error.
 *
 * @param digests of the bytes that were fetched; without them the file on the disk is hashed if that is of use
 */
export async function verify(
  file: Resource,
  target: LocalTarget,
  digests: Digests | undefined,
): Promise<Verification> {
  const theirs = serverChecksum(file);
  const ours = digests ?? (theirs ? await digestOf(target, theirs.algorithm) : {});
  const verified = theirs !== undefined && ours[theirs.algorithm] === theirs.digest;
  const [first] = Object.entries(ours);
  return { ...(first ? { checksum: first.join(':') } : {}), verified };
}

async function digestOf(target: LocalTarget, algorithm: Algorithm): Promise<Digests> {
  const hash = createHash(algorithm.toLowerCase());
  for await (const piece of target.read()) hash.update(piece);
  return { [algorithm]: hash.digest('hex') };
}
