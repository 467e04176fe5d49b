import { randomUUID } from 'node:crypto';
import { isAppError } from '../../errors.ts';
import { ChunkedUpload } from '../../nextcloud/dav/chunks.ts';
import { pause } from '../../pause.ts';
import type { DavOutcome } from '../../nextcloud/dav/dav-request.ts';
import type { RemotePath } from '../../path.ts';
import { lengthOf, sendAll } from './chunk-sender.ts';
import { contentSize } from './content.ts';
import type { Content } from './content.ts';
import type { TransferRecord } from '../journal/journal.ts';
import { LocalSource } from '../local/local-source.ts';
import { reconcile } from '../context/service.ts';
import type { Call, Service } from '../context/service.ts';
import { isResumable, withResumeHint } from '../journal/suspended.ts';

const MEBI = 1024 * 1024;
/** A chunk is a twentieth of the file within these bounds: few requests, and little to send again. */
const CHUNK = { least: 10 * MEBI, share: 20 };
const MAX_CHUNKS = 10_000;

export interface ChunkedUploadPlan<T> {
  /** Seconds since 1970. */
  readonly modified: number;
  /** Etag of what is replaced. */
  readonly replaces: string | undefined;
  /** @throws AppError when the target cannot be made, to be known before anything is sent */
  readonly mustFit: () => Promise<void>;
  /** The target, if it is what the noted upload was to make of it: its answer may have been lost. */
  readonly stored: (note: TransferRecord) => Promise<T | undefined>;
  readonly answered: (done: DavOutcome) => T;
}

/**
 * Stores a file through the upload folder: chunks side by side, each sent again until it is answered,
 * then one conditional MOVE. Of a file from the disk, a later call goes on where this one ended.
 */
export async function sendChunked<T extends object>(
  service: Service,
  path: RemotePath,
  content: Content,
  plan: ChunkedUploadPlan<T>,
  call: Call,
): Promise<T> {
  const { journal, account } = service;
  const run = async (): Promise<T> => sendAlone(service, path, content, plan, call);
  if (!(content instanceof LocalSource)) return run();
  const local_path = content.path;
  return journal.alone({ kind: 'upload', account: account.name, remote_path: path, local_path }, run);
}

async function sendAlone<T extends object>(
  service: Service,
  path: RemotePath,
  content: Content,
  plan: ChunkedUploadPlan<T>,
  call: Call,
): Promise<T> {
  const { journal } = service;
  const onDisk = content instanceof LocalSource ? content : undefined;
  const { note, resumed } = await prepare(service, path, content, plan, call);
  const upload = new ChunkedUpload(service.account, note.place, path, note.size);
  try {
    const stored = resumed === 'gone' ? await plan.stored(note) : undefined;
    if (!stored) await plan.mustFit();
    if (!stored && onDisk) await journal.write(note);
    if (!stored && resumed !== 'open') await open(upload, call);
    if (!stored) await sendAll(service, upload, content, note, call);
    if (!stored) await onDisk?.mustBeSame();
    const result = stored ?? (await merge(upload, note, plan, service.account.patienceMs, call));
    await journal.remove(note);
    return result;
  } catch (error) {
    if (onDisk && isResumable(error, call.signal)) throw withResumeHint(error);
    await journal.remove(note);
    await upload.remove().catch((cause: unknown) => service.log.warn({ err: cause }, 'upload left behind'));
    throw error;
  }
}

async function open(upload: ChunkedUpload, call: Call): Promise<void> {
  const change = async (): Promise<object> => upload.open(call.signal).then(() => ({}));
  await reconcile(change, async () => ((await upload.arrived(call.signal)) ? {} : undefined), call);
}

interface Prepared {
  readonly note: TransferRecord;
  /** `open`: chunks are there. `gone`: they were, and may have become the file. */
  readonly resumed: 'open' | 'gone' | undefined;
}

async function prepare(
  service: Service,
  path: RemotePath,
  content: Content,
  { replaces, modified }: Pick<ChunkedUploadPlan<object>, 'replaces' | 'modified'>,
  call: Call,
): Promise<Prepared> {
  const { account, journal } = service;
  const size = contentSize(content);
  const fresh: TransferRecord = {
    kind: 'upload',
    account: account.name,
    remote_path: path,
    local_path: content instanceof LocalSource ? content.path : '',
    size,
    version: content instanceof LocalSource ? content.version : '',
    place: `nextcloud-files-mcp-${randomUUID()}`,
    share: chunkSize(size, (await service.capabilities(call)).maxChunk),
    done: [],
    modified,
    ...(replaces === undefined ? {} : { replaces }),
    began: Date.now(),
  };
  const old = content instanceof LocalSource ? await journal.read(fresh) : undefined;
  if (!old) return { note: fresh, resumed: undefined };
  const before = new ChunkedUpload(account, old.place, path, old.size);
  const same = old.version === fresh.version;
  const arrived = await before.arrived(call.signal);
  if (same && !arrived) return { note: { ...old, done: [] }, resumed: 'gone' };
  if (!same || !arrived || old.replaces !== replaces) {
    await before.remove(call.signal); // of another version of the file, or in place of another one
    return { note: fresh, resumed: undefined };
  }
  // Only what was answered counts: a chunk that broke off may look whole (observed).
  const done = old.done.filter((number) => arrived.get(number) === lengthOf(old, number));
  return { note: { ...old, done }, resumed: 'open' };
}

export function chunkSize(size: number, most: number): number {
  const wanted = Math.max(CHUNK.least, Math.ceil(size / CHUNK.share));
  return Math.max(Math.min(wanted, most), Math.ceil(size / MAX_CHUNKS));
}

/** How often is looked whether the server has joined them, when a proxy lost patience with it. */
const LOOK_MS = 2000;

async function merge<T extends object>(
  upload: ChunkedUpload,
  note: TransferRecord,
  plan: ChunkedUploadPlan<T>,
  patienceMs: number,
  call: Call,
): Promise<T> {
  const { signal } = call;
  const most = Math.ceil(patienceMs / LOOK_MS);
  let working = false;
  const change = async (): Promise<T> => {
    try {
      return plan.answered(await upload.merge({ ...note, signal }));
    } catch (error) {
      working = isAppError(error) && (error.code === 'timeout' || error.status === 504);
      throw error;
    }
  };
  const look = async (): Promise<T | undefined> => {
    for (let looks = working ? most : 1; ; looks--) {
      const stored = await plan.stored(note);
      if (stored || looks === 1 || !(await upload.arrived(signal)))
        return stored ?? (await plan.stored(note));
      await pause(LOOK_MS, signal);
    }
  };
  return reconcile(change, look, call);
}
