import assert from 'node:assert/strict';
import { ConfirmationRequired } from '../../src/files/context/confirm-tokens.ts';
import { parsePath } from '../../src/path.ts';
import { openWorkspace } from '../../test/support/workspace.ts';
import { mimeOf, plan } from '../../test/files/search/forest.ts';
import type { Tree } from '../../test/files/search/forest.ts';
import { question, truth } from '../../test/files/search/truth.ts';
import { walk } from '../../test/support/walk.ts';
import { deleteItems } from '../../src/files/change/delete.ts';
import { fileInfo } from '../../src/files/list/file-info.ts';
import { searchFiles } from '../../src/files/search/search.ts';
import { createFolder } from '../../src/files/write/create-folder.ts';
import { uploadFile } from '../../src/files/write/upload.ts';
import { realLogin } from './variables.ts';

/**
 * A hundred questions to a real Nextcloud, in a folder that is removed afterwards. Takes
 * `NEXTCLOUD_URL`, `NEXTCLOUD_USERNAME` and `NEXTCLOUD_PASSWORD`.
 */
const { url, username, password } = realLogin();
const account = {
  NEXTCLOUD_USERNAME: username,
  NEXTCLOUD_PASSWORD: password,
  NEXTCLOUD_CACHE_SEARCH_SECONDS: '0',
};
const { workspace, close } = openWorkspace(url, account);
const top = parsePath(`/find-${process.pid}`);
const within = (path: string): ReturnType<typeof parsePath> => parsePath(top + (path === '/' ? '' : path));

try {
  const trees = await plant();
  let hits = 0;
  for (let number = 0; number < 100; number++) {
    const asked = { ...question(number, trees), favorite: false, tag: undefined };
    const real = { ...asked, folder: within(asked.folder) };
    const { paths } = await walk((cursor) => searchFiles(workspace, { ...real, cursor }, {}));
    const found = paths.map((path) => path.slice(top.length));
    assert.deepEqual(found.toSorted(), truth(asked, trees).toSorted(), JSON.stringify(asked));
    hits += found.length;
  }
  console.log(`100 questions about ${trees.length} files and folders, ${hits} hits, all as they must be`);
} finally {
  await deleteItems(workspace, [top], undefined, {}).catch(agree);
  await close();
}

async function agree(error: unknown): Promise<void> {
  if (!(error instanceof ConfirmationRequired)) throw error;
  await deleteItems(workspace, [top], error.token, {});
}

async function plant(): Promise<Tree[]> {
  const planned = plan(80);
  for (const folder of planned.folders) await createFolder(workspace, within(folder), {});
  for (const { path, size, mtime } of planned.files)
    await uploadFile(
      workspace,
      { path: within(path), content: Buffer.alloc(size, 'x'), overwrite: false, modified: mtime * 1000 },
      {},
    );
  const nothing = { favorite: false, tagged: false };
  const sizeOf = (folder: string): number =>
    planned.files
      .filter(({ path }) => path.startsWith(`${folder}/`))
      .reduce((sum, { size }) => sum + size, 0);
  const folders = planned.folders.map(async (path): Promise<Tree> => {
    const { modified = '' } = await fileInfo(workspace, within(path), {});
    const mtime = Date.parse(modified) / 1000;
    return { path, folder: true, size: sizeOf(path), mtime, mime: 'httpd/unix-directory', ...nothing };
  });
  const plain = planned.files.map((file): Tree => ({
    ...file,
    folder: false,
    mime: mimeOf(file.path),
    ...nothing,
  }));
  return [...(await Promise.all(folders)), ...plain];
}
