import * as z from 'zod';
import { defineTool } from './define.ts';
import { limited, readPath, remotePath } from './parameters.ts';
import { keyValueText } from './render/layout.ts';
import { addComment, listComments } from '../files/meta/comments.ts';
import { listTags, setFavorite, setTags } from '../files/meta/tags.ts';

const file_path = remotePath('path of a file or folder');
const names = z.array(z.string()).default([]);

export const listTagsTool = defineTool({
  name: 'list_tags',
  toolset: 'tags',
  effect: 'read',
  title: 'List tags',
  summary: 'List the tags of this Nextcloud. search_files with tag finds what has one.',
  input: {},
  output: z.object({ tags: z.array(z.string()), total: z.number().optional() }),
  text: ({ tags, total }) =>
    tags.length === 0
      ? 'No tags yet'
      : [...(total === undefined ? [] : [`${tags.length} of ${total} tags`]), ...tags].join('\n'),
  run: async (_input, { workspace, signal }) => listTags(workspace, { signal }),
});

export const setTagsTool = defineTool({
  name: 'set_tags',
  toolset: 'tags',
  effect: 'write',
  title: 'Set tags',
  summary: 'Add tags to a file or folder and remove tags from it, by name. Tags are seen by all users.',
  input: { file_path, add: names, remove: names },
  output: z.object({ path: z.string(), tags: z.array(z.string()).readonly() }),
  text: (result) => `Tagged\n${keyValueText(result)}`,
  run: async ({ file_path: path, ...tags }, { workspace, signal, changes }) =>
    setTags(workspace, path, tags, { signal, changes }),
});

export const setFavoriteTool = defineTool({
  name: 'set_favorite',
  toolset: 'tags',
  effect: 'write',
  title: 'Set favorite',
  summary: 'Mark a file or folder as a favorite, or take the mark away.',
  input: { file_path, favorite: z.boolean().default(true) },
  output: z.object({ path: z.string(), favorite: z.boolean() }),
  text: (result) => `Marked\n${keyValueText(result)}`,
  run: async ({ file_path: path, favorite }, { workspace, signal, changes }) =>
    setFavorite(workspace, path, favorite, { signal, changes }),
});

export const listCommentsTool = defineTool({
  name: 'list_comments',
  toolset: 'comments',
  effect: 'read',
  title: 'List comments',
  summary: 'Read the comments on a file or folder, newest first.',
  input: { file_path: readPath('path of a file or folder'), limit: limited('comments', 1, 1000).default(50) },
  run: async ({ file_path: path, limit }, { workspace, signal }) =>
    listComments(workspace, path, limit, { signal }),
});

export const addCommentTool = defineTool({
  name: 'add_comment',
  toolset: 'comments',
  effect: 'write',
  title: 'Comment',
  summary: 'Write a comment on a file or folder, in the name of the person. Others with access see it.',
  input: { file_path, message: z.string().describe('up to 1000 characters') },
  output: z.object({ path: z.string() }),
  text: (result) => `Commented\n${keyValueText(result)}`,
  run: async ({ file_path: path, message }, { workspace, signal, changes }) =>
    addComment(workspace, path, message, { signal, changes }),
});
