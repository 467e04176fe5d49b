import * as z from 'zod';
import { defineTool } from './define.ts';
import { limited, remotePath } from './parameters.ts';
import { keyValueText, rowsText } from './render/layout.ts';
import { listTrashItems, restoreTrashItem } from '../files/change/trash.ts';

export const listTrashTool = defineTool({
  name: 'list_trash',
  toolset: 'trash',
  effect: 'read',
  title: 'List the trash',
  summary: 'List what was deleted, the last first, with the place it was in.',
  input: { limit: limited('items', 1, 1000).default(100) },
  output: z.object({
    items: z.array(z.object({ item: z.string() })).readonly(),
    total: z.number(),
    complete: z.boolean(),
  }),
  text: ({ items, total }) => rowsText(items, `${items.length} of ${total} in the trash`),
  run: async ({ limit }, { workspace, signal }) => listTrashItems(workspace, limit, { signal }),
});

export const restoreFromTrashTool = defineTool({
  name: 'restore_from_trash',
  toolset: 'trash',
  effect: 'write',
  title: 'Restore from the trash',
  summary: 'Bring back something deleted, to its old place or to another free one.',
  input: {
    item: z.string().describe('item or file_id of list_trash, or the old path'),
    destination_path: remotePath('another place').optional(),
  },
  output: z.object({ path: z.string() }),
  text: (result) => `Restored\n${keyValueText(result)}`,
  run: async ({ item, destination_path }, { workspace, signal, changes }) =>
    restoreTrashItem(workspace, item, destination_path, { signal, changes }),
});
