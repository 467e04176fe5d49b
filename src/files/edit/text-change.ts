import { createTwoFilesPatch } from 'diff';
import { decodeText } from '../../documents/kernel/encoding.ts';
import { encode } from '../../documents/kernel/encoder.ts';
import { AppError } from '../../errors.ts';
import type { Spend } from './edit-buffer.ts';
import { applyEdits } from './text-edits.ts';
import type { Replacement } from './text-edits.ts';

/** Edits of the bytes of a file. */
export interface ChangeRequest {
  readonly bytes: Uint8Array;
  readonly edits: readonly Replacement[];
  /** Names the file in messages. */
  readonly where: string;
}

export interface TextChange {
  /** What to store; absent when nothing changes. */
  readonly bytes?: Uint8Array;
  /** A unified diff; absent when it is too large to be shown. */
  readonly difference?: string;
}

export interface ChangeEffort {
  /** Called with the characters that were read or written, and throws when they are too many. */
  readonly spend?: Spend;
  /** Milliseconds after which the difference is given up. */
  readonly differenceMs: number;
}

/** Characters of a difference that is shown. */
const MAX_DIFFERENCE_CHARS = 30_000;

/**
 * Applies edits. Encoding and byte order mark stay the same.
 *
 * @throws AppError `invalid_input` when an edit does not fit, or the file is no text that can be written back as it was
 */
export function changeText({ bytes, edits, where }: ChangeRequest, effort: ChangeEffort): TextChange {
  const {
    text: before,
    encoding: { encoding, bom, binary },
  } = decodeText(bytes);
  if (binary)
    throw new AppError('invalid_input', `${where} is not a text`, { remedy: { kind: 'replace-file' } });
  if (!encode(before, encoding)?.equals(bytes.subarray(bom)))
    throw new AppError(
      'invalid_input',
      `${where} has bytes that are not valid ${encoding.toUpperCase()}, which an edit would change`,
      { remedy: { kind: 'replace-file' } },
    );
  if (before === '')
    throw new AppError('invalid_input', `${where} is empty, so there is nothing in it to replace`, {
      remedy: { kind: 'replace-file' },
    });
  const after = applyEdits(before, edits, { where, ...(effort.spend ? { spend: effort.spend } : {}) });
  if (after === before) return {};
  const encoded = encode(after, encoding);
  if (!encoded)
    throw new AppError(
      'invalid_input',
      `new_text has a character that ${encoding.toUpperCase()} does not have`,
      {
        hint: `${where} is stored in ${encoding.toUpperCase()}. Use characters that it has.`,
        remedy: { kind: 'replace-file' },
      },
    );
  const difference = differenceOf({ before, after, where }, effort.differenceMs);
  // Not out of the pool of small buffers: it may be handed over to another thread.
  const stored = new Uint8Array(bom + encoded.length);
  stored.set(bytes.subarray(0, bom));
  stored.set(encoded, bom);
  return {
    bytes: stored,
    ...(difference === undefined ? {} : { difference }),
  };
}

function differenceOf(
  { before, after, where }: { before: string; after: string; where: string },
  ms: number,
): string | undefined {
  const plain = (text: string): string => text.replace(/\r\n?/g, '\n');
  const patch = createTwoFilesPatch(where, where, plain(before), plain(after), undefined, undefined, {
    context: 2,
    timeout: ms,
  });
  const lines = patch?.split('\n').slice(1).join('\n').trimEnd();
  return lines === undefined || lines.length > MAX_DIFFERENCE_CHARS ? undefined : lines;
}
