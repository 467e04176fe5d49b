import * as z from 'zod';
import { defineTool } from './define.ts';
import { integer, limited, readPath, remotePath } from './parameters.ts';
import { countText, keyValueText, rowsText } from './render/layout.ts';
import { listOldVersions, readOldVersion, restoreOldVersion } from '../files/change/versions.ts';

const version = z.string().describe('version of list_versions');
const file_path = readPath('path of the file');

export const listVersionsTool = defineTool({
  name: 'list_versions',
  toolset: 'versions',
  effect: 'read',
  title: 'List old versions',
  summary: 'List the older contents of a file that Nextcloud keeps, newest first.',
  input: { file_path },
  output: z.object({
    path: z.string(),
    versions: z.array(z.object({ version: z.string() })).readonly(),
    total: z.number().optional(),
  }),
  text: ({ path, versions, total }) =>
    rowsText(versions, `${path}: ${countText(versions.length, total)} old versions`),
  run: async (input, { workspace, signal }) => listOldVersions(workspace, input.file_path, { signal }),
});

export const readVersionTool = defineTool({
  name: 'read_version',
  toolset: 'versions',
  effect: 'read',
  title: 'Read an old version',
  summary: 'Read an old version of a text file by lines.',
  input: {
    file_path,
    version,
    offset: integer('first line', 1, 1e9).default(1),
    limit: limited('lines', 1, 100_000).default(2000),
  },
  run: async ({ file_path: path, version: id, ...range }, { workspace, signal }) =>
    readOldVersion(workspace, { path, version: id }, range, { signal }),
});

export const restoreVersionTool = defineTool({
  name: 'restore_version',
  toolset: 'versions',
  effect: 'destroy',
  title: 'Restore an old version',
  summary: 'Make an old version of a file the present one. The present one becomes an old version.',
  input: { file_path: remotePath('path of the file'), version },
  output: z.object({ path: z.string() }),
  text: (result) => `Restored\n${keyValueText(result)}`,
  run: async (input, { workspace, signal, changes }) =>
    restoreOldVersion(workspace, { path: input.file_path, version: input.version }, { signal, changes }),
});
