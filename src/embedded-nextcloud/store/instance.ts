import { randomBytes } from 'node:crypto';
import { UserAccount } from './account.ts';
import type { Node } from './node.ts';
import type { StoredShare } from './share.ts';
import { FileTree } from './tree.ts';
import type { EmbeddedOptions, EmbeddedUser, EmbeddedVersion } from './options.ts';

export interface SystemTag {
  id: number;
  name: string;
  visible: boolean;
  assignable: boolean;
  color: string;
}

/** The complete state of a server. */
export class Instance {
  readonly id: string;
  readonly version: EmbeddedVersion;
  readonly basePath: string;
  readonly gzipEtags: boolean;
  readonly bruteForce: boolean;
  readonly hasTrash: boolean;
  readonly tree = new FileTree();
  readonly accounts = new Map<string, UserAccount>();
  readonly tags = new Map<number, SystemTag>();
  readonly shares = new Map<number, StoredShare>();
  readonly directLinks = new Map<string, { fileId: number; until: number }>();
  maintenance: boolean;
  latencyMs: number;
  url = '';

  constructor(options: EmbeddedOptions, users: readonly EmbeddedUser[]) {
    this.id = `oc${randomBytes(8).toString('hex').slice(0, 10)}`;
    this.version = options.version ?? '34.0.1';
    this.basePath = (options.basePath ?? '').replace(/\/+$/, '');
    this.gzipEtags = options.gzipEtags ?? false;
    this.bruteForce = options.bruteForce ?? true;
    this.hasTrash = options.trash ?? true;
    this.maintenance = options.maintenance ?? false;
    this.latencyMs = options.latencyMs ?? 0;
    for (const user of users) {
      const account = new UserAccount(user, this.tree);
      account.ignoresCase = options.ignoresCase ?? false;
      this.accounts.set(user.id, account);
    }
  }

  get major(): number {
    return Number.parseInt(this.version, 10);
  }

  /** Finds an account. User ids are case-insensitive. */
  account(id: string): UserAccount | undefined {
    const exact = this.accounts.get(id);
    if (exact) return exact;
    const lower = id.toLowerCase();
    for (const account of this.accounts.values()) if (account.id.toLowerCase() === lower) return account;
    return undefined;
  }

  /** The node with this file id, if it is in the home of the account. */
  nodeOf(account: UserAccount, fileId: number): Node | undefined {
    const node = this.tree.nodeById(fileId);
    let root = node;
    while (root?.parent) root = root.parent;
    return root === account.home ? node : undefined;
  }

  /** The property `oc:id`: the file id, padded to eight digits, and the instance id (lib/public/Files/DavUtil.php). */
  longId(fileId: number): string {
    return `${String(fileId).padStart(8, '0')}${this.id}`;
  }

  addTag(name: string, visible = true, assignable = true): SystemTag {
    const id = this.tags.size + 1;
    const tag = { id, name, visible, assignable, color: '' };
    this.tags.set(id, tag);
    return tag;
  }
}
