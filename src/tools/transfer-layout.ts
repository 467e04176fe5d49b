import { formatBytes } from '../byte-size.ts';
import type { TransferSummary } from '../files/transfer/transfer-counter.ts';
import type { Transfer } from '../files/transfer/transfers.ts';
import { keyValueText } from './layout.ts';

/** What came of a folder, or how far a transfer has come. */
export function transferred(result: TransferSummary | Transfer): string {
  return 'transfer_id' in result ? progress(result) : summary(result);
}

export function progress({ result, ...transfer }: Transfer): string {
  const { transfer_id: id, kind, state, remote_path, local_path, bytes_done, bytes_total, error } = transfer;
  const { bytes_per_second: rate, seconds_left: left } = transfer;
  const [from, to] = kind === 'upload' ? [local_path, remote_path] : [remote_path, local_path];
  const share = bytes_total ? ` of ${formatBytes(bytes_total)}` : '';
  return [
    `${id}: ${kind} of ${from} to ${to}: ${state}`,
    `${formatBytes(bytes_done)}${share}${rate ? `, ${formatBytes(rate)}/s` : ''}${left === undefined ? '' : `, ${left} s left`}`,
    ...(error === undefined ? [] : [error]),
    ...(result === undefined ? [] : [keyValueText(result)]),
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
}: TransferSummary): string {
  const kept = same === 0 ? '' : `, ${same} were there already`;
  const wrong = failures === 0 ? '' : `, ${failures} FAILED`;
  return [
    `${local_path} and ${remote_path}: ${files} files stored (${formatBytes(bytes)})${kept}${wrong}`,
    ...failed.map(({ path, error }) => `${path}: ${error}`),
    ...(failures > failed.length ? [`and ${failures - failed.length} more`] : []),
    ...notes,
    ...(undo === undefined ? [] : [`Undo: ${undo}`]),
  ].join('\n');
}
