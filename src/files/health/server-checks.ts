import { formatBytes } from '../../text/byte-size.ts';
import type { Check } from './checklist.ts';

/** Nextcloud releases older than this are not tried (the oldest that the tests run against). */
const OLDEST_TESTED = 28;

/** Month in which the security fixes of a release ended: each is kept for a year (admin manual, release schedule). */
const ends: Readonly<Record<number, string>> = {
  28: '2024-12',
  29: '2025-04',
  30: '2025-09',
  31: '2026-02',
  32: '2026-09',
};

/** Whether the release is one that is tested, and still gets security fixes. */
export function checkSupport(version: string, now: number): Check {
  const name = 'version';
  const major = Number.parseInt(version, 10);
  if (major < OLDEST_TESTED)
    return {
      name,
      ok: false,
      detail: `Nextcloud ${version} is older than any this is tested with`,
      fix: `Upgrade to ${OLDEST_TESTED} or later.`,
    };
  const end = ends[major];
  if (end !== undefined && now > Date.parse(`${end}-28`))
    return {
      name,
      ok: true,
      detail: `Nextcloud ${version} works; its security fixes ended in ${end}`,
      fix: 'Ask the administrator to upgrade the Nextcloud.',
    };
  return { name, ok: true, detail: `Nextcloud ${version} is supported` };
}

const SLOW_MS = 1500;

/** @param ms of one request with a sign-in, over a connection that stands */
export function checkSpeed(ms: number): Check {
  const detail = `one request takes ${ms} ms`;
  if (ms < SLOW_MS) return { name: 'latency', ok: true, detail };
  return {
    name: 'latency',
    ok: true,
    detail: `${detail}, which is slow`,
    fix: 'An app password is faster than a login password. Otherwise look at the memory cache and the load of the Nextcloud.',
  };
}

const TIGHT_BYTES = 100 * 1024 * 1024;

/** @param available in bytes, absent without a limit */
export function checkSpace(available: number | undefined): Check {
  if (available === undefined) return { name: 'space', ok: true, detail: 'no limit' };
  if (available >= TIGHT_BYTES) return { name: 'space', ok: true, detail: `${formatBytes(available)} free` };
  return {
    name: 'space',
    ok: true,
    detail: `only ${formatBytes(available)} free`,
    fix: 'Empty the trash of the Nextcloud, or ask for a larger quota.',
  };
}

const SKEW_MS = 60_000;

/** @param ahead milliseconds that the server's clock is ahead, to the second */
export function checkClock(ahead: number): Check {
  const seconds = Math.round(Math.abs(ahead) / 1000);
  if (Math.abs(ahead) < SKEW_MS)
    return { name: 'clock', ok: true, detail: 'the clocks of server and computer agree' };
  return {
    name: 'clock',
    ok: true,
    detail: `the server's clock is ${seconds} s ${ahead > 0 ? 'ahead of' : 'behind'} this computer's`,
    fix: 'Set the clock that is wrong; dates of uploads and shares are off by as much.',
  };
}

type Block = Readonly<Record<string, unknown>>;

/** How long Nextcloud delays answers to this address after wrong passwords (capability `bruteforce.delay`, ms). */
export function checkThrottle(bruteforce: Block | undefined): Check | undefined {
  const delay = bruteforce?.['delay'];
  if (typeof delay !== 'number') return undefined;
  const name = 'slowdown';
  if (delay === 0)
    return { name, ok: true, detail: 'none: there were no wrong passwords from this network lately' };
  return {
    name,
    ok: true,
    detail: `Nextcloud slows this network down by ${delay} ms because of wrong passwords`,
    fix: 'Look for a program with an old password on this network. The delay ends by itself.',
  };
}

/** How large files travel (capability `files.chunked_upload`, since Nextcloud 31). */
export function checkChunks(files: Block | undefined, dav: Block | undefined): Check | undefined {
  if (files === undefined || dav === undefined) return undefined;
  if (!dav['chunking'])
    return {
      name: 'large files',
      ok: true,
      detail: 'the server takes a file in one piece only',
      fix: 'Large uploads may meet a limit of the web server (upload_max_filesize, client_max_body_size).',
    };
  const limits = files['chunked_upload'];
  const size = isBlock(limits) && typeof limits['max_size'] === 'number' ? limits['max_size'] : undefined;
  const most = size === undefined ? '' : ` of up to ${Math.round(size / 1_000_000)} MB`;
  return { name: 'large files', ok: true, detail: `sent in pieces${most}` };
}

function isBlock(value: unknown): value is Block {
  return typeof value === 'object' && value !== null;
}

/** Whether the app password can be read on the way. */
export function checkEncryption(origin: string): Check {
  const { protocol, hostname } = new URL(origin);
  if (protocol === 'https:') return { name: 'encryption', ok: true, detail: 'the connection is encrypted' };
  if (/^(localhost$|127\.|\[::1\])/.test(hostname))
    return { name: 'encryption', ok: true, detail: 'not encrypted, on this computer only' };
  return {
    name: 'encryption',
    ok: false,
    detail: 'The connection is not encrypted: the app password can be read on the way',
    fix: 'Use an https:// address in NEXTCLOUD_URL.',
  };
}
