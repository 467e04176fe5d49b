import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod';
import { AppError } from '../../errors.ts';
import type { RemotePath } from '../../path.ts';
import type { Account } from '../account.ts';
import { readJson } from '../transport/body.ts';

/** What the server tells of a file that it has stored. */
export interface StoredFile {
  readonly etag?: string | undefined;
  readonly fileId?: string | undefined;
}

export interface BulkFile {
  readonly path: RemotePath;
  readonly bytes: Buffer;
  /** Seconds since 1970. */
  readonly modified: number;
}

const answerSchema = z.union([
  z.record(
    z.string(),
    z.object({
      error: z.boolean(),
      message: z.string().optional(),
      etag: z.string().optional(),
      fileid: z.string().optional(),
    }),
  ),
  z.array(z.never()),
]);

const CRLF = '\r\n';
const MAX_ANSWER_BYTES = 1024 * 1024;

/**
 * Uploads many small files in one request (Nextcloud `dav/bulk`). The request has no conditions and replaces
 * existing files, so the caller must have checked that there are none. A path that the request cannot express
 * is not sent.
 *
 * @returns those that were stored
 */
export async function putMany(
  account: Account,
  requested: readonly BulkFile[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<RemotePath, StoredFile>> {
  const files = requested.filter(({ path }) => canBeSent(path));
  if (files.length === 0) return new Map();
  const boundary = randomBytes(18).toString('hex');
  const body = Buffer.concat([
    ...files.flatMap((file) => [partHeader(file, boundary), file.bytes, Buffer.from(CRLF)]),
    Buffer.from(`--${boundary}--${CRLF}`),
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
    ({ body: reply }) => readJson(reply, MAX_ANSWER_BYTES),
  );
  const answer = answerSchema.safeParse(json);
  if (!answer.success)
    throw new AppError('invalid_response', 'The server did not say which files it stored', {
      uncertain: true,
    });
  const stored = new Map(
    Object.entries(answer.data).flatMap(([path, { error, etag, fileid }]): [string, StoredFile][] =>
      error ? [] : [[path.normalize('NFC'), { etag: etag?.replaceAll('"', ''), fileId: plainId(fileid) }]],
    ),
  );
  return new Map(
    files.flatMap(({ path }): [RemotePath, StoredFile][] => {
      const found = stored.get(path);
      return found ? [[path, found]] : [];
    }),
  );
}

/** The id is padded with zeros, and ends with that of the instance. */
function plainId(long = ''): string | undefined {
  return /^0*(\d+?)(?:oc|$)/.exec(long)?.[1];
}

/**
 * The server trims the headers of a part (MultipartRequestParser.php), and would store `report.txt ` as
 * `report.txt`. Of the characters that PHP trims a path can only have a blank, and only at its end, because it
 * begins with a slash.
 */
function canBeSent(path: RemotePath): boolean {
  return !path.endsWith(' ');
}

// The server does not percent-decode the path. It checks the MD5.
function partHeader({ path, bytes, modified }: BulkFile, boundary: string): Buffer {
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
  return Buffer.from(lines.join(CRLF));
}
