import { flushCompileCache } from 'node:module';
import { answerQuestions, threadSettings } from '../../threads/answer.ts';
import type { DocumentLimits, Reader, DocumentSummary } from '../kernel/document.ts';
import { serializeError } from '../kernel/document-error.ts';
import { loadLibrary, openDocument } from '../opening/open-document.ts';
import type { Walker } from '../opening/walker.ts';
import type { WorkerAnswer, WorkerNotice, WorkerRequest } from './messages.ts';

const limits = threadSettings() as DocumentLimits;

/** The open documents by key, the least recently used first. */
const openReaders = new Map<number, Reader>();

answerQuestions(async (message: WorkerRequest | WorkerNotice): Promise<WorkerAnswer> => {
  if ('drop' in message) await drop(message.drop);
  else if ('prepare' in message) await prepare(message.prepare);
  else return answer(message);
  return {};
});

const preparedFormats = new Set<string>();

/** Loads a library and writes it to the compile cache, which takes some milliseconds, for the next start. */
async function prepare(format: string): Promise<void> {
  if (preparedFormats.has(format)) return;
  preparedFormats.add(format);
  await loadLibrary(format);
  flushCompileCache();
}

async function answer(request: WorkerRequest): Promise<WorkerAnswer> {
  const { summary, range, walk } = request;
  try {
    if (walk) return { step: await (await walkerFor(request)).step(walk) };
    const reader = await readerFor(request);
    return {
      ...(summary ? { summary: summaryOf(reader) } : {}),
      ...(range ? { part: await reader.read(range) } : {}),
    };
  } catch (error) {
    return { error: serializeError(error) };
  }
}

function summaryOf({ family, format, unit, total, sheets, facts, lost }: Reader): DocumentSummary {
  const known = { family, format, unit, facts, lost };
  return { ...known, ...(total === undefined ? {} : { total }), ...(sheets ? { sheets } : {}) };
}

async function readerFor({ key, bytes, hint }: WorkerRequest): Promise<Reader> {
  const reader = openReaders.get(key) ?? (await openDocument(bytes, hint, limits));
  openReaders.delete(key);
  openReaders.set(key, reader);
  for (const oldest of openReaders.keys()) {
    if (openReaders.size <= limits.documents) break;
    await drop(oldest);
  }
  return reader;
}

/** The documents whose texts are all read, by key. */
const walkers = new Map<number, Walker>();

async function walkerFor(request: WorkerRequest): Promise<Walker> {
  const { key, bytes, hint } = request;
  const known = walkers.get(key);
  if (known) return known;
  const { Walker: Opened } = await import('../opening/walker.ts');
  const walker = new Opened({ bytes, hint, reader: await readerFor(request) }, limits);
  walkers.set(key, walker);
  for (const [oldest, one] of walkers) {
    if (walkers.size <= limits.documents) break;
    walkers.delete(oldest);
    await one.close();
  }
  return walker;
}

async function drop(key: number): Promise<void> {
  const reader = openReaders.get(key);
  openReaders.delete(key);
  try {
    await walkers.get(key)?.close();
    walkers.delete(key);
    await reader?.close?.();
  } catch {
    // The document is no longer needed, so an error while closing it changes nothing.
  }
}
