import { encodeSegment } from '../../http/url-encoding.ts';
import type { SabreError } from './sabre-error.ts';
import { forbidden, invalidPath, noSuchFile, notFound, phpError, typeError } from './sabre-error.ts';
import type { UserAccount } from '../../store/account.ts';
import { descend, FileNode } from '../../store/node.ts';
import type { FolderNode, Node } from '../../store/node.ts';

/** Where a home is mounted: `files/UID` of the DAV tree, or the old `remote.php/webdav`. */
export interface Mount {
  readonly account: UserAccount;
  /** Encoded, without a slash at the end. */
  readonly href: string;
  /** What Sabre calls the root in its messages: `files/UID`, or nothing. */
  readonly uri: string;
  readonly old: boolean;
  /** `files/UID` of somebody else: there, but empty and closed. */
  readonly foreign: boolean;
  readonly major: number;
}

/** A path in a home, as it was asked for. */
export class DavResource {
  readonly mount: Mount;
  /** As the client spelled them; echoed in hrefs. */
  readonly spelled: readonly string[];
  /** Names are stored in NFC whatever was sent (lib/private/Files/Filesystem.php, normalizePath). */
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

  /** Any address with this name fails before it is looked at (lib/private/Files/Storage/Local.php). */
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

  /** Sabre's address of the resource: `files/UID/a/b`. */
  get uri(): string {
    return [this.mount.uri, ...this.names].filter((part) => part !== '').join('/');
  }

  get node(): Node | undefined {
    if (this.mount.foreign) return undefined;
    return descend(this.home, this.names);
  }

  get parentNode(): Node | undefined {
    return descend(this.home, this.names.slice(0, -1));
  }

  get missing(): SabreError {
    if (this.mount.foreign) return notFound(`File not found: ${this.name} in '${this.mount.account.id}'`);
    if (this.mount.old) return noSuchFile(this.path.slice(1));
    // Before 30 a name at the top was reported with two slashes.
    const partial = this.names.slice(0, -1).some((name) => name.endsWith('.part'));
    if (partial && this.mount.major >= 30) return typeError();
    if (partial) return notFound(`Could not find node at path: ${this.uri}`);
    if (this.mount.major >= 30) return noSuchFile(this.path);
    // ... and below a missing folder that folder.
    const there = this.names.findIndex((_, depth) => !descend(this.home, this.names.slice(0, depth + 1)));
    return noSuchFile(there === 0 ? `//${this.names[0]}` : `/${this.names.slice(0, there + 1).join('/')}`);
  }

  /**
   * A missing `x.part` is there and is not: file id −1, no size, no etag
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

  /** Encoded, with the slash that Sabre puts after folders. */
  get href(): string {
    const path = this.spelled.map((name) => `/${encodeSegment(name)}`).join('');
    return `${this.mount.href}${path}${this.node?.type === 'file' || this.phantom ? '' : '/'}`;
  }
}

/** The address of a node below a mount, for hits that were not asked for by path. */
export function hrefOf(mount: Mount, node: Node): string {
  const names: string[] = [];
  for (let at: Node | undefined = node; at?.parent; at = at.parent) names.push(encodeSegment(at.name));
  const path = names.toReversed().join('/');
  if (node.type === 'file') return `${mount.href}/${path}`;
  return path === '' ? `${mount.href}/` : `${mount.href}/${path}/`;
}
