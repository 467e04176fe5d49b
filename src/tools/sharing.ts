import * as z from 'zod';
import { defineTool } from './define.ts';
import { integer, readPath, remotePath, verbatim } from './parameters.ts';
import { countText, keyValueText, rowsText } from './render/layout.ts';
import { createShare, deleteShare, downloadLink, listShares, updateShare } from '../files/meta/shares.ts';

const share_id = z.string().describe('share_id of list_shares');
const can = z.enum(['read', 'edit']);
const terms = {
  password: z.string().optional().describe('for a link or e-mail'),
  expires: z.string().optional().describe('last day, YYYY-MM-DD'),
  note: z.string().optional(),
};
// An empty text removes what is there, so it is never taken for nothing.
const changedTerms = {
  password: verbatim('for a link or e-mail').optional(),
  expires: verbatim('last day, YYYY-MM-DD').optional(),
  note: verbatim().optional(),
};
const shared = z.object({ share_id: z.string(), path: z.string() });

export const listSharesTool = defineTool({
  name: 'list_shares',
  toolset: 'sharing',
  effect: 'read',
  title: 'List shares',
  summary: 'List who has access to a file or folder, or all that the person shares.',
  input: { file_path: readPath('path of a file or folder').optional() },
  output: z.object({
    shares: z.array(z.object({ share_id: z.string() })),
    total: z.number().optional(),
  }),
  text: ({ shares, total }) => rowsText(shares, `${countText(shares.length, total)} shares`),
  run: async ({ file_path }, { workspace, signal }) => listShares(workspace, file_path, { signal }),
});

export const createShareTool = defineTool({
  name: 'create_share',
  toolset: 'sharing',
  effect: 'write',
  title: 'Share',
  summary:
    'Share a file or folder with a user, a group, an e-mail address or by a public link. For reading only, unless can is edit.',
  input: {
    file_path: remotePath('path of a file or folder'),
    type: z.enum(['user', 'group', 'link', 'email']),
    share_with: z.string().optional().describe('user id, group or e-mail address'),
    can: can.default('read'),
    ...terms,
  },
  output: shared,
  text: (result) => `Shared\n${keyValueText(result)}`,
  run: async ({ file_path, type, share_with, ...rest }, { workspace, signal, changes }) =>
    createShare(workspace, file_path, { ...rest, type, shareWith: share_with }, { signal, changes }),
});

export const updateShareTool = defineTool({
  name: 'update_share',
  toolset: 'sharing',
  effect: 'destroy',
  title: 'Change a share',
  summary: 'Change what a share allows, its password, last day or note. An empty password or day removes it.',
  input: { share_id, can: can.optional(), ...changedTerms },
  output: shared,
  text: (result) => `Changed\n${keyValueText(result)}`,
  run: async ({ share_id: id, ...rest }, { workspace, signal, changes }) =>
    updateShare(workspace, id, rest, { signal, changes }),
});

export const deleteShareTool = defineTool({
  name: 'delete_share',
  toolset: 'sharing',
  effect: 'destroy',
  title: 'End a share',
  summary: 'End a share. The file itself stays.',
  input: { share_id },
  output: shared,
  text: (result) => `Ended\n${keyValueText(result)}`,
  run: async ({ share_id: id }, { workspace, signal, changes }) =>
    deleteShare(workspace, id, { signal, changes }),
});

export const getDownloadLinkTool = defineTool({
  name: 'get_download_link',
  toolset: 'links',
  effect: 'write',
  title: 'Make a download link',
  summary: 'Make an address from which anyone can download one file for some hours, without signing in.',
  input: { file_path: remotePath('path of the file'), hours: integer('until it ends', 1, 24).default(8) },
  output: z.object({ url: z.string(), expires: z.string() }),
  text: ({ url, expires }) => `${url}\nends ${expires}`,
  run: async ({ file_path, hours }, { workspace, signal, changes }) =>
    downloadLink(workspace, file_path, hours, { signal, changes }),
});
