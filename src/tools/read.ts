import * as z from 'zod';
import { defineTool } from './define.ts';
import { integer, limited, readPath } from './parameters.ts';
import { readBytes } from '../files/read/bytes.ts';

export const readFileTool = defineTool({
  name: 'read_file',
  toolset: 'files',
  effect: 'read',
  title: 'Read a file',
  summary:
    'Read a file: text by lines, PDF, Office, e-book, web page, mail or archive as Markdown, a picture as an image. Reads inside archives with archive.zip!/inner/path.',
  input: {
    file_path: readPath('path of the file'),
    offset: integer(
      'first line, page, slide or row, from 1, negative counts from the end',
      -1e9,
      1e9,
    ).default(1),
    at: z.string().optional().describe('text or time to start at: 2026-03-14 02:'),
    limit: limited('how many of them', 1, 100_000).optional(),
    sheet: z.string().optional().describe('sheet of a spreadsheet'),
    as: z.enum(['auto', 'text', 'image']).default('auto'),
  },
  run: async ({ file_path, ...options }, { workspace, signal, report }) => {
    // What reads documents and pictures is loaded with the first file that is read, not at the start.
    const { readFile } = await import('../files/read/read-file.ts');
    return readFile(workspace, file_path, options, { signal, report });
  },
});

export const readFileBytesTool = defineTool({
  name: 'read_file_bytes',
  toolset: 'files',
  effect: 'read',
  title: 'Read raw bytes',
  summary:
    'Read bytes of any file as base64. Use read_file for text, download_file to store a file on this computer.',
  remotely: { summary: 'Read bytes of any file as base64. Use read_file for text.' },
  input: {
    file_path: readPath('path of the file'),
    offset: integer('first byte, from 0', 0, 2 ** 50).default(0),
    length: limited('bytes', 1, 524_288).default(65_536),
  },
  run: async ({ file_path, offset, length }, { workspace, signal }) => {
    const { content_base64, ...facts } = await readBytes(
      workspace,
      file_path,
      { offset, length },
      { signal },
    );
    const next = facts.offset + facts.length;
    return {
      header: JSON.stringify(facts),
      body: content_base64,
      notes: facts.complete ? [] : [`There is more: go on with offset=${next}.`],
    };
  },
});
