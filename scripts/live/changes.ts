import type { ToolName } from '../../src/tools/catalogue.ts';
import type { Bench } from '../../test/support/bench.ts';
import type { Witness } from '../../test/support/witness.ts';

/** What looks past the fault, and a folder for one case. */
export interface Stand {
  readonly eye: Bench;
  readonly witness: Witness;
  readonly folder: string;
}

/** A change of which it can be counted how often it was made. */
export interface Change {
  readonly tool: ToolName;
  /** The verb that does the work. */
  readonly verb: string;
  /** Puts there what is to be changed, and gives the arguments of the call. */
  readonly prepare: (stand: Stand) => Promise<Record<string, unknown>>;
  /** Undefined where it cannot be counted. */
  readonly times: (stand: Stand) => Promise<number | undefined>;
}

type Data = Readonly<Record<string, unknown>>;

const fileIn = (folder: string): string => `${folder}/a.txt`;
const shareWith = process.env['SHARE_WITH'] ?? 'bob';

async function ask(eye: Bench, name: ToolName, args: Data): Promise<Data> {
  const { isError, text, data } = await eye.call(name, args);
  if (isError) throw new Error(`${name}: ${text}`);
  return data;
}

async function file({ witness, folder }: Stand): Promise<{ file_path: string }> {
  await witness.put(fileIn(folder), 'one line\nend\n');
  return { file_path: fileIn(folder) };
}

const there = async ({ witness, folder }: Stand, name: string): Promise<number> =>
  (await witness.list(folder)).includes(name) ? 1 : 0;

const sharesOf = async ({ eye, folder }: Stand): Promise<readonly Data[]> =>
  (await ask(eye, 'list_shares', { file_path: fileIn(folder) }))['shares'] as Data[];

const trashOf = async ({ eye, folder }: Stand): Promise<number> =>
  ((await ask(eye, 'list_trash', {}))['items'] as Data[]).filter(({ path }) => path === fileIn(folder))
    .length;

async function share(stand: Stand): Promise<{ share_id: unknown }> {
  const made = await ask(stand.eye, 'create_share', { ...(await file(stand)), type: 'link' });
  return { share_id: made['share_id'] };
}

export const changes: readonly Change[] = [
  {
    tool: 'upload_file',
    verb: 'PUT',
    prepare: async ({ witness, folder }) => {
      await witness.makeFolder(folder);
      return { file_path: fileIn(folder), content: 'new' };
    },
    times: async (stand) => there(stand, 'a.txt'),
  },
  {
    tool: 'edit_file',
    verb: 'PUT',
    prepare: async (stand) => ({
      ...(await file(stand)),
      edits: [{ old_text: 'end', new_text: 'more\nend' }],
    }),
    times: async ({ witness, folder }) =>
      ((await witness.get(fileIn(folder)))?.toString().split('more').length ?? 0) - 1,
  },
  {
    tool: 'create_folder',
    verb: 'MKCOL',
    prepare: async ({ witness, folder }) => {
      await witness.makeFolder(folder);
      return { folder_path: `${folder}/new` };
    },
    times: async (stand) => there(stand, 'new'),
  },
  {
    tool: 'move_file',
    verb: 'MOVE',
    prepare: async (stand) => {
      const { file_path } = await file(stand);
      return { source_path: file_path, destination_path: `${stand.folder}/b.txt` };
    },
    times: async (stand) => there(stand, 'b.txt'),
  },
  {
    tool: 'copy_file',
    verb: 'COPY',
    prepare: async (stand) => {
      const { file_path } = await file(stand);
      return { source_path: file_path, destination_path: `${stand.folder}/b.txt` };
    },
    times: async (stand) => there(stand, 'b.txt'),
  },
  { tool: 'delete_file', verb: 'DELETE', prepare: file, times: trashOf },
  {
    tool: 'restore_from_trash',
    verb: 'MOVE',
    prepare: async (stand) => {
      await ask(stand.eye, 'delete_file', await file(stand));
      return { item: fileIn(stand.folder) };
    },
    times: async (stand) => there(stand, 'a.txt'),
  },
  {
    tool: 'restore_version',
    verb: 'MOVE',
    prepare: async (stand) => {
      const { eye, witness, folder } = stand;
      const { file_path } = await file(stand);
      // Versions are told apart by the second in which they were written.
      await new Promise((resolve) => setTimeout(resolve, 1_100));
      await witness.put(fileIn(folder), 'another text');
      const { versions } = await ask(eye, 'list_versions', { file_path });
      const older = (versions as Data[]).find(({ size }) => size === 'one line\nend\n'.length);
      return { file_path, version: older?.['version'] };
    },
    times: async ({ witness, folder }) =>
      (await witness.get(fileIn(folder)))?.toString() === 'one line\nend\n' ? 1 : 0,
  },
  {
    tool: 'set_tags',
    verb: 'POST',
    prepare: async (stand) => ({ ...(await file(stand)), add: [stand.folder.replaceAll('/', ' ').trim()] }),
    times: async ({ eye, folder }) => {
      const name = folder.replaceAll('/', ' ').trim();
      const { tags } = await ask(eye, 'list_tags', {});
      return (tags as string[]).filter((tag) => tag === name).length;
    },
  },
  {
    tool: 'set_favorite',
    verb: 'PROPPATCH',
    prepare: async (stand) => ({ ...(await file(stand)), favorite: true }),
    times: async ({ eye, folder }) =>
      (await ask(eye, 'get_file_info', { file_path: fileIn(folder) }))['favorite'] === true ? 1 : 0,
  },
  {
    tool: 'add_comment',
    verb: 'POST',
    prepare: async (stand) => ({ ...(await file(stand)), message: 'Please read this' }),
    times: async ({ eye, folder }) =>
      (await eye.call('list_comments', { file_path: fileIn(folder) })).text.split('Please read this').length -
      1,
  },
  {
    // Links for downloads are not listed anywhere: the answer alone is judged.
    tool: 'get_download_link',
    verb: 'POST',
    prepare: file,
    times: async () => Promise.resolve(undefined),
  },
  {
    tool: 'create_share',
    verb: 'POST',
    prepare: async (stand) => ({ ...(await file(stand)), type: 'link' }),
    times: async (stand) => (await sharesOf(stand)).length,
  },
  {
    tool: 'create_share',
    verb: 'POST',
    prepare: async (stand) => ({ ...(await file(stand)), type: 'user', share_with: shareWith }),
    times: async (stand) => (await sharesOf(stand)).length,
  },
  {
    tool: 'update_share',
    verb: 'PUT',
    prepare: async (stand) => ({ ...(await share(stand)), note: 'For you', expires: '2099-01-05' }),
    times: async (stand) => ((await sharesOf(stand))[0]?.['expires'] === '2099-01-05' ? 1 : 0),
  },
  {
    tool: 'delete_share',
    verb: 'DELETE',
    prepare: share,
    times: async (stand) => ((await sharesOf(stand)).length === 0 ? 1 : 0),
  },
];
