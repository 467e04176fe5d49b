import * as change from './change.ts';
import { withoutLocal } from './define.ts';
import type { Tool } from './define.ts';
import * as look from './look.ts';
import * as read from './read.ts';
import * as transfer from './transfer.ts';

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
      change.createFolder,
      change.moveFile,
      change.copyFile,
      change.deleteFile,
      transfer.downloadFile,
      transfer.transferStatus,
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
    )
    .map((tool) => (local ? tool : withoutLocal(tool)));
}

/** What one caller asks for: never more than the process was started with. */
export interface Narrowing {
  readonly toolsets?: readonly string[] | undefined;
  readonly readOnly?: boolean | undefined;
}

/** The surface within both; toolsets that are not on offer are left out. */
export function narrow(surface: Surface, { toolsets: asked, readOnly = false }: Narrowing): Surface {
  const offered = toolsets
    .map(({ name }) => name)
    .filter((name) => surface.toolsets.includes('all') || surface.toolsets.includes(name));
  return {
    toolsets: asked && !asked.includes('all') ? offered.filter((name) => asked.includes(name)) : offered,
    readOnly: surface.readOnly || readOnly,
    local: surface.local,
  };
}
