import { encodeSegment } from '../../http/url-encoding.ts';
import type { SabreError } from './sabre-error.ts';
import { forbidden, invalidPath, fileNotFound, notFound, phpError, typeError } from './sabre-error.ts';
import type { UserAccount } from '../../store/account.ts';
import { descend, FileNode } from '../../store/node.ts';
import type { FolderNode, Node } from '../../store/node.ts';

/** Where a home folder is mounted: at `files/UID` of the DAV tree, or at the legacy `remote.php/webdav`. */
export interface Mount {
  readonly account: UserAccount;
  /** Percent-encoded, without a trailing slash. */
  readonly href: string;
  /** The root in Sabre's messages: `files/UID`, or an empty string. */
  readonly uri: string;
  readonly legacy: boolean;
  /** The home of another user. It exists, but is empty and read-only. */
  readonly foreign: boolean;
  readonly major: number;
}

/** A requested path in a home folder. The file or folder need not exist. */
export class DavResource {
  readonly mount: Mount;
  /** The names as the client spelled them; repeated in hrefs. */
  readonly spelled: readonly string[];
  /** The names in NFC, in which Nextcloud stores them (lib/private/Files/Filesystem.php, normalizePath). */
  readonly names: readonly string[];

  constructor(mount: Mount, spelled: readonly string[]) {
    this.mount = mount;
    this.spelled = spelled;
    this.names = spelled.map((name) => name.normalize('NFC'));
    if (spelled.some((name) => name === '.' || name === '..')) {
      throw invalidPath(
        mount.major < 30 ? 'Dot files are not allowed' : `Invalid path "/${spelled.join('/')}"`,
      );
    }
  }

  /** The error for a path with the reserved name `.htaccess` (lib/private/Files/Storage/Local.php). */
  reserved(major: number): SabreError | undefined {
    if (this.mount.foreign || !this.names.some((name) => name.toLowerCase() === '.htaccess'))
      return undefined;
    if (major < 30) return forbidden();
    return phpError('OCP\\Files\\ForbiddenException', `Invalid path: files/${this.names.join('/')}`);
  }

  get home(): FolderNode {
    return this.mount.account.home;
  }

  get isHome(): boolean {
    return this.names.length === 0;
  }

  get name(): string {
    return this.names.at(-1) ?? '';
  }

  get path(): string {
    return `/${this.names.join('/')}`;
  }

  /** The path in Sabre's messages: `files/UID/a/b`. */
  get uri(): string {
    return [this.mount.uri, ...this.names].filter((part) => part !== '').join('/');
  }

  get node(): Node | undefined {
    if (this.mount.foreign) return undefined;
    return descend(this.home, this.names, this.mount.account.ignoresCase);
  }

  get parentNode(): Node | undefined {
    return descend(this.home, this.names.slice(0, -1));
  }

  get missing(): SabreError {
    if (this.mount.foreign) return notFound(`File not found: ${this.name} in '${this.mount.account.id}'`);
    if (this.mount.legacy) return fileNotFound(this.path.slice(1));
    const partial = this.names.slice(0, -1).some((name) => name.endsWith('.part'));
    if (partial && this.mount.major >= 30) return typeError();
    if (partial) return notFound(`Could not find node at path: ${this.uri}`);
    if (this.mount.major >= 30) return fileNotFound(this.path);
    // Before version 30 the message names the first missing folder, at the top with two slashes.
    const firstMissing = this.names.findIndex(
      (_, depth) => !descend(this.home, this.names.slice(0, depth + 1)),
    );
    return fileNotFound(
      firstMissing === 0 ? `//${this.names[0]}` : `/${this.names.slice(0, firstMissing + 1).join('/')}`,
    );
  }

  /**
   * Nextcloud reports a missing `x.part` as an existing file with file id −1, no size and no ETag
   * (lib/private/Files/View.php, getPartFileInfo).
   */
  get phantom(): FileNode | undefined {
    if (!this.name.endsWith('.part') || this.mount.foreign || this.node) return undefined;
    if (this.parentNode?.type !== 'directory') return undefined;
    const node = new FileNode(-1, this.name, 0);
    node.etag = '';
    node.mime = '';
    return node;
  }

  require(): Node {
    const { node } = this;
    if (!node) throw this.missing;
    return node;
  }

  get parent(): DavResource {
    return new DavResource(this.mount, this.spelled.slice(0, -1));
  }

  /** Percent-encoded, with a trailing slash for folders, as in Sabre. */
  get href(): string {
    const path = this.spelled.map((name) => `/${encodeSegment(name)}`).join('');
    return `${this.mount.href}${path}${this.node?.type === 'file' || this.phantom ? '' : '/'}`;
  }
}

/** The href of a node, for results that were not requested by path. */
export function hrefOf(mount: Mount, node: Node): string {
  const names: string[] = [];
  for (let at: Node | undefined = node; at?.parent; at = at.parent) names.push(encodeSegment(at.name));
  const path = names.toReversed().join('/');
  if (node.type === 'file') return `${mount.href}/${path}`;
  return path === '' ? `${mount.href}/` : `${mount.href}/${path}/`;
}
