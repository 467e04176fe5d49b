import type { RemotePath } from '../path.ts';
import { each } from './batch.ts';
import type { Item } from './batch.ts';
import { readBytes } from './bytes.ts';
import type { ByteRange, Bytes } from './bytes.ts';
import { testConnection } from './connection.ts';
import type { Connection } from './connection.ts';
import type { ContentSearchOptions } from './content-search.ts';
import { remove } from './deletion.ts';
import type { Deleted } from './deletion.ts';
import type { Downloaded } from './download.ts';
import type { EditOptions } from './edit.ts';
import { toDetailedEntry, withoutSums } from './entry.ts';
import type { DetailedEntry } from './entry.ts';
import { createFolder } from './folder.ts';
import type { Created } from './folder.ts';
import { resolveLink } from './link.ts';
import { list } from './list.ts';
import type { LocalUploadOptions } from './local-transfer.ts';
import type { ListOptions, Page } from './list.ts';
import type { Reading, ReadOptions } from './reading.ts';
import { relocate } from './relocation.ts';
import type { Pair, Relocated, RelocateOptions } from './relocation.ts';
import { search } from './search.ts';
import type { SearchOptions, SearchPage } from './search.ts';
import type { Uploaded } from './sending.ts';
import { stat } from './service.ts';
import type { Call, Service } from './service.ts';
import type { Summary } from './summary.ts';
import type { Transfer } from './transfers.ts';
import { addComment, listComments } from './comments.ts';
import { listTags, setFavorite, setTags } from './labels.ts';
import type { Favorite, Labelled, TagChange } from './labels.ts';
import { createShare, deleteShare, downloadLink, listShares, updateShare } from './shares.ts';
import type { DirectLink, Shared, ShareTerms, ShareType } from './shares.ts';
import { listTrash, restore } from './trash.ts';
import type { Restored, TrashPage } from './trash.ts';
import { listVersions, readOld, restoreOld } from './versions.ts';
import type { LineRange, RestoredVersion, Versions } from './versions.ts';
import { upload } from './upload.ts';
import type { UploadOptions } from './upload.ts';

/** What a server may lack. */
export type Need = 'trash' | 'versions' | 'tags' | 'comments' | 'sharing';

/** What can be done with one account's files. Every method throws AppError and nothing else that is expected. */
export class Files {
  readonly #service: Service;

  constructor(service: Service) {
    this.#service = service;
  }

