import { parentPort, workerData } from 'node:worker_threads';
import type { Reader } from './document.ts';
import { asFailure } from './failure.ts';
import { openDocument, prepare } from './open.ts';
import type { Answer, Notice, Request, Setup } from './request.ts';

const { limits } = workerData as Setup;
/** Open documents, the least recently used first. */
const shelf = new Map<number, Reader>();

parentPort?.on('message', (message: Request | Notice) => {
  if ('drop' in message) void drop(message.drop);
  else if ('prepare' in message) void prepare(message.prepare);
  else void answer(message).then((result) => parentPort?.postMessage(result, []));
});

async function answer(request: Request): Promise<Answer> {
  const { id, range } = request;
  try {
    const reader = await find(request);
    if (range) return { id, part: await reader.read(range) };
    const { family, format, unit, total, sheets, facts, lost } = reader;
    const summary = { family, format, unit, facts, lost };
    return {
      id,
      summary: { ...summary, ...(total === undefined ? {} : { total }), ...(sheets ? { sheets } : {}) },
    };
  } catch (error) {
    return { id, failure: asFailure(error) };
  }
}

async function find({ key, bytes, hint }: Request): Promise<Reader> {
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
