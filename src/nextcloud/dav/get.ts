import type { Readable } from 'node:stream';
import type { Headers } from 'undici';
import { AppError } from '../../errors.ts';
import type { RemotePath } from '../../path.ts';
import type { Account } from '../account.ts';
import type { HttpReply } from '../transport/http.ts';
import type { RequestOptions } from './dav-request.ts';

/** Part of a file, as byte offsets. */
export interface ByteSpan {
  readonly start: number;
  /** Offset of the last byte, included; absent for everything from `start` on. */
  readonly end?: number;
}

export interface FetchOptions extends RequestOptions {
  readonly range?: ByteSpan;
  /** Send the range only while the file still has this etag (RFC 9110 section 13.1.5), else the whole file. */
  readonly ifRange?: string;
  /** The consumer resumes by itself when the body breaks off. */
  readonly once?: boolean;
}

/** What the headers of a GET say about the file. */
export interface FileHead {
  readonly etag: string;
  /** Bytes of the whole file, where the answer says. */
  readonly size: number | undefined;
  /** Offset of the first byte of the body. */
  readonly start: number;
  /** Bytes of the body, where the answer says. */
  readonly length: number | undefined;
  /** Milliseconds since 1970. */
  readonly modified: number | undefined;
  /** The answer was a 206, which states the size of the file as well as the length of the body. */
  readonly partial: boolean;
}

/**
 * GET of a file or a part of it. A 200 in answer to a Range can be told by `start` and `length`.
 *
 * @throws AppError `invalid_response` when the answer is not a file from Nextcloud
 */
export async function fetchFile<T>(
  account: Account,
  path: RemotePath,
  options: FetchOptions,
  consume: (head: FileHead, body: Readable) => Promise<T>,
): Promise<T> {
  const { range, ifRange, signal, once = false } = options;
  return account.run((userId) =>
    account.exchange(
      {
        method: 'GET',
        path: account.address.file(userId, path),
        headers: {
          ...(range ? { range: `bytes=${range.start}-${range.end ?? ''}` } : {}),
          ...(range && ifRange ? { 'if-range': `"${ifRange}"` } : {}),
        },
        signal,
        once,
        transfer: true,
        expect: range ? [200, 206] : [200],
        wanted: 'the contents of a file',
      },
      (reply) => consume(fileHead(reply, range), reply.body),
    ),
  );
}

function fileHead(reply: HttpReply, range: ByteSpan | undefined): FileHead {
  const { headers, status } = reply;
  // Only an answer from Nextcloud itself has OC-ETag; a login page or the page of a folder does not.
  const etag = (headers.get('oc-etag') ?? '').replace(/^"|"$/g, '');
  if (etag === '') {
    const what = /html/.test(headers.get('content-type') ?? '') ? 'a web page' : 'something else';
    throw new AppError(
      'invalid_response',
      `The server answered with ${what} instead of the contents of a file`,
      {
        hint: 'There may be a login page or a proxy in front of the Nextcloud.',
        remedy: { kind: 'check-connection' },
      },
    );
  }
  if (!/^(identity)?$/i.test(headers.get('content-encoding') ?? ''))
    throw new AppError('invalid_response', 'The server sent the file compressed, which was not requested', {
      hint: 'A proxy in front of the Nextcloud changes its answers. Configure it to pass them on unchanged.',
    });
  const date = Date.parse(headers.get('last-modified') ?? '');
  const modified = Number.isNaN(date) ? undefined : date;
  if (status === 200) {
    const size = wholeNumber(headers, 'content-length');
    return { etag, size, start: 0, length: size, modified, partial: false };
  }
  const found = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers.get('content-range') ?? '');
  const [start, end, size] = (found ?? []).slice(1).map(Number);
  if (
    start === undefined ||
    end === undefined ||
    size === undefined ||
    start !== range?.start ||
    end < start ||
    end >= size
  )
    throw otherPart();
  return { etag, size, start, length: end - start + 1, modified, partial: true };
}

/** The error for bytes that are not the requested ones. */
export function otherPart(): AppError {
  return new AppError(
    'invalid_response',
    'The server sent a different part of the file from the requested one',
    {
      hint: 'A proxy may have changed the answer. Try again.',
    },
  );
}

function wholeNumber(headers: Headers, name: string): number | undefined {
  const text = headers.get(name);
  return text !== null && /^\d+$/.test(text) ? Number(text) : undefined;
}