  test(call: Call): Promise<Connection> {
    return testConnection(this.#service, call);
  }

  list(folder: RemotePath, options: ListOptions, call: Call): Promise<Page> {
    return list(this.#service, folder, options, call);
  }

  infos(paths: readonly RemotePath[], call: Call): Promise<Item<DetailedEntry>[]> {
    return each(
      paths,
      (path) => path,
      async (path) => this.info(path, call),
    );
  }

  async info(path: RemotePath, call: Call): Promise<DetailedEntry> {
    const { fence, account } = this.#service;
    fence.allowListing(path);
    const entry = toDetailedEntry(await stat(this.#service, path, call), account.address);
    return fence.showsAll(path) ? entry : withoutSums(entry);
  }

  // What reads documents and pictures is loaded when the first file is read, not at the start.
  async read(path: RemotePath, options: ReadOptions, call: Call): Promise<Reading> {
    const { read } = await import('./reading.ts');
    return read(this.#service, path, options, call);
  }

  readBytes(path: RemotePath, range: ByteRange, call: Call): Promise<Bytes> {
    return readBytes(this.#service, path, range, call);
  }

  search(options: SearchOptions, call: Call): Promise<SearchPage> {
    return search(this.#service, options, call);
  }

  async searchContents(options: ContentSearchOptions, call: Call): Promise<Reading> {
    const { searchContents } = await import('./content-search.ts');
    return searchContents(this.#service, options, call);
  }

  /** Stores bytes that came with the call. */
  store(path: RemotePath, content: Uint8Array, options: UploadOptions, call: Call): Promise<Uploaded> {
    return upload(this.#service, path, content, options, call);
  }

  /** Stores a file or folder of this computer, for as long as it takes. */
  async upload(
    path: RemotePath,
    localPath: string,
    options: LocalUploadOptions,
    call: Call,
  ): Promise<Uploaded | Summary | Transfer> {
    const { uploadLocal } = await import('./local-transfer.ts');
    return uploadLocal(this.#service, path, localPath, options, call);
  }

  async edit(path: RemotePath, options: EditOptions, call: Call): Promise<Reading> {
    const { edit } = await import('./edit.ts');
    return edit(this.#service, path, options, call);
  }

  createFolder(path: RemotePath, call: Call): Promise<Created> {
    return createFolder(this.#service, path, call);
  }

  move(pairs: readonly Pair[], options: RelocateOptions, call: Call): Promise<Item<Relocated>[]> {
    return relocate(this.#service, 'move', pairs, options, call);
  }

  copy(pairs: readonly Pair[], options: RelocateOptions, call: Call): Promise<Item<Relocated>[]> {
    return relocate(this.#service, 'copy', pairs, options, call);
  }

  remove(paths: readonly RemotePath[], confirm: string | undefined, call: Call): Promise<Item<Deleted>[]> {
    return remove(this.#service, paths, confirm, call);
  }

  /** Stores a file or folder on this computer, for as long as it takes. */
  async download(
    path: RemotePath,
    localPath: string,
    overwrite: boolean,
    call: Call,
  ): Promise<Downloaded | Summary | Transfer> {
    const { downloadLocal } = await import('./local-transfer.ts');
    return downloadLocal(this.#service, path, localPath, overwrite, call);
  }

  /** How the transfers stand that went on in the background, or one of them. */
  async transfers(id: string | undefined, waitMs: number, cancel: boolean, call: Call): Promise<Transfer[]> {
    const { transfers, journal, account } = this.#service;
    if (id !== undefined) return cancel ? transfers.cancel(id) : transfers.status(id, waitMs, call);
    return transfers.all(waitMs, await journal.unfinished(account.name), call);
  }

  /** Whether the server has what a toolset needs; when it does not say, it is tried. */
  async has(need: Need): Promise<boolean> {
    const found = await this.#service.capabilities({}).catch(() => undefined);
    return found?.[need] ?? true;
  }

  listTrash(limit: number, call: Call): Promise<TrashPage> {
    return listTrash(this.#service, limit, call);
  }

  restoreFromTrash(item: string, to: RemotePath | undefined, call: Call): Promise<Restored> {
    return restore(this.#service, item, to, call);
  }

  listVersions(path: RemotePath, call: Call): Promise<Versions> {
    return listVersions(this.#service, path, call);
  }

  readVersion(path: RemotePath, version: string, range: LineRange, call: Call): Promise<Reading> {
    return readOld(this.#service, path, version, range, call);
  }

  restoreVersion(path: RemotePath, version: string, call: Call): Promise<RestoredVersion> {
    return restoreOld(this.#service, path, version, call);
  }

  listTags(call: Call): Promise<{ tags: string[] }> {
    return listTags(this.#service, call);
  }

  setTags(path: RemotePath, tags: TagChange, call: Call): Promise<Labelled> {
    return setTags(this.#service, path, tags, call);
  }

  setFavorite(path: RemotePath, favorite: boolean, call: Call): Promise<Favorite> {
    return setFavorite(this.#service, path, favorite, call);
  }

  listComments(path: RemotePath, limit: number, call: Call): Promise<Reading> {
    return listComments(this.#service, path, limit, call);
  }

  addComment(path: RemotePath, message: string, call: Call): Promise<{ path: string; undo: string }> {
    return addComment(this.#service, path, message, call);
  }

  listShares(path: RemotePath | undefined, call: Call): Promise<{ shares: Shared[] }> {
    return listShares(this.#service, path, call);
  }

  createShare(
    path: RemotePath,
    type: ShareType,
    who: string | undefined,
    terms: ShareTerms,
    call: Call,
  ): Promise<Shared> {
    return createShare(this.#service, path, type, who, terms, call);
  }

  updateShare(id: string, terms: ShareTerms, call: Call): Promise<Shared> {
    return updateShare(this.#service, id, terms, call);
  }

  deleteShare(id: string, call: Call): Promise<Shared> {
    return deleteShare(this.#service, id, call);
  }

  downloadLink(path: RemotePath, hours: number, call: Call): Promise<DirectLink> {
    return downloadLink(this.#service, path, hours, call);
  }

  /** A pasted address as a path; a path as it is. */
  resolve(text: string, call: Call): Promise<string> {
    return resolveLink(this.#service, text, call);
  }

  async close(): Promise<void> {
    await this.#service.transfers.close();
    this.#service.shelf.close();
  }
}
