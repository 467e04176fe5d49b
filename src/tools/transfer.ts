import * as z from 'zod';
import { AppError } from '../errors.ts';
import type { Downloaded } from '../files/transfer/download.ts';
import { defineTool } from './define.ts';
import { flag, limited, readPath } from './parameters.ts';
import {
  isTransferred,
  progressText,
  shownTransfer,
  transferred,
  transferredText,
} from './render/transfer-layout.ts';
import type { ShownSummary, ShownTransfer } from './render/transfer-layout.ts';
import { transferStatus } from '../files/transfer/transfer-status.ts';

export const downloadFileTool = defineTool({
  name: 'download_file',
  toolset: 'files',
  effect: 'write',
  local: true,
  title: 'Download to this computer',
  summary: 'Store a file or folder of the Nextcloud on this computer, past the conversation.',
  input: {
    remote_path: readPath('file or folder'),
    local_path: z.string().describe('place on this computer, in an allowed folder'),
    overwrite: flag('replace existing files'),
  },
  output: z.object({
    local_path: z.string(),
    checksum: z.string().optional(),
    failures: z.number().optional(),
    transfer_id: z.string().optional(),
  }),
  text: (result: Downloaded | ShownSummary | ShownTransfer) =>
    'verified' in result ? downloaded(result) : transferredText(result),
  run: async (
    { remote_path, local_path, overwrite },
    { workspace, signal, report },
  ): Promise<Downloaded | ShownSummary | ShownTransfer> => {
    const { downloadLocal } = await import('../files/transfer/local-transfer.ts');
    const job = { path: remote_path, localPath: local_path, overwrite };
    const result = await downloadLocal(workspace, job, { signal, report });
    return isTransferred(result) ? transferred(result) : result;
  },
});

function downloaded({ local_path, bytes, checksum, verified, same, encrypted }: Downloaded): string {
  if (same) return `Left as it is: the same file is there already, ${local_path}`;
  const proof = checksum === undefined ? [] : [`${checksum}${verified ? ', as in the Nextcloud' : ''}`];
  const warning = encrypted
    ? ['The server has handed it out still encrypted, so it cannot be opened. Ask the administrator.']
    : [];
  return [`Stored ${bytes} bytes as ${local_path}`, ...proof, ...warning].join('\n');
}

export const transferStatusTool = defineTool({
  name: 'transfer_status',
  toolset: 'files',
  effect: 'read',
  local: true,
  title: 'Transfers under way',
  summary: 'How far uploads and downloads in the background are.',
  input: {
    transfer_id: z.string().optional(),
    wait_seconds: limited('wait this long for its end', 0, 45).default(0),
    cancel: flag('end it'),
  },
  output: z.object({ transfers: z.array(z.object({ transfer_id: z.string(), state: z.string() })) }),
  text: ({ transfers }: { transfers: ShownTransfer[] }) =>
    transfers.length === 0 ? 'No transfer is under way' : transfers.map(progressText).join('\n\n'),
  run: async (
    { transfer_id: id, wait_seconds, cancel },
    { workspace, signal },
  ): Promise<{ transfers: ShownTransfer[] }> => {
    if (cancel && id === undefined)
      throw new AppError('invalid_input', 'cancel needs a transfer_id', {
        hint: 'Leave cancel out to list them.',
      });
    const options = { id, waitMs: wait_seconds * 1000, cancel };
    const transfers = await transferStatus(workspace, options, { signal });
    return { transfers: transfers.map(shownTransfer) };
  },
});
