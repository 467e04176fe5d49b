import * as change from './change.ts';
import * as labels from './labels.ts';
import * as look from './look.ts';
import * as read from './read.ts';
import * as sharing from './sharing.ts';
import * as transfer from './transfer.ts';
import * as trash from './trash.ts';
import { undoTool } from './undo.ts';
import * as versions from './versions.ts';
import { withoutLocal } from './define.ts';
import type { Tool } from './define.ts';
import { toolsets } from './toolsets.ts';

/** Every tool, in the order in which it is shown. Whatever lists tools derives from it. */
export const catalogue = [
  look.testConnectionTool,
  look.listFilesTool,
  look.getFileInfoTool,
  read.readFileTool,
  read.readFileBytesTool,
  look.searchFilesTool,
  look.searchFileContentsTool,
  change.uploadFileTool,
  change.editFileTool,
  change.createFolderTool,
  change.moveFileTool,
  change.copyFileTool,
  change.deleteFileTool,
  undoTool,
  transfer.downloadFileTool,
  transfer.transferStatusTool,
  trash.listTrashTool,
  trash.restoreFromTrashTool,
  versions.listVersionsTool,
  versions.readVersionTool,
  versions.restoreVersionTool,
  labels.listTagsTool,
  labels.setTagsTool,
  labels.setFavoriteTool,
  labels.listCommentsTool,
  labels.addCommentTool,
  sharing.getDownloadLinkTool,
  sharing.listSharesTool,
  sharing.createShareTool,
  sharing.updateShareTool,
  sharing.deleteShareTool,
] as const satisfies readonly Tool[];

export type ToolName = (typeof catalogue)[number]['name'];

export interface Surface {
  readonly toolsets: readonly string[];
  readonly readOnly: boolean;
  /** The process runs on the person's own computer. */
  readonly local: boolean;
}

/** The tools on offer. What is not allowed is not listed, rather than refused when called. */
export function select({ toolsets: wanted, readOnly, local }: Surface): Tool[] {
  const tools: readonly Tool[] = catalogue;
  return tools
    .filter(({ toolset }) => wanted.includes('all') || wanted.includes(toolset))
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
    .map(({ name }): string => name)
    .filter((name) => surface.toolsets.includes('all') || surface.toolsets.includes(name));
  return {
    toolsets: asked && !asked.includes('all') ? offered.filter((name) => asked.includes(name)) : offered,
    readOnly: surface.readOnly || readOnly,
    local: surface.local,
  };
}
