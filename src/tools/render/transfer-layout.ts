import { isAppError } from '../../errors.ts';
import { formatBytes } from '../../text/byte-size.ts';
import { formatDuration } from '../../text/duration.ts';
import type { TransferSummary } from '../../files/transfer/transfer-counter.ts';
import type { Transfer } from '../../files/transfer/transfers.ts';
import { keyValueText } from './layout.ts';
import { failureText } from './remedies.ts';

/** The transfer of a folder as clients see it. */
export interface ShownSummary extends Omit<TransferSummary, 'failed'> {
  readonly failed: readonly { readonly path: string; readonly error: string }[];
}

/** A transfer in the background as clients see it. */
export interface ShownTransfer extends Omit<Transfer, 'error'> {
  readonly error?: string;
}

export function isTransferred(result: object): result is TransferSummary | Transfer {
  return 'failed' in result || 'transfer_id' in result;
}

/** What came of a folder, or how far a transfer has come. */
export function transferred(result: TransferSummary | Transfer): ShownSummary | ShownTransfer {
  return 'transfer_id' in result ? shownTransfer(result) : shownSummary(result);
}

export function transferredText(result: ShownSummary | ShownTransfer): string {
  return 'transfer_id' in result ? progressText(result) : summaryText(result);
}

export function shownTransfer({ error, result, ...transfer }: Transfer): ShownTransfer {
  return {
    ...transfer,
    ...(error === undefined ? {} : { error: isAppError(error) ? failureText(error) : error }),
    ...(result === undefined ? {} : { result: shownResult(result) }),
  };
}

function shownResult(result: object): object {
  return isTransferred(result) ? transferred(result) : result;
}

function shownSummary({ failed, ...rest }: TransferSummary): ShownSummary {
  return { ...rest, failed: failed.map(({ path, error }) => ({ path, error: failureText(error) })) };
}

export function progressText({ result, ...transfer }: ShownTransfer): string {
  const { transfer_id: id, kind, state, remote_path, local_path, bytes_done, bytes_total, error } = transfer;
  const { bytes_per_second: rate, seconds_left: left } = transfer;
  const [from, to] = kind === 'upload' ? [local_path, remote_path] : [remote_path, local_path];
  const share = bytes_total ? ` of ${formatBytes(bytes_total)}` : '';
  return [
    `${id}: ${kind} of ${from} to ${to}: ${state}`,
    `${formatBytes(bytes_done)}${share}${rate ? `, ${formatBytes(rate)}/s` : ''}${left === undefined ? '' : `, ${formatDuration(left)} left`}`,
    ...(error === undefined ? [] : [error]),
    ...(result === undefined ? [] : [keyValueText(result)]),
    ...(state === 'running'
      ? [`It goes on. transfer_status with transfer_id ${id} shows how far it is.`]
      : []),
  ].join('\n');
}

function summaryText(summary: ShownSummary): string {
  const { remote_path, local_path, files, bytes, same, failed, failures, notes = [] } = summary;
  const kept = same === 0 ? '' : `, ${same} were there already`;
  const wrong = failures === 0 ? '' : `, ${failures} FAILED`;
  return [
    `${local_path} and ${remote_path}: ${files} files stored (${formatBytes(bytes)})${kept}${wrong}`,
    ...failed.map(({ path, error }) => `${path}: ${error}`),
    ...(failures > failed.length ? [`and ${failures - failed.length} more`] : []),
    ...notes,
  ].join('\n');
}
