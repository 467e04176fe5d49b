import type { Root } from '../../config/config.ts';
import { AppError } from '../../errors.ts';
import { DeniedPaths } from '../../glob/denied-paths.ts';
import { ROOT, within } from '../../path.ts';
import type { RemotePath } from '../../path.ts';

/** What the assistant may see and change: roots, read-only roots and denied globs. Fails closed. */
export class AccessPolicy {
  readonly #roots: readonly Root[];
  readonly #denied: DeniedPaths | undefined;

  constructor(roots: readonly Root[], deny: readonly string[]) {
    this.#roots = roots;
    this.#denied = deny.length === 0 ? undefined : new DeniedPaths(deny);
  }

  /** Whether paths can be hidden inside an allowed folder. */
  get hidesInside(): boolean {
    return this.#denied !== undefined;
  }

  /** Whether the path itself is allowed. */
  isAllowed(path: RemotePath): boolean {
    return !this.#isDenied(path) && this.#roots.some((root) => within(path, root.path));
  }

  /** Whether everything below a folder is allowed. */
  isWhollyVisible(folder: RemotePath): boolean {
    return !this.hidesInside && this.#roots.some((root) => within(folder, root.path));
  }

  /** Removes the size of a folder with hidden contents, because the sum would reveal them. */
  redact<R extends { readonly path: RemotePath; readonly folder: boolean; readonly size?: number }>(
    resource: R,
  ): R {
    if (!resource.folder || this.isWhollyVisible(resource.path)) return resource;
    const { size: _, ...rest } = resource;
    return rest as R;
  }

  /** The innermost folder that contains everything visible below this one. */
  narrow(folder: RemotePath): RemotePath {
    if (this.#roots.some((root) => within(folder, root.path))) return folder;
    const inside = this.#roots.filter((root) => within(root.path, folder));
    return inside.length === 1 ? (inside[0]?.path ?? folder) : folder;
  }

  /** Whether the path, or something below it, is allowed. */
  isVisible(path: RemotePath): boolean {
    return (
      !this.#isDenied(path) && this.#roots.some((root) => within(path, root.path) || within(root.path, path))
    );
  }

  /** @throws AppError `not_found`, as if the path did not exist */
  assertReadable(path: RemotePath): void {
    if (!this.isAllowed(path)) throw hidden(path);
  }

  /** Folders above a root can be listed too; they show only the path to it. */
  assertListable(path: RemotePath): void {
    if (!this.isVisible(path)) throw hidden(path);
  }

  /** @throws AppError `not_found` outside of the roots, `forbidden` where they are read-only */
  assertWritable(path: RemotePath): void {
    this.assertReadable(path);
    const innermost = this.#roots
      .filter((root) => within(path, root.path))
      .toSorted((a, b) => b.path.length - a.path.length || Number(b.readOnly) - Number(a.readOnly))[0];
    if (innermost?.readOnly)
      throw new AppError('forbidden', `${innermost.path} is set to read-only`, {
        hint: 'NEXTCLOUD_ROOTS marks it with ":ro".',
      });
  }

  /** A folder is moved or deleted with everything below it, so nothing there may be read-only or outside the roots. */
  assertRemovable(path: RemotePath): void {
    if (path === ROOT)
      throw new AppError('invalid_input', 'The home folder itself cannot be moved, copied or deleted', {
        hint: 'Name a file or folder in it.',
      });
    this.assertWritable(path);
    const inside = this.#roots.find((root) => root.readOnly && within(root.path, path));
    if (inside) throw new AppError('forbidden', `${inside.path}, which is set to read-only, lies in ${path}`);
  }

  #isDenied(path: RemotePath): boolean {
    return this.#denied?.covers(path.slice(1)) ?? false;
  }
}

function hidden(path: RemotePath): AppError {
  return new AppError('not_found', `${path} does not exist`, { remedy: { kind: 'list' } });
}
