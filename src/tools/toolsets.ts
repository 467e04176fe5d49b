import * as change from './change.ts';
import { withoutLocal } from './define.ts';
import type { ServerFeature } from '../files/context/features.ts';
import type { Tool } from './define.ts';
import * as labels from './labels.ts';
import * as look from './look.ts';
import * as read from './read.ts';
import * as sharing from './sharing.ts';
import * as trash from './trash.ts';
import * as versions from './versions.ts';
import * as transfer from './transfer.ts';

export interface Toolset {
  readonly name: string;
  readonly summary: string;
  readonly tools: readonly Tool[];
  /** What the server must have for it; the tools are not listed where it does not. */
  readonly needs?: ServerFeature;
}

/** Every tool stands in exactly one toolset, in the order in which it is shown. */
export const toolsets: readonly Toolset[] = [
  {
    name: 'files',
    summary: 'Files and folders',
    tools: [
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
      transfer.downloadFileTool,
      transfer.transferStatusTool,
    ],
  },
  {
    name: 'trash',
    summary: 'What was deleted',
    needs: 'trash',
    tools: [trash.listTrashTool, trash.restoreFromTrashTool],
  },
  {
    name: 'versions',
    summary: 'Older contents of files',
    needs: 'versions',
    tools: [versions.listVersionsTool, versions.readVersionTool, versions.restoreVersionTool],
  },
  {
    name: 'tags',
    summary: 'Tags and favorites',
    needs: 'tags',
    tools: [labels.listTagsTool, labels.setTagsTool, labels.setFavoriteTool],
  },
  {
    name: 'comments',
    summary: 'Comments',
    needs: 'comments',
    tools: [labels.listCommentsTool, labels.addCommentTool],
  },
  { name: 'links', summary: 'Download links', tools: [sharing.getDownloadLinkTool] },
  {
    name: 'sharing',
    summary: 'Sharing',
    needs: 'sharing',
    tools: [
      sharing.listSharesTool,
      sharing.createShareTool,
      sharing.updateShareTool,
      sharing.deleteShareTool,
    ],
  },
];

/** Tools that only some servers have, and what those need. */
export function needsOf(tool: Tool): ServerFeature | undefined {
  return toolsets.find(({ tools }) => tools.includes(tool))?.needs;
}

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
