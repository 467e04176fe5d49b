import type { Log } from '../../log.ts';
import type { Resource } from '../../nextcloud/dav/resource.ts';
import type { RemotePath } from '../../path.ts';
import type { AccessPolicy } from '../context/access-policy.ts';
import type { StatParts } from '../context/stat.ts';
import type { Journal } from '../journal/journal.ts';
import type { LocalFolders } from '../local/local-folders.ts';
import type { TransferSlots } from '../write/transfer-slots.ts';
import type { Tuning } from './tuning/tuning.ts';

/** What storing a file of the Nextcloud on this computer takes. */
export interface DownloadParts extends StatParts {
  readonly local: LocalFolders;
  readonly journal: Journal;
  readonly slots: TransferSlots;
  readonly tuning: Tuning;
  readonly log: Log;
}

export interface DownloadJob {
  readonly file: Resource;
  /** A file, or a folder that the file goes into under its own name. */
  readonly localPath: string;
  readonly overwrite: boolean;
}

/** What storing a folder of the Nextcloud on this computer takes. */
export interface FolderDownloadParts extends DownloadParts {
  readonly policy: AccessPolicy;
}

export interface FolderDownloadJob {
  readonly from: RemotePath;
  /** The folder on this computer that it becomes. */
  readonly root: string;
  readonly overwrite: boolean;
}

/** A file or folder in a folder that is downloaded. */
export interface DownloadItem {
  readonly file: Resource;
  /** The path on this computer. */
  readonly to: string;
}
