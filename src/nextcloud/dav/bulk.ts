import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod';
import { AppError } from '../../errors.ts';
import type { RemotePath } from '../../path.ts';
import type { Account } from '../account.ts';
import { readJson } from '../transport/body.ts';

export interface BulkFile {
  readonly path: RemotePath;
  readonly bytes: Buffer;
  /** Seconds since 1970. */
  readonly modified: number;
}

const answerSchema = z.union([
  z.record(z.string(), z.object({ error: z.boolean(), message: z.string().optional() })),
  z.array(z.never()),
]);

const END = '\r\n';
const MAX_ANSWER = 1024 * 1024;

/**
 * Many small files in one request (Nextcloud `dav/bulk`). It knows no conditions and replaces without
 * a word, so the caller has made sure that the names are free. Answers the paths that were stored; one
 * that the request cannot name is not sent.
 */
export async function putMany(
  account: Account,
  all: readonly BulkFile[],
  signal?: AbortSignal,
): Promise<ReadonlySet<RemotePath>> {
  const files = all.filter(({ path }) => isCarried(path));
  if (files.length === 0) return new Set();
  const boundary = randomBytes(18).toString('hex');
  const body = Buffer.concat([
    ...files.flatMap((file) => [head(file, boundary), file.bytes, Buffer.from(END)]),
    Buffer.from(`--${boundary}--${END}`),
  ]);
  const json = await account.exchange(
    {
      method: 'POST',
      path: `${account.address.root}/remote.php/dav/bulk`,
      headers: { 'content-type': `multipart/related; boundary=${boundary}` },
      body,
      signal,
      transfer: true,
      expect: [200],
      wanted: 'the list of the files that were stored',
    },
    ({ body: reply }) => readJson(reply, MAX_ANSWER),
  );
  const answer = answerSchema.safeParse(json);
  if (!answer.success)
    throw new AppError('invalid_response', 'The server did not say which files it stored', {
      uncertain: true,
    });
  const stored = new Set(
    Object.entries(answer.data).flatMap(([path, { error }]) => (error ? [] : [path.normalize('NFC')])),
  );
  return new Set(files.map(({ path }) => path).filter((path) => stored.has(path)));
}

/**
 * The server trims what stands in the header of a part (MultipartRequestParser.php), and would store
 * `report.txt ` over `report.txt`. Of what PHP trims, a path can end in a blank only, and it begins with a slash.
 */
function isCarried(path: RemotePath): boolean {
  return !path.endsWith(' ');
}

// The name is taken as it is, not percent-decoded; MD5 is checked by the server.
function head({ path, bytes, modified }: BulkFile, boundary: string): Buffer {
  const md5 = createHash('md5').update(bytes).digest('hex');
  const lines = [
    `--${boundary}`,
    `Content-Length: ${bytes.length}`,
    `X-File-Path: ${path}`,
    `X-File-MD5: ${md5}`,
    `X-OC-MTime: ${modified}`,
    '',
    '',
  ];
  return Buffer.from(lines.join(END));
}
