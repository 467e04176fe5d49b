import { enableCompileCache, flushCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { Reader, DocumentSummary } from '../kernel/document.ts';
import { asFailure } from '../kernel/failure.ts';
import { openDocument, prepare } from '../open.ts';
import type { WorkerAnswer, WorkerNotice, WorkerRequest, WorkerSetup } from './request.ts';

const { limits, codeCache } = workerData as WorkerSetup;
if (codeCache !== undefined) enableCompileCache(codeCache);
/** Open documents, the least recently used first. */
const shelf = new Map<number, Reader>();

parentPort?.on('message', (message: WorkerRequest | WorkerNotice) => {
  if ('drop' in message) void drop(message.drop);
  else if ('prepare' in message) void makeReady(message.prepare);
  else void answer(message).then((result) => parentPort?.postMessage(result, []));
});

/** Formats whose library is there. */
const ready = new Set<string>();

/** Keeps the compiled library for the next start, which takes some milliseconds. */
async function makeReady(format: string): Promise<void> {
  if (ready.has(format)) return;
  ready.add(format);
  await prepare(format);
  flushCompileCache();
}

async function answer(request: WorkerRequest): Promise<WorkerAnswer> {
  const { id, summary, range } = request;
  try {
    const reader = await find(request);
    return {
      id,
      ...(summary ? { summary: summaryOf(reader) } : {}),
      ...(range ? { part: await reader.read(range) } : {}),
    };
  } catch (error) {
    return { id, failure: asFailure(error) };
  }
}

function summaryOf({ family, format, unit, total, sheets, facts, lost }: Reader): DocumentSummary {
  const known = { family, format, unit, facts, lost };
  return { ...known, ...(total === undefined ? {} : { total }), ...(sheets ? { sheets } : {}) };
}

async function find({ key, bytes, hint }: WorkerRequest): Promise<Reader> {
  const known = shelf.get(key);
  const reader = known ?? (await openDocument(bytes, hint, limits));
  shelf.delete(key);
  shelf.set(key, reader);
  for (const oldest of shelf.keys()) {
    if (shelf.size <= limits.documents) break;
    await drop(oldest);
  }
  return reader;
}

async function drop(key: number): Promise<void> {
  const reader = shelf.get(key);
  shelf.delete(key);
  try {
    await reader?.close?.();
  } catch {
    // Nothing is left to be done for a document that is not wanted any more.
  }
}
