import type { RemotePath } from '../path.ts';
import { runBatch } from './context/batch.ts';
import type { BatchItem } from './context/batch.ts';
import { readBytes } from './read/bytes.ts';
import type { ByteRange, Bytes } from './read/bytes.ts';
import { testConnection } from './health/connection.ts';
import type { Connection } from './health/connection.ts';
import type { ContentSearchOptions } from './search/content-search.ts';
import { deleteItems } from './change/delete.ts';
import type { Deleted } from './change/delete.ts';
import type { Downloaded } from './transfer/download.ts';
import type { EditOptions } from './write/edit.ts';
import { toDetailedEntry, withoutSums } from './entry.ts';
import type { DetailedEntry } from './entry.ts';
import { createFolder } from './write/create-folder.ts';
import type { Created } from './write/create-folder.ts';
import { resolveLink } from './context/link.ts';
import { listFolder } from './list/list.ts';
import type { LocalUploadOptions } from './transfer/local-transfer.ts';
import type { ListOptions, ListPage } from './list/list.ts';
import type { Reading, ReadOptions } from './read/reading.ts';
import { relocate } from './change/move-copy.ts';
import type { Pair, Relocated, RelocateOptions } from './change/move-copy.ts';
import { searchFiles } from './search/search.ts';
import type { SearchOptions, SearchPage } from './search/search.ts';
import type { Uploaded } from './write/send-content.ts';
import { stat } from './context/service.ts';
import type { Call, Service } from './context/service.ts';
import type { TransferSummary } from './transfer/transfer-counter.ts';
import type { Transfer } from './transfer/transfers.ts';
import { addComment, listComments } from './meta/comments.ts';
import { listTags, setFavorite, setTags } from './meta/tags.ts';
import type { Favorite, Labelled, TagChange } from './meta/tags.ts';
import { createShare, deleteShare, downloadLink, listShares, updateShare } from './meta/shares.ts';
import type { DirectLink, Shared, ShareTerms, ShareType } from './meta/shares.ts';
import { listTrashItems, restoreTrashItem } from './change/trash.ts';
import type { Restored, TrashPage } from './change/trash.ts';
import { listOldVersions, readOldVersion, restoreOldVersion } from './change/versions.ts';
import type { LineRange, RestoredVersion, VersionList } from './change/versions.ts';
import { uploadContent } from './write/upload.ts';
import type { UploadOptions } from './write/upload.ts';

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

  list(folder: RemotePath, options: ListOptions, call: Call): Promise<ListPage> {
    return listFolder(this.#service, folder, options, call);
  }

  infos(paths: readonly RemotePath[], call: Call): Promise<BatchItem<DetailedEntry>[]> {
    return runBatch(
      paths,
      (path) => path,
      async (path) => this.info(path, call),
    );
  }

  async info(path: RemotePath, call: Call): Promise<DetailedEntry> {
    const { policy, account } = this.#service;
    policy.assertListable(path);
    const entry = toDetailedEntry(await stat(this.#service, path, call), account.address);
    return policy.isWhollyVisible(path) ? entry : withoutSums(entry);
  }

  // What reads documents and pictures is loaded when the first file is read, not at the start.
  async read(path: RemotePath, options: ReadOptions, call: Call): Promise<Reading> {
    const { readFile } = await import('./read/reading.ts');
    return readFile(this.#service, path, options, call);
  }

  readBytes(path: RemotePath, range: ByteRange, call: Call): Promise<Bytes> {
    return readBytes(this.#service, path, range, call);
  }

  search(options: SearchOptions, call: Call): Promise<SearchPage> {
    return searchFiles(this.#service, options, call);
  }

  async searchContents(options: ContentSearchOptions, call: Call): Promise<Reading> {
    const { searchContents } = await import('./search/content-search.ts');
    return searchContents(this.#service, options, call);
  }

  /** Stores bytes that came with the call. */
  store(path: RemotePath, content: Uint8Array, options: UploadOptions, call: Call): Promise<Uploaded> {
    return uploadContent(this.#service, path, content, options, call);
  }

  /** Stores a file or folder of this computer, for as long as it takes. */
  async upload(
    path: RemotePath,
    localPath: string,
    options: LocalUploadOptions,
    call: Call,
  ): Promise<Uploaded | TransferSummary | Transfer> {
    const { uploadLocal } = await import('./transfer/local-transfer.ts');
    return uploadLocal(this.#service, path, localPath, options, call);
  }

  async edit(path: RemotePath, options: EditOptions, call: Call): Promise<Reading> {
    const { editFile } = await import('./write/edit.ts');
    return editFile(this.#service, path, options, call);
  }

  createFolder(path: RemotePath, call: Call): Promise<Created> {
    return createFolder(this.#service, path, call);
  }

  move(pairs: readonly Pair[], options: RelocateOptions, call: Call): Promise<BatchItem<Relocated>[]> {
    return relocate(this.#service, 'move', pairs, options, call);
  }

  copy(pairs: readonly Pair[], options: RelocateOptions, call: Call): Promise<BatchItem<Relocated>[]> {
    return relocate(this.#service, 'copy', pairs, options, call);
  }

  remove(
    paths: readonly RemotePath[],
    confirm: string | undefined,
    call: Call,
  ): Promise<BatchItem<Deleted>[]> {
    return deleteItems(this.#service, paths, confirm, call);
  }

  /** Stores a file or folder on this computer, for as long as it takes. */
  async download(
    path: RemotePath,
    localPath: string,
    overwrite: boolean,
    call: Call,
  ): Promise<Downloaded | TransferSummary | Transfer> {
    const { downloadLocal } = await import('./transfer/local-transfer.ts');
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
    return listTrashItems(this.#service, limit, call);
  }

  restoreFromTrash(item: string, to: RemotePath | undefined, call: Call): Promise<Restored> {
    return restoreTrashItem(this.#service, item, to, call);
  }

  listVersions(path: RemotePath, call: Call): Promise<VersionList> {
    return listOldVersions(this.#service, path, call);
  }

  readVersion(path: RemotePath, version: string, range: LineRange, call: Call): Promise<Reading> {
    return readOldVersion(this.#service, path, version, range, call);
  }

  restoreVersion(path: RemotePath, version: string, call: Call): Promise<RestoredVersion> {
    return restoreOldVersion(this.#service, path, version, call);
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
    this.#service.documents.close();
  }
}
