import { AppError } from '../../errors.ts';
import { within } from '../../path.ts';
import type { RemotePath } from '../../path.ts';

/** Where something is, and where it is to be moved or copied. */
export interface Pair {
  readonly from: RemotePath;
  readonly to: RemotePath;
}

/** @throws AppError `invalid_input` when the pairs of one call are in the way of each other */
export function refuseClashes(pairs: readonly Pair[]): void {
  for (const [index, { from, to }] of pairs.entries())
    for (const other of pairs.slice(index + 1)) {
      if (other.to === to)
        throw new AppError('invalid_input', `${from} and ${other.from} would both become ${to}`, {
          hint: 'Give them different destinations, one call each.',
        });
      if (within(from, other.from) || within(other.from, from))
        throw new AppError('invalid_input', `${from} and ${other.from} lie in each other`, {
          hint: 'Name either the folder or what is in it.',
        });
    }
}

/** @throws AppError `invalid_input` when source and destination lie in each other */
export function refuseSame({ from, to }: Pair): void {
  if (from === to)
    throw new AppError('invalid_input', `${from} is there already`, { hint: 'Name another destination.' });
  const hint = 'Name a destination outside of it.';
  // Nextcloud deletes the parent before it refuses such a copy (observed on 34).
  if (within(from, to)) throw new AppError('invalid_input', `${to} contains ${from}`, { hint });
  if (within(to, from)) throw new AppError('invalid_input', `${from} cannot be put into itself`, { hint });
}
