import { defineTool, remotePath, whole } from './define.ts';

export const readFile = defineTool({
  name: 'read_file',
  effect: 'read',
  title: 'Read a file',
  summary:
    'Read a text file by lines. Says where it stands and how to go on. A negative offset reads from the end. Use read_file_bytes for raw bytes.',
  input: {
    file_path: remotePath('path of the file'),
    offset: whole('first line, from 1, negative counts from the end', -1e9, 1e9).default(1),
    limit: whole('lines', 1, 100_000).default(2000),
  },
  run: async ({ file_path, offset, limit }, { files, signal }) =>
    files.read(file_path, { offset, limit }, { signal }),
});

export const readFileBytes = defineTool({
  name: 'read_file_bytes',
  effect: 'read',
  title: 'Read raw bytes',
  summary:
    'Read a range of bytes of any file as base64. Use read_file for text, download_file to store a file on this computer.',
  input: {
    file_path: remotePath('path of the file'),
    offset: whole('first byte, from 0', 0, 2 ** 50).default(0),
    length: whole('bytes', 1, 524_288).default(65_536),
  },
  run: async ({ file_path, offset, length }, { files, signal }) => {
    const { content_base64, ...facts } = await files.readBytes(file_path, { offset, length }, { signal });
    const next = facts.offset + facts.length;
    return {
      header: JSON.stringify(facts),
      body: content_base64,
      notes: facts.complete ? [] : [`There is more: go on with offset=${next}.`],
    };
  },
});
