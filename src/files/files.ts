import type { RemotePath } from '../path.ts';
import { readBytes } from './bytes.ts';
import type { ByteRange, Bytes } from './bytes.ts';
import { testConnection } from './connection.ts';
import type { Connection } from './connection.ts';
import type { ContentSearchOptions } from './content-search.ts';
import { remove } from './deletion.ts';
import type { Deleted } from './deletion.ts';
import type { Downloaded } from './download.ts';
import { toDetailedEntry } from './entry.ts';
import type { DetailedEntry, Entry } from './entry.ts';
import { createFolder } from './folder.ts';
import type { Created } from './folder.ts';
import { resolveLink } from './link.ts';
import { list } from './list.ts';
import type { ListOptions, Page } from './list.ts';
import type { Reading, ReadOptions } from './reading.ts';
import { relocate } from './relocation.ts';
import { search } from './search.ts';
import type { SearchOptions, SearchPage } from './search.ts';
import type { Uploaded } from './sending.ts';
import { stat } from './service.ts';
import type { Call, Service } from './service.ts';
import type { Summary } from './summary.ts';
import type { Transfer } from './transfers.ts';
import { upload } from './upload.ts';
import type { UploadOptions } from './upload.ts';

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

  async info(path: RemotePath, call: Call): Promise<DetailedEntry> {
    this.#service.fence.allowListing(path);
    return toDetailedEntry(await stat(this.#service, path, call), this.#service.account.address);
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
    options: UploadOptions,
    call: Call,
  ): Promise<Uploaded | Summary | Transfer> {
    const { uploadLocal } = await import('./local-transfer.ts');
    return uploadLocal(this.#service, path, localPath, options, call);
  }

  createFolder(path: RemotePath, call: Call): Promise<Created> {
    return createFolder(this.#service, path, call);
  }

  move(from: RemotePath, to: RemotePath, overwrite: boolean, call: Call): Promise<Entry> {
    return relocate(this.#service, 'move', from, to, overwrite, call);
  }

  copy(from: RemotePath, to: RemotePath, overwrite: boolean, call: Call): Promise<Entry> {
    return relocate(this.#service, 'copy', from, to, overwrite, call);
  }

  remove(path: RemotePath, call: Call): Promise<Deleted> {
    return remove(this.#service, path, call);
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

  /** A pasted address as a path; a path as it is. */
  resolve(text: string, call: Call): Promise<string> {
    return resolveLink(this.#service, text, call);
  }

  async close(): Promise<void> {
    await this.#service.transfers.close();
    this.#service.shelf.close();
  }
}
