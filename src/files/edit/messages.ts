import type { ErrorCode, ErrorDetail } from '../../errors.ts';
import type { ChangeRequest, TextChange } from './text-change.ts';
import type { Replacement } from './text-edits.ts';

/**
 * A change that is asked of a thread. Bytes and texts are in shared memory: to send 20,000 objects to a thread would
 * hold up the event loop for 30 ms.
 */
export interface ChangeQuestion {
  readonly bytes: Uint8Array<SharedArrayBuffer>;
  /** The old and the new text of each edit in UTF-8, one after the other. */
  readonly texts: Uint8Array<SharedArrayBuffer>;
  /** The length of each text, in UTF-16 code units. */
  readonly lengths: Uint32Array<SharedArrayBuffer>;
  /** For each edit, whether it is made everywhere. */
  readonly everywhere: Uint8Array<SharedArrayBuffer>;
  readonly where: string;
}

/** The outcome of a change. An error comes as plain data: a class instance cannot be sent between threads. */
export type ChangeAnswer =
  | { readonly change: TextChange }
  | {
      readonly code: ErrorCode;
      readonly message: string;
      readonly detail: Pick<ErrorDetail, 'hint' | 'remedy' | 'excerpt'>;
    };

/** @param request all of its texts are well-formed */
export function toQuestion({ bytes, edits, where }: ChangeRequest): ChangeQuestion {
  const lengths = new Uint32Array(new SharedArrayBuffer(4 * 2 * edits.length));
  const everywhere = new Uint8Array(new SharedArrayBuffer(edits.length));
  const parts: string[] = [];
  for (const [index, { oldText, newText, replaceAll }] of edits.entries()) {
    parts.push(oldText, newText);
    lengths[2 * index] = oldText.length;
    lengths[2 * index + 1] = newText.length;
    everywhere[index] = Number(replaceAll);
  }
  const all = parts.join('');
  // No larger than it must be: memory that was never touched is what costs most.
  const texts = new Uint8Array(new SharedArrayBuffer(Buffer.byteLength(all)));
  Buffer.from(texts.buffer).write(all);
  return { bytes: toShared(bytes), texts, lengths, everywhere, where };
}

export function fromQuestion({ bytes, texts, lengths, everywhere, where }: ChangeQuestion): ChangeRequest {
  const all = Buffer.from(texts.buffer).toString();
  let at = 0;
  const next = (index: number): string => all.slice(at, (at += lengths[index] ?? 0));
  const edits = Array.from(everywhere, (every, index): Replacement => ({
    oldText: next(2 * index),
    newText: next(2 * index + 1),
    replaceAll: every === 1,
  }));
  return { bytes, edits, where };
}

function toShared(bytes: Uint8Array): Uint8Array<SharedArrayBuffer> {
  if (bytes.buffer instanceof SharedArrayBuffer) return bytes as Uint8Array<SharedArrayBuffer>;
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return shared;
}
