import { oneCall } from './attack.ts';
import type { Group, Prepare } from './attack.ts';

const FILES = 10_000;
const LEVELS = 2000;

const wide: Prepare = (home) => {
  if (home.exists('/wide')) return;
  for (let index = 0; index < FILES; index++) home.put(`/wide/file ${index}.txt`, 'x');
};
const large: Prepare = (home) => {
  if (home.exists('/large')) return;
  for (let index = 0; index < FILES; index++)
    home.put(`/large/${index % 20}/${index % 500}/file ${index}.txt`, 'x');
};
const deep: Prepare = (home) => home.put(`${'/a'.repeat(500)}/file.txt`, 'x');
const hundred = Array.from({ length: 100 }, (_, index) => `/wide/file ${index}.txt`);

export const trees: Group = {
  attacks: [
    oneCall('plan to delete 10,000 files', 'delete_file', { file_path: '/wide' }, { prepare: wide }),
    oneCall('plan to delete 500 folders', 'delete_file', { file_path: '/large' }, { prepare: large }),
    oneCall('plan to delete 500 levels', 'delete_file', { file_path: '/a' }, { prepare: deep }),
    oneCall('delete 100 files', 'delete_file', { paths: hundred }, { prepare: wide }),
    oneCall(
      'copy 10,000 files',
      'copy_file',
      { source_path: '/large', destination_path: '/copy' },
      { prepare: large },
    ),
    oneCall(
      'move 10,000 files',
      'move_file',
      { source_path: '/large', destination_path: '/moved' },
      { prepare: large },
    ),
    oneCall(
      'copy with rules of access',
      'copy_file',
      { source_path: '/large', destination_path: '/copy 2' },
      {
        prepare: large,
        env: { NEXTCLOUD_DENY: '**/secret*,**/*.{key,pem}' },
      },
    ),
    oneCall('a folder with 2,000 levels', 'create_folder', { folder_path: '/new'.repeat(LEVELS) }),
    oneCall('a folder with 500 levels', 'create_folder', { folder_path: '/new'.repeat(500) }),
    oneCall(
      '500 levels below what is there',
      'create_folder',
      { folder_path: `${'/a'.repeat(500)}/b` },
      { prepare: deep },
    ),
    oneCall('list 500 levels', 'list_files', { folder_path: '/a', depth: 10 }, { prepare: deep }),
    oneCall(
      'list 10,000 files in 500 folders',
      'list_files',
      { folder_path: '/large', depth: 10, limit: 1000 },
      { prepare: large },
    ),
    oneCall('information on 10,000 files', 'get_file_info', { file_path: '/large' }, { prepare: large }),
    oneCall('information on 100 files', 'get_file_info', { paths: hundred }, { prepare: wide }),
    oneCall(
      'download 10,000 files',
      'download_file',
      { remote_path: '/wide', local_path: 'wide' },
      { prepare: wide },
    ),
    oneCall(
      'download 500 folders',
      'download_file',
      { remote_path: '/large', local_path: 'large' },
      { prepare: large },
    ),
    oneCall(
      'upload 10,000 files',
      'upload_file',
      { remote_path: '/up', source_path: 'wide' },
      { prepare: wide },
    ),
  ],
};
