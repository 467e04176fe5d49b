import * as change from './change.ts';
import type { Tool } from './define.ts';
import * as look from './look.ts';
import * as read from './read.ts';

export interface Toolset {
  readonly name: string;
  readonly summary: string;
  readonly tools: readonly Tool[];
}

/** Every tool stands in exactly one toolset, in the order in which it is shown. */
export const toolsets: readonly Toolset[] = [
  {
    name: 'files',
    summary: 'Files and folders',
    tools: [
      look.testConnection,
      look.listFiles,
      look.getFileInfo,
      read.readFile,
      read.readFileBytes,
      look.searchFiles,
      look.searchFileContents,
      change.uploadFile,
      change.editFile,
      change.createFolder,
      change.moveFile,
      change.copyFile,
      change.deleteFile,
      change.downloadFile,
    ],
  },
];

export interface Surface {
  readonly toolsets: readonly string[];
  readonly readOnly: boolean;
  /** The process runs on the person's own computer. */
  readonly local: boolean;
}

/** The tools on offer. What is not allowed is not listed, rather than refused when called. */
export function select({ toolsets: wanted, readOnly, local }: Surface): Tool[] {
  return toolsets
    .filter((toolset) => wanted.includes('all') || wanted.includes(toolset.name))
    .flatMap((toolset) => toolset.tools)
    .filter(
      (tool) =>
        (!readOnly || tool.effect === 'read' || tool.name === 'download_file') && (local || !tool.local),
    );
}
