import * as z from 'zod';
import { parseDate } from '../files/search/dates.ts';
import type { EntryRow } from '../files/entry/entry.ts';
import { asDepth, listFolder } from '../files/list/list.ts';
import { defineTool } from './define.ts';
import { flag, integer, limited, optionalReadPath, readPathOrPaths, unlisted } from './parameters.ts';
import { connectionText, hitsText, listingText } from './render/layout.ts';
import type { Listed } from './render/layout.ts';
import { asList, batchResult, batchSchema, batchText } from './render/batch-result.ts';
import { testConnection } from '../files/health/connection.ts';
import { fileInfos } from '../files/list/file-info.ts';
import { searchFiles } from '../files/search/search.ts';

// What is always there; an entry has more.
const pageSchema = z.object({
  folder_path: z.string(),
  // The rest of a row comes along, without costing words in every list of tools.
  entries: z.array(z.object({ path: z.string() })) as unknown as z.ZodType<EntryRow[]>,
  total: z.number().optional(),
  complete: z.boolean(),
  next_cursor: z.string().optional(),
});

const sortBy = z.enum(['name', 'modified', 'size']);
const order = z.enum(['asc', 'desc']);
const type = z.enum(['all', 'file', 'directory']).default('all');
const limit = limited('0 counts', 0, 1000).default(100);
const cursor = z.string().optional().describe('from the last answer');

export const testConnectionTool = defineTool({
  name: 'test_connection',
  toolset: 'files',
  effect: 'read',
  title: 'Test the connection',
  summary: 'Check address, sign-in, space and features of the Nextcloud, and say how to fix what is wrong.',
  input: {},
  output: z.object({
    ok: z.boolean(),
    checks: z.array(z.object({ name: z.string(), ok: z.boolean() })).readonly(),
  }),
  text: connectionText,
  run: async (_input, { workspace, signal }) => testConnection(workspace, { signal }),
});

export const listFilesTool = defineTool({
  name: 'list_files',
  toolset: 'files',
  effect: 'read',
  title: 'List a folder',
  summary:
    'List a folder with sizes and dates. depth above 1 shows the tree below. Use search_files to find by name.',
  input: {
    folder_path: optionalReadPath('path from "/"', '/'),
    depth: limited('levels below the folder', 1, 5).default(1),
    type,
    sort_by: sortBy.default('name'),
    order: order.default('asc'),
    limit,
    cursor,
  },
  // The depth comes along, too.
  output: pageSchema as unknown as z.ZodType<Listed & { readonly depth: number }>,
  text: (page) => listingText(page, page.depth),
  run: async (input, { workspace, signal }) => {
    const { folder_path, depth, sort_by, ...rest } = input;
    const page = await listFolder(
      workspace,
      folder_path,
      { ...rest, depth: asDepth(depth), sortBy: sort_by },
      { signal },
    );
    return { ...page, depth };
  },
});

export const getFileInfoTool = defineTool({
  name: 'get_file_info',
  toolset: 'files',
  effect: 'read',
  title: 'Show a file or folder',
  summary:
    'Everything known about a file or folder: dates, etag, owner, permissions, tags, shares, lock, web page.',
  input: { file_path: readPathOrPaths('file or folder') },
  output: batchSchema.omit({ confirm: true }),
  text: batchText(''),
  run: async ({ file_path }, { workspace, signal }) =>
    batchResult(file_path, await fileInfos(workspace, asList(file_path), { signal })),
});

export const searchFilesTool = defineTool({
  name: 'search_files',
  toolset: 'files',
  effect: 'read',
  title: 'Find files',
  summary:
    'Find files and folders below a folder by name, type, size, date, tag or favorite. Without a query the newest come first. Names only, not contents.',
  input: {
    query: z.string().default('').describe('part of a name, or a glob such as *.pdf or invoices/2026-*'),
    folder_path: optionalReadPath('where to search', '/'),
    type,
    mime_type: z.string().optional().describe('image/* or a full type'),
    min_size: integer('bytes', 0, 2 ** 50).optional(),
    max_size: integer('bytes', 0, 2 ** 50).optional(),
    modified_after: z.string().optional().describe('2026-01-31, 2026-01, today or 7d'),
    modified_before: z.string().optional(),
    favorite: flag('favorites only'),
    tag: z.string().optional(),
    owner: z.string().optional().describe('user id, or me'),
    sort_by: sortBy.optional(),
    order: order.optional(),
    limit,
    cursor,
  },
  output: pageSchema,
  text: hitsText,
  run: async (input, { workspace, signal }) => {
    const { folder_path, mime_type, min_size, max_size, modified_after, modified_before, ...rest } = input;
    const now = Date.now();
    const {
      folder_path: _,
      type: kind,
      sort_by,
      order: direction,
      limit: __,
      cursor: ___,
      ...filters
    } = input;
    // Asked for nothing in particular: the newest files. Folders are as new as the newest in them.
    const newest = Object.values(filters).every(
      (filter) => filter === undefined || filter === '' || filter === false,
    );
    const sort = sort_by ?? (input.query === '' ? 'modified' : 'name');
    return searchFiles(
      workspace,
      {
        ...rest,
        type: newest && kind === 'all' ? 'file' : kind,
        folder: folder_path,
        mime: mime_type,
        minSize: min_size,
        maxSize: max_size,
        after: modified_after === undefined ? undefined : parseDate(modified_after, now),
        before: modified_before === undefined ? undefined : parseDate(modified_before, now),
        sortBy: sort,
        order: direction ?? (sort === 'name' ? 'asc' : 'desc'),
      },
      { signal },
    );
  },
});

export const searchFileContentsTool = defineTool({
  name: 'search_file_contents',
  toolset: 'files',
  effect: 'read',
  title: 'Search in files',
  summary:
    'Find lines in all files below a folder, or in one file: text of any size, mail, PDF, Office, e-books, archives. The number of a match is the offset for read_file, or with @ its at.',
  input: {
    pattern: z.string().describe('words: all of these, word* for a prefix; regex: RE2'),
    match: z.enum(['text', 'words', 'regex']).default('text'),
    folder_path: optionalReadPath('where to search', '/'),
    file_glob: z.string().default('').describe('such as *.md'),
    case_sensitive: flag(),
    newest_first: flag('last lines first'),
    context_lines: limited(undefined, 0, 10).default(1),
    limit: limited('0 counts', 0, 1000).default(100),
    cursor,
    regex: unlisted(flag()),
  },
  run: async (input, { workspace, signal, report }) => {
    const { folder_path, file_glob, case_sensitive, context_lines, newest_first, regex, ...rest } = input;
    const { searchContents } = await import('../files/contents/search-contents.ts');
    return searchContents(
      workspace,
      {
        ...rest,
        match: regex ? 'regex' : rest.match,
        folder: folder_path,
        fileGlob: file_glob,
        caseSensitive: case_sensitive,
        contextLines: context_lines,
        newestFirst: newest_first,
      },
      { signal, report },
    );
  },
});
