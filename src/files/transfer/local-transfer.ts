import { basename } from 'node:path';
import { baseName, join } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import type { Call } from '../context/call.ts';
import { stat } from '../context/stat.ts';
import { localName } from '../local/local-name.ts';
import type { LocalFolders } from '../local/local-folders.ts';
import { LocalSource } from '../local/local-source.ts';
import type { Uploaded } from '../write/file-write.ts';
import { uploadFile } from '../write/upload.ts';
import type { UploadOptions, UploadParts } from '../write/upload.ts';
import { downloadFile } from './download.ts';
import type { Downloaded } from './download.ts';
import type { FolderDownloadParts } from './download-job.ts';
import { downloadFolder } from './folder-download.ts';
import { uploadFolder } from './folder-upload.ts';
import type { TransferSummary } from './transfer-counter.ts';
import type { Transfer, Transfers } from './transfers.ts';

export interface LocalUploadParts extends UploadParts {
  readonly local: LocalFolders;
  readonly transfers: Transfers;
}

/** A file or folder of this computer that is to be uploaded. */
export interface LocalUploadJob extends UploadOptions {
  readonly path: RemotePath;
  readonly localPath: string;
  /** `path` is that of a folder, and a file goes into it under its own name. */
  readonly inside?: boolean;
}

/** Uploads from this computer. A folder becomes exactly the folder that is named. */
export async function uploadLocal(
  parts: LocalUploadParts,
  { path: target, localPath, inside = false, ...options }: LocalUploadJob,
  call: Call,
): Promise<Uploaded | TransferSummary | Transfer> {
  const found = await parts.local.locate(localPath);
  const path = inside && !found.folder ? join(target, basename(found.path)) : target;
  const route = { kind: 'upload', remote_path: path, local_path: found.path } as const;
  return parts.transfers.run<Uploaded | TransferSummary>(route, options, call, async (ownCall) => {
    const { overwrite } = options;
    if (found.folder) return uploadFolder(parts, { to: path, from: found.path, overwrite }, ownCall);
    const content = await LocalSource.open(found.path);
    try {
      return await uploadFile(parts, { ...options, path, content, checksFirst: true }, ownCall);
    } finally {
      await content.close();
    }
  });
}

export interface LocalDownloadParts extends FolderDownloadParts {
  readonly transfers: Transfers;
}

/** A file or folder of the Nextcloud that is to be stored on this computer. */
export interface LocalDownloadJob {
  readonly path: RemotePath;
  readonly localPath: string;
  readonly overwrite: boolean;
}

/** Downloads to this computer. */
export async function downloadLocal(
  parts: LocalDownloadParts,
  { path, localPath, overwrite }: LocalDownloadJob,
  call: Call,
): Promise<Downloaded | TransferSummary | Transfer> {
  parts.policy.assertReadable(path);
  const route = { kind: 'download', remote_path: path, local_path: localPath } as const;
  return parts.transfers.run<Downloaded | TransferSummary>(route, { overwrite }, call, async (ownCall) => {
    const file = await stat(parts, path, ownCall);
    if (!file.folder) return downloadFile(parts, { file, localPath, overwrite }, ownCall);
    const root = await parts.local.folder(localPath, localName(baseName(path), process.platform));
    return downloadFolder(parts, { from: path, root, overwrite }, ownCall);
  });
}
