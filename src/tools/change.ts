import * as z from 'zod';
import { AppError } from '../errors.ts';
import { parseDate } from '../files/search/dates.ts';
import { nextSlice, sliceIsOver } from '../time-slices.ts';
import { defineTool } from './define.ts';
import { confirm, contentBase64, contentText, flag, newPath, remotePath, remotePaths } from './parameters.ts';
import type { Uploaded } from '../files/write/file-write.ts';
import { namingHolders } from './lock-holder.ts';
import { keyValueText } from './render/layout.ts';
import { asList, asPairs, batchResult, batchSchema, batchText } from './render/batch-result.ts';
import { isTransferred, transferred, transferredText } from './render/transfer-layout.ts';
import type { ShownSummary, ShownTransfer } from './render/transfer-layout.ts';
import { deleteItems } from '../files/change/delete.ts';
import { copyItems, moveItems } from '../files/change/move-copy.ts';
import { createFolder } from '../files/write/create-folder.ts';
import { uploadFile } from '../files/write/upload.ts';

const overwrite = flag('replace what is there');

const ifMatch = z.string().optional().describe('etag that was read');

// Clients need to know what is always there; the rest of an entry comes along all the same.
const changedSchema = z.object({ path: z.string() });
// What comes of a file, of a folder and of a transfer that goes on in the background.
const uploadedSchema = z.object({
  created: z.boolean().optional(),
  failures: z.number().optional(),
  transfer_id: z.string().optional(),
});

export const uploadFileTool = defineTool({
  name: 'upload_file',
  toolset: 'files',
  effect: 'write',
  title: 'Write a file',
  summary:
    'Create a file from text, base64 or a file on this computer. What is there is only replaced with overwrite or if_match.',
  remotely: {
    without: ['source_path'],
    summary: 'Create a file from text or base64. What is there is only replaced with overwrite or if_match.',
  },
  input: {
    remote_path: newPath('path, name included'),
    content: contentText('text, stored as UTF-8').optional(),
    content_base64: contentBase64('bytes').optional(),
    source_path: z.string().optional().describe('file or folder on this computer'),
    overwrite,
    if_match: ifMatch,
    modified: z.string().optional().describe('modification time, ISO 8601'),
  },
  output: uploadedSchema,
  text: (result: Stored) =>
    'created' in result ? `${done(result)}\n${keyValueText(result)}` : transferredText(result),
  run: async (input, { workspace, signal, report, changes }): Promise<Stored> => {
    const {
      remote_path: { path, inside },
      content,
      content_base64,
      source_path: source,
      overwrite: replace,
    } = input;
    const given = [content, content_base64, source].filter((value) => value !== undefined).length;
    if (given !== 1)
      throw new AppError(
        'invalid_input',
        `Pass one of content, content_base64 and, where it is a parameter, source_path, not ${given} of them`,
        {
          hint: 'For an empty file pass content as an empty string.',
        },
      );
    const options = {
      overwrite: replace,
      ifMatch: input.if_match,
      modified: input.modified === undefined ? undefined : parseDate(input.modified, Date.now()),
    };
    const call = { signal, report, changes };
    if (source !== undefined) {
      const { uploadLocal } = await import('../files/transfer/local-transfer.ts');
      const result = await uploadLocal(workspace, { ...options, path, localPath: source, inside }, call);
      return isTransferred(result) ? transferred(result) : result;
    }
    if (inside)
      throw new AppError('invalid_input', `The path of a file cannot end with "/", which means a folder`, {
        hint: `Add the name of the file to ${path}.`,
      });
    const bytes =
      content === undefined ? await fromBase64(content_base64 ?? '', signal) : Buffer.from(content, 'utf8');
    return uploadFile(workspace, { ...options, path, content: bytes }, call);
  },
});

type Stored = Uploaded | ShownSummary | ShownTransfer;

function done({ created, same }: Pick<Uploaded, 'created' | 'same'>): string {
  if (same) return 'Left as it is: the same file is there already';
  return created ? 'Created' : 'Replaced';
}

const PIECE_CHARS = 65_536;

