import { randomBytes } from 'node:crypto';
import type { FolderNode } from './node.ts';
import { TrashBin } from './trash-bin.ts';
import type { FileTree } from './tree.ts';
import type { UploadFolder } from './upload.ts';
import type { EmbeddedUser } from './options.ts';

export interface AppPassword {
  /** An app password is valid only with the login name it was created for (lib/private/User/Session.php). */
  readonly login: string;
  secret: string;
}

/** Nextcloud's value for "unlimited" (OCP\Files\FileInfo::SPACE_UNLIMITED). */
export const UNLIMITED = -3;

const QUOTA_MS = 5 * 60 * 1000;

export class UserAccount {
  readonly id: string;
  readonly login: string;
  readonly displayName: string;
  readonly quota: number | undefined;
  readonly home: FolderNode;
  readonly trash: TrashBin;
  readonly uploads = new Map<string, UploadFolder>();
  readonly appPasswords: AppPassword[] = [];
  password: string;
  readonly #quotas = new WeakMap<FolderNode, { used: number; free: number; until: number }>();
  enabled = true;
  /** A name is found in any case, as on the disks of Windows and macOS. */
  ignoresCase = false;
  lastLogin = Date.now();

  constructor(user: EmbeddedUser, tree: FileTree) {
    this.id = user.id;
    this.login = user.login ?? user.id;
    this.password = user.password;
    this.displayName = user.displayName ?? user.id;
    this.quota = user.quota;
    this.home = tree.folder('files');
    this.trash = new TrashBin(this.home, tree);
  }

  /** Free bytes, or `UNLIMITED`. */
  get free(): number {
    return this.quota === undefined ? UNLIMITED : Math.max(0, this.quota - this.home.size);
  }

  /** The quota properties of WebDAV are cached for five minutes per folder (lib/private/legacy/OC_Helper.php). */
  quotaOf(folder: FolderNode): { used: number; free: number } {
    const known = this.#quotas.get(folder);
    if (known && known.until > Date.now()) return known;
    const fresh = { used: folder.size, free: this.free, until: Date.now() + QUOTA_MS };
    this.#quotas.set(folder, fresh);
    return fresh;
  }

  hasRoomFor(size: number): boolean {
    return this.quota === undefined || size <= this.free;
  }

  newAppPassword(login = this.login): string {
    const secret = randomBytes(54).toString('base64').replaceAll(/[+/=]/g, 'x').slice(0, 72);
    this.appPasswords.push({ login, secret });
    return secret;
  }

  /** Invalidates all credentials. The user cannot sign in again before a new password is set. */
  revoke(): void {
    this.password = randomBytes(24).toString('hex');
    this.appPasswords.length = 0;
  }
}
