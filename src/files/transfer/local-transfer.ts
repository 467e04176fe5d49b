import { basename } from 'node:path';
import { baseName, join } from '../../path.ts';
import type { RemotePath } from '../../path.ts';
import { fetchTo } from './download.ts';
import type { Downloaded } from './download.ts';
import { downloadFolderTo } from './folder-download.ts';
import { uploadFolder } from './folder-upload.ts';
import { localName } from '../local/local-name.ts';
import { LocalSource } from '../local/local-source.ts';
import type { Uploaded } from '../write/send-content.ts';
import { stat } from '../context/service.ts';
import type { Call, Service } from '../context/service.ts';
import type { TransferSummary } from './transfer-counter.ts';
import type { Transfer } from './transfers.ts';
import { uploadContent } from '../write/upload.ts';
import type { UploadOptions } from '../write/upload.ts';

export interface LocalUploadOptions extends UploadOptions {
  /** The path is that of a folder, and a file goes into it under its own name. */
  readonly inside?: boolean;
}

/** From this computer to the cloud. A folder becomes exactly the folder that is named. */
export async function uploadLocal(
  service: Service,
  named: RemotePath,
  localPath: string,
  { inside = false, ...options }: LocalUploadOptions,
  call: Call,
): Promise<Uploaded | TransferSummary | Transfer> {
  const found = await service.local.locate(localPath);
  const path = inside && !found.folder ? join(named, basename(found.path)) : named;
  const route = { kind: 'upload', remote_path: path, local_path: found.path } as const;
  return service.transfers.run<Uploaded | TransferSummary>(route, options, call, async (own) => {
    if (found.folder) return uploadFolder(service, path, found.path, options.overwrite, own);
    const source = await LocalSource.open(found.path);
    try {
      return await uploadContent(service, path, source, { ...options, looks: true }, own);
    } finally {
      await source.close();
    }
  });
}

/** From the cloud to this computer. */
export async function downloadLocal(
  service: Service,
  path: RemotePath,
  localPath: string,
  overwrite: boolean,
  call: Call,
): Promise<Downloaded | TransferSummary | Transfer> {
  service.policy.assertReadable(path);
  const route = { kind: 'download', remote_path: path, local_path: localPath } as const;
  return service.transfers.run<Downloaded | TransferSummary>(route, { overwrite }, call, async (own) => {
    const source = await stat(service, path, own);
    if (!source.folder) return fetchTo(service, source, localPath, overwrite, own);
    const root = await service.local.folder(localPath, localName(baseName(path), process.platform));
    return downloadFolderTo(service, path, root, overwrite, own);
  });
}
