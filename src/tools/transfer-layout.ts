import { fileSize } from '../files/amount.ts';
import type { Summary } from '../files/summary.ts';
import type { Transfer } from '../files/transfers.ts';
import { card } from './layout.ts';

/** What came of a folder, or how far a transfer has come. */
export function transferred(result: Summary | Transfer): string {
  return 'transfer_id' in result ? progress(result) : summary(result);
}

export function progress({ result, ...transfer }: Transfer): string {
  const { transfer_id: id, kind, state, remote_path, local_path, bytes_done, bytes_total, error } = transfer;
  const { bytes_per_second: rate, seconds_left: left } = transfer;
  const [from, to] = kind === 'upload' ? [local_path, remote_path] : [remote_path, local_path];
  const share = bytes_total ? ` of ${fileSize(bytes_total)}` : '';
  return [
    `${id}: ${kind} of ${from} to ${to}: ${state}`,
    `${fileSize(bytes_done)}${share}${rate ? `, ${fileSize(rate)}/s` : ''}${left === undefined ? '' : `, ${left} s left`}`,
    ...(error === undefined ? [] : [error]),
    ...(result === undefined ? [] : [card(result)]),
    ...(state === 'running'
      ? [`It goes on. transfer_status with transfer_id ${id} shows how far it is.`]
      : []),
  ].join('\n');
}

export function summary({
  remote_path,
  local_path,
  files,
  bytes,
  same,
  failed,
  failures,
  notes = [],
  undo,
}: Summary): string {
  const kept = same === 0 ? '' : `, ${same} were there already`;
  const wrong = failures === 0 ? '' : `, ${failures} FAILED`;
  return [
    `${local_path} and ${remote_path}: ${files} files stored (${fileSize(bytes)})${kept}${wrong}`,
    ...failed.map(({ path, error }) => `${path}: ${error}`),
    ...(failures > failed.length ? [`and ${failures - failed.length} more`] : []),
    ...notes,
    ...(undo === undefined ? [] : [`Undo: ${undo}`]),
  ].join('\n');
}