async function fromBase64(text: string, signal: AbortSignal): Promise<Buffer> {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; at += PIECE_CHARS) {
    pieces.push(text.slice(at, at + PIECE_CHARS).replace(/\s+/g, ''));
    if (sliceIsOver()) await nextSlice(signal);
  }
  const compact = pieces.join('');
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(compact) || compact.replace(/=+$/, '').length % 4 === 1)
    throw new AppError('invalid_input', 'content_base64 is not base64', {
      hint: 'Pass text as content instead.',
    });
  return Buffer.from(compact, 'base64');
}

export const editFileTool = defineTool({
  name: 'edit_file',
  toolset: 'files',
  effect: 'write',
  title: 'Edit a text',
  summary: 'Replace parts of a text file. Each old_text must be there exactly once.',
  input: {
    file_path: remotePath('text file'),
    edits: z
      .array(
        z.strictObject({
          old_text: contentText(),
          new_text: contentText(),
          replace_all: z.boolean().optional(),
        }),
      )
      .min(1),
    dry_run: flag('only show the difference'),
    if_match: ifMatch,
  },
  run: async ({ file_path, edits, dry_run, if_match }, { workspace, signal, report, changes }) => {
    const { editFile } = await import('../files/write/edit.ts');
    return editFile(
      workspace,
      file_path,
      {
        edits: edits.map(({ old_text, new_text, replace_all = false }) => ({
          oldText: old_text,
          newText: new_text,
          replaceAll: replace_all,
        })),
        dryRun: dry_run,
        ifMatch: if_match,
      },
      { signal, report, changes },
    );
  },
});

export const createFolderTool = defineTool({
  name: 'create_folder',
  toolset: 'files',
  effect: 'write',
  title: 'Make a folder',
  summary:
    'Make a folder, with the folders above it where they are missing. An existing folder is left as it is.',
  input: { folder_path: remotePath('path of the new folder') },
  output: changedSchema.extend({ created: z.boolean() }),
  text: ({ path, created }) => (created ? `Created ${path}` : `${path} is there already`),
  run: async ({ folder_path }, { workspace, signal, changes }) =>
    createFolder(workspace, folder_path, { signal, changes }),
});

export const moveFileTool = defineTool({
  name: 'move_file',
  toolset: 'files',
  effect: 'destroy',
  title: 'Move or rename',
  summary: 'Move or rename to exactly the destination path. A list moves into the destination folder.',
  input: {
    source_path: remotePaths('file or folder'),
    destination_path: remotePath('new path, name included'),
    overwrite,
    confirm,
  },
  output: batchSchema,
  text: batchText('Moved'),
  run: async ({ source_path, destination_path, ...options }, { workspace, signal, changes }) =>
    batchResult(
      source_path,
      await namingHolders(
        workspace,
        await moveItems(workspace, asPairs(source_path, destination_path), options, { signal, changes }),
        signal,
      ),
    ),
});

export const copyFileTool = defineTool({
  name: 'copy_file',
  toolset: 'files',
  effect: 'write',
  title: 'Copy',
  summary: 'Copy on the server, like move_file.',
  input: {
    source_path: remotePaths('file or folder'),
    destination_path: remotePath('path of the copy'),
    overwrite,
    confirm,
  },
  output: batchSchema,
  text: batchText('Copied'),
  run: async ({ source_path, destination_path, ...options }, { workspace, signal, changes }) =>
    batchResult(
      source_path,
      await namingHolders(
        workspace,
        await copyItems(workspace, asPairs(source_path, destination_path), options, { signal, changes }),
        signal,
      ),
    ),
});

export const deleteFileTool = defineTool({
  name: 'delete_file',
  toolset: 'files',
  effect: 'destroy',
  title: 'Delete',
  summary:
    'Delete files or folders into the trash. A folder with contents is first answered with a plan and a token.',
  input: { file_path: remotePaths('file or folder'), confirm },
  output: batchSchema,
  text: batchText('Deleted'),
  run: async ({ file_path, confirm: token }, { workspace, signal, changes }) =>
    batchResult(
      file_path,
      await namingHolders(
        workspace,
        await deleteItems(workspace, asList(file_path), token, { signal, changes }),
        signal,
      ),
    ),
});
